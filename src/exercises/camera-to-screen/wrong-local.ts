// screen: frames of the screen
/** Called when alice starts to share her screen. `stream` holds her sound and her camera. */
export async function share(
  _pc: RTCPeerConnection,
  screen: MediaStreamTrack,
  stream: MediaStream,
): Promise<void> {
  for (const track of stream.getVideoTracks()) stream.removeTrack(track);
  stream.addTrack(screen);
}

/** Called when she ends it. */
export async function unshare(
  _pc: RTCPeerConnection,
  camera: MediaStreamTrack,
  stream: MediaStream,
): Promise<void> {
  for (const track of stream.getVideoTracks()) stream.removeTrack(track);
  stream.addTrack(camera);
}
