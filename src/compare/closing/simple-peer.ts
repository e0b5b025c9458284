import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const { configuration: config } = me;
  const [peer] = await carry(me, () => new SimplePeer({ initiator: true, config, streams: [stream] }));
  peer.on('stream', (remote) => me.show(remote, 'bob'));

  await me.moment('hang-up');
  peer.destroy(); // [1]
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const [peer] = await carry(me, () => new SimplePeer({ config: me.configuration, streams: [stream] }));
  peer.on('stream', (remote) => me.show(remote, 'alice'));
  peer.on('close', () => me.tell('simple-peer says close.')); // [2]
}
/*
[1] Closes the channel and, in the same breath, the connection.
[2] bob's channel closes, and so his peer destroys itself. The same event comes after a failure; only `error`, which comes
    before it then, tells one from the other.
*/
