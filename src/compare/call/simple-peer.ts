import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function everybody(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const { configuration: config } = me;
  const [peer] = await carry(me, (other) => {
    return new SimplePeer({ initiator: me.name < other, config, streams: [stream] }); // [1]
  });
  peer.on('stream', (remote) => me.show(remote, me.others[0]!)); // [2]
}
/*
[1] Exactly one of the two has to be the initiator. Which one is for you to decide: here, by name.
[2] Once for the whole stream, and not for each track.
*/
