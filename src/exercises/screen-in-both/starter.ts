import type { MediaConnection, Peer } from 'peerjs';

/** alice shares her screen in a call of the raw API. */
export async function shareRaw(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  pc.addTrack(screen, new MediaStream([screen]));
}

/** carol shares hers in a call of PeerJS. */
export async function sharePeerJs(
  call: MediaConnection,
  screen: MediaStreamTrack,
  peer: Peer,
): Promise<void> {
  call.close();
  peer.call(call.peer, new MediaStream([screen]));
}
