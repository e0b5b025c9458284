import { Peer, type MediaConnection } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  await new Promise((resolve) => peer.on('open', resolve));
  const call = peer.call(me.idOf('bob'), stream);
  show(me, 'bob', call);

  await me.moment('screen');
  const [screen] = (await me.openScreen()).getVideoTracks();
  const sender = call.peerConnection.getSenders().find(({ track }) => track?.kind === 'video'); // [1]
  await sender!.replaceTrack(screen!);
  me.tell(
    `bob gets my screen. localStream still holds ${call.localStream === stream ? 'the camera' : 'it'}.`,
  );
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  peer.on('call', (call) => {
    show(me, 'alice', call);
    call.answer(stream);
  });
}

function show(me: Participant, other: string, call: MediaConnection): void {
  call.on('stream', (remote) => me.show(remote, other));
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] PeerJS has no word for it. peerConnection is the browser's own connection, and from here on this is the raw API:
    PeerJS does not know that the track is another one.
*/
