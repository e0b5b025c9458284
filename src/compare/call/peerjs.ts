import { Peer, type MediaConnection } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  peer.on('open', () => show(me, 'bob', peer.call(me.idOf('bob'), stream)));
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  peer.on('call', (call) => {
    show(me, 'alice', call);
    call.answer(stream); // [1]
  });
}

function show(me: Participant, other: string, call: MediaConnection): void {
  call.on('stream', (remote) => me.show(remote, other)); // [2]
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] Only now does bob's side open a peer connection; what came from alice meanwhile has waited inside PeerJS.
[2] Once for each track, with the same stream both times: whoever adds a <video> here has two of them.
*/
