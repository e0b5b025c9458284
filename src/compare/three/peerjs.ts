import { Peer, type MediaConnection } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function everybody(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());

  peer.on('call', (call) => {
    show(call);
    call.answer(stream);
  });
  peer.on('open', () => {
    for (const other of me.others) if (me.name < other) show(peer.call(me.idOf(other), stream)); // [1]
  });

  function show(call: MediaConnection): void {
    const other = me.others.find((name) => me.idOf(name) === call.peer); // [2]
    call.on('stream', (remote) => me.show(remote, other!));
  }
}
/*
[1] PeerJS has no rooms. Who else takes part, and who calls whom, is something all of them have to know already.
[2] call.peer is the id of the other one: it is the same for a call that is made and for one that comes.
*/
