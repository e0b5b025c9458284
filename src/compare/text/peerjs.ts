import { Peer } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export function alice(me: Participant): void {
  const peer = register(me);
  peer.on('open', () => {
    const connection = peer.connect(me.idOf('bob')); // [1]
    connection.on('open', () => void connection.send('Hello, bob!'));
    connection.on('data', (data) => me.tell(`bob says: ${String(data)}`)); // [2]
  });
}

export function bob(me: Participant): void {
  const peer = register(me);
  peer.on('connection', (connection) => {
    connection.on('data', (data) => {
      me.tell(`alice says: ${String(data)}`);
      void connection.send('Hello, alice!');
    });
  });
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration }); // [3]
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`)); // [4]
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] Whoever knows bob's id can reach him. The offer waits at PeerServer for 5 s if he is not there yet.
[2] Any value that BinaryPack knows: what was sent as a string arrives as one.
[3] Left out, both would be somebody else's: the server 0.peerjs.com, and the STUN and TURN servers of Google and peerjs.com.
[4] Also where bob is not there: peer-unavailable.
*/
