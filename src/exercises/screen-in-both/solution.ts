import type { MediaConnection } from 'peerjs';

/** alice shares her screen in a call of the raw API. */
export async function shareRaw(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  await videoSender(pc)?.replaceTrack(screen);
}

/** carol shares hers in a call of PeerJS. */
export async function sharePeerJs(call: MediaConnection, screen: MediaStreamTrack): Promise<void> {
  await videoSender(call.peerConnection)?.replaceTrack(screen);
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
