/** Called when alice starts to share her screen. `stream` holds her sound and her camera. */
export async function share(
  pc: RTCPeerConnection,
  screen: MediaStreamTrack,
  stream: MediaStream,
): Promise<void> {
  const sender = videoSender(pc);
  if (sender) pc.removeTrack(sender);
  pc.addTrack(screen, stream);
}

/** Called when she ends it. */
export async function unshare(
  pc: RTCPeerConnection,
  camera: MediaStreamTrack,
  stream: MediaStream,
): Promise<void> {
  const sender = videoSender(pc);
  if (sender) pc.removeTrack(sender);
  pc.addTrack(camera, stream);
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
