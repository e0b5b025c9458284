import { Peer } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  peer.on('connection', (viewer) => peer.call(viewer.peer, stream)); // [1]
}

export function bob(me: Participant): void {
  const peer = register(me);
  peer.on('call', (call) => {
    call.on('stream', (remote) => me.show(remote, 'alice'));
    call.answer(); // [2]
  });
  peer.on('open', () => peer.connect(me.idOf('alice'))); // [3]
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] The other way round: whoever has the picture has to call. That bob is there she learns from a connection for data,
    which carries nothing.
[2] Without a stream: bob's answer says recvonly.
[3] bob cannot call. call() without a stream makes nothing at all. With new MediaStream() it makes an offer that has no
    m-section for sound or picture: alice answers with hers, the connection stands, and no stream ever comes.
*/
