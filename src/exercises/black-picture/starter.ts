/** Shows in `box` the state of bob's connection and, below it, what it receives. */
export function show(pc: RTCPeerConnection, box: HTMLElement): void {
  render(pc, box);
  pc.addEventListener('connectionstatechange', () => render(pc, box));

  pc.addEventListener('track', ({ track, streams: [stream] }) => {
    track.enabled = !track.muted;
    const video = box.querySelector('video');
    if (video && stream) video.srcObject = stream;
  });
}

function render(pc: RTCPeerConnection, box: HTMLElement): void {
  box.innerHTML = `<p>${pc.connectionState}</p><video playsinline></video>`;
}
