// camera: 0 frames of alice’s camera
export async function share(
  pc: RTCPeerConnection,
  camera: MediaStreamTrack,
  screen: MediaStreamTrack,
): Promise<void> {
  const sender = pc.getSenders().find(({ track }) => track === camera);
  screen.addEventListener('mute', () => void sender?.replaceTrack(camera));
  await sender?.replaceTrack(screen);
}
