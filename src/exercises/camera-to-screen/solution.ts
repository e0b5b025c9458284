/** Called when alice starts to share her screen. */
export async function share(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  await videoSender(pc)?.replaceTrack(screen);
}

/** Called when she ends it. */
export async function unshare(pc: RTCPeerConnection, camera: MediaStreamTrack): Promise<void> {
  await videoSender(pc)?.replaceTrack(camera);
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
