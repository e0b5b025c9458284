// playing: `paused` is `true`
export function show(pc: RTCPeerConnection, box: HTMLElement): void {
  box.innerHTML = '<p></p><video controls muted playsinline></video>';
  pc.addEventListener('connectionstatechange', () => {
    box.querySelector('p')!.textContent = pc.connectionState;
  });
  pc.addEventListener('track', ({ streams: [stream] }) => {
    if (stream) box.querySelector('video')!.srcObject = stream;
  });
}
