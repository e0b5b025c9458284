import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  await carry(me, () => new SimplePeer({ config: me.configuration, streams: [stream] }));
}

export async function bob(me: Participant): Promise<void> {
  const [alice] = await carry(me, () => {
    const peer = new SimplePeer({ initiator: true, config: me.configuration });
    peer.addTransceiver('audio', { direction: 'recvonly' }); // [1]
    peer.addTransceiver('video', { direction: 'recvonly' });
    return peer;
  });
  alice.on('stream', (remote) => me.show(remote, 'alice'));
}
/*
[1] Hands on what the browser has. Without it alice, who is not the initiator, would have to ask bob for m-sections, with
    a message of simple-peer's own, and he would offer a second time.
*/
