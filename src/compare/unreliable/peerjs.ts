import { Peer } from 'peerjs';
import type { Participant } from '../../lab-kit/compare/define.ts';

export async function alice(me: Participant): Promise<void> {
  const peer = register(me);
  await new Promise((resolve) => peer.on('open', resolve));
  const connection = peer.connect(me.idOf('bob'), { reliable: false }); // [1]
  await new Promise<void>((resolve) => connection.on('open', resolve));

  const send = (first: number) => {
    for (let number = first; number < first + 5; number++) void connection.send(number);
  };
  send(1);
  await me.moment('cut');
  send(6); // [2]
  await me.moment('heal');
  send(11);
}

export function bob(me: Participant): void {
  const peer = register(me);
  peer.on('connection', (connection) => {
    connection.on('open', () => {
      const { ordered, maxRetransmits } = connection.dataChannel;
      me.tell(`ordered: ${ordered}, maxRetransmits: ${maxRetransmits}`); // [3]
    });
    connection.on('data', (data) => me.tell(`${String(data)} is here.`));
  });
}

function register(me: Participant): Peer {
  const peer = new Peer(me.idOf(me.name), { ...me.peerServer, config: me.configuration });
  peer.on('error', ({ type, message }) => me.tell(`${type}: ${message}`));
  me.signal.addEventListener('abort', () => peer.destroy());
  return peer;
}
/*
[1] The default, too. All that PeerJS makes of it is { ordered: false }.
[2] Into a wire that loses everything. They are kept, and sent again and again until bob has them.
[3] maxRetransmits null and maxPacketLifeTime null: as reliable as any other channel. Only the order is given up.
*/
