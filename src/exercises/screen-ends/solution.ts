/** Sends the screen in place of the camera, until the user ends the sharing. */
export async function share(
  pc: RTCPeerConnection,
  camera: MediaStreamTrack,
  screen: MediaStreamTrack,
): Promise<void> {
  const sender = pc.getSenders().find(({ track }) => track === camera);
  screen.addEventListener('ended', () => void sender?.replaceTrack(camera));
  await sender?.replaceTrack(screen);
}
