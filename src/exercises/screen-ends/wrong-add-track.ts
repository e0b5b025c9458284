// offers: `negotiationneeded` fired 1 time since
export async function share(
  pc: RTCPeerConnection,
  camera: MediaStreamTrack,
  screen: MediaStreamTrack,
): Promise<void> {
  const sender = pc.addTrack(screen, new MediaStream([camera]));
  screen.addEventListener('ended', () => pc.removeTrack(sender));
}
