import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function everybody(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const { configuration: config } = me;
  await carry(me, (other) => {
    const peer = new SimplePeer({ initiator: me.name < other, config, streams: [stream] }); // [1]
    return peer.on('stream', (remote) => me.show(remote, other));
  });
}
/*
[1] simple-peer knows two people. The mesh is a peer for each pair, and each pair needs its initiator.
*/
