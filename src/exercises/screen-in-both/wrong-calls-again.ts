// connections: 2 connections were opened
import type { MediaConnection, Peer } from 'peerjs';

export async function shareRaw(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  await videoSender(pc)?.replaceTrack(screen);
}

export async function sharePeerJs(
  call: MediaConnection,
  screen: MediaStreamTrack,
  peer: Peer,
): Promise<void> {
  peer.call(call.peer, new MediaStream([screen]));
}

function videoSender(pc: RTCPeerConnection): RTCRtpSender | undefined {
  return pc.getSenders().find(({ track }) => track?.kind === 'video');
}
