import type { Instance } from 'simple-peer';
import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peer = await call(me, stream);

  await me.moment('screen');
  const [camera] = stream.getVideoTracks();
  const [screen] = (await me.openScreen()).getVideoTracks();
  peer.replaceTrack(camera!, screen!, stream); // [1]
  me.tell('bob gets my screen. No offer was needed.');
}

export async function bob(me: Participant): Promise<void> {
  await call(me, await me.openMedia());
}

async function call(me: Participant, stream: MediaStream): Promise<Instance> {
  const { configuration: config } = me;
  const [peer] = await carry(me, (other) => {
    return new SimplePeer({ initiator: me.name < other, config, streams: [stream] });
  });
  peer.on('stream', (remote) => me.show(remote, me.others[0]!));
  return peer;
}
/*
[1] The old track, the new one, and the stream with which the old one was added: it is how the sender is found. What the
    browser's replaceTrack() promises is not handed on.
*/
