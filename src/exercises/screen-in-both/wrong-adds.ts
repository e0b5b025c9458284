// peerjs: dave has seen 0 frames of the screen
import type { MediaConnection } from 'peerjs';

export async function shareRaw(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  await videoSender(pc)?.replaceTrack(screen);
}

export async function sharePeerJs(call: MediaConnection, screen: MediaStreamTrack): Promise<void> {
  const pc = call.peerConnection;
  const sender = videoSender(pc);
  if (sender) pc.removeTrack(sender);
  pc.addTrack(screen, call.localStream);
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
