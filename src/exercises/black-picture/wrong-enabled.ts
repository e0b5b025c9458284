// pixels: 0 different frames
export function show(pc: RTCPeerConnection, box: HTMLElement): void {
  box.innerHTML = '<p></p><video autoplay muted playsinline></video>';
  pc.addEventListener('connectionstatechange', () => {
    box.querySelector('p')!.textContent = pc.connectionState;
  });
  pc.addEventListener('track', ({ track, streams: [stream] }) => {
    track.enabled = !track.muted;
    if (stream) box.querySelector('video')!.srcObject = stream;
  });
}
