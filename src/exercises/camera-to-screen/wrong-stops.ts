// back: 0 frames
/** Called when alice starts to share her screen. `stream` holds her sound and her camera. */
export async function share(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  const sender = videoSender(pc);
  const camera = sender?.track;
  await sender?.replaceTrack(screen);
  camera?.stop();
}

/** Called when she ends it. */
export async function unshare(pc: RTCPeerConnection, camera: MediaStreamTrack): Promise<void> {
  await videoSender(pc)?.replaceTrack(camera);
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
