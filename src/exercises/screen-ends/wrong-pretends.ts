// screen: 0 frames of the screen
export async function share(
  pc: RTCPeerConnection,
  camera: MediaStreamTrack,
  screen: MediaStreamTrack,
): Promise<void> {
  const sender = pc.getSenders().find(({ track }) => track === camera);
  if (sender) Object.defineProperty(sender, 'track', { value: screen });
  screen.dispatchEvent(new Event('ended'));
  pc.dispatchEvent(new Event('connectionstatechange'));
}
