import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function alice(me: Participant): Promise<void> {
  const [bob] = await carry(me, () => new SimplePeer({ initiator: true, config: me.configuration })); // [1]
  bob.on('connect', () => bob.send('Hello, bob!')); // [2]
  bob.on('data', (data) => me.tell(`bob says: ${String(data)}`)); // [3]
}

export async function bob(me: Participant): Promise<void> {
  const [alice] = await carry(me, () => new SimplePeer({ config: me.configuration }));
  alice.on('data', (data) => {
    me.tell(`alice says: ${String(data)}`);
    alice.send('Hello, alice!');
  });
}
/*
[1] Left out, `config` names STUN servers of Google and Twilio.
[2] Not before its channel is open and it has read in the statistics which pair of candidates won.
[3] A Buffer, whatever was sent: a peer is a stream of Node, and a stream carries bytes.
*/
