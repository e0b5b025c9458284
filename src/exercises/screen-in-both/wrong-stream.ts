// peerjs: dave has seen 0 frames of the screen
import type { MediaConnection } from 'peerjs';

export async function shareRaw(pc: RTCPeerConnection, screen: MediaStreamTrack): Promise<void> {
  await pc
    .getSenders()
    .find(({ track }) => track?.kind === 'video')
    ?.replaceTrack(screen);
}

export async function sharePeerJs(call: MediaConnection, screen: MediaStreamTrack): Promise<void> {
  for (const track of call.localStream.getVideoTracks()) call.localStream.removeTrack(track);
  call.localStream.addTrack(screen);
}
