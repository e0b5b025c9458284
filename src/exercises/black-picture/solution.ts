/** Shows in `box` the state of bob's connection and, below it, what it receives. */
export function show(pc: RTCPeerConnection, box: HTMLElement): void {
  box.innerHTML = '<p></p><video autoplay muted playsinline></video>';
  render(pc, box);
  pc.addEventListener('connectionstatechange', () => render(pc, box));

  pc.addEventListener('track', ({ streams: [stream] }) => {
    const video = box.querySelector('video');
    if (video && stream) video.srcObject = stream;
  });
}

function render(pc: RTCPeerConnection, box: HTMLElement): void {
  const state = box.querySelector('p');
  if (state) state.textContent = pc.connectionState;
}
