import { Peer } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  await new Promise((resolve) => peer.on('open', resolve));
  const connection = peer.connect(me.idOf('bob'));
  const call = peer.call(me.idOf('bob'), stream);
  call.on('stream', (remote) => me.show(remote, 'bob'));

  await me.moment('hang-up');
  call.close();
  connection.close(); // [1]
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = register(me);
  peer.on('connection', (connection) => {
    connection.on('close', () => me.tell('The data connection says close.')); // [2]
  });
  peer.on('call', (call) => {
    call.on('stream', (remote) => me.show(remote, 'alice'));
    call.on('close', () => me.tell('The call says close.')); // [3]
    call.answer(stream);
  });
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] Two connections, so two to close. peer.destroy() closes all there are, and the line to PeerServer.
[2] From the data channel that each of them has, also a call. No message of PeerServer tells it.
[3] No reason comes with it: it is the same when alice hangs up and when the connection fails.
*/
