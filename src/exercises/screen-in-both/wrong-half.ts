// offers: has fired 1 times
import type { MediaConnection } from 'peerjs';

export async function shareRaw(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  const sender = videoSender(pc);
  if (sender) pc.removeTrack(sender);
  pc.addTrack(screen, new MediaStream([screen]));
}

export async function sharePeerJs(call: MediaConnection, screen: MediaStreamTrack): Promise<void> {
  await videoSender(call.peerConnection)?.replaceTrack(screen);
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
