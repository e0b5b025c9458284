import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet, type Peer } from '../_shared/peer.ts';

export async function alice(me: Participant): Promise<void> {
  const peer = await call(me);

  await me.moment('screen');
  const [screen] = (await me.openScreen()).getVideoTracks();
  await peer.replaceTrack(screen!); // [1]
  me.tell(`bob gets my screen. signalingState is ${peer.pc.signalingState}: no offer was needed.`);
}

export async function bob(me: Participant): Promise<void> {
  await call(me);
}

async function call(me: Participant): Promise<Peer> {
  const stream = await me.openMedia();
  const [peer] = await meet(me, (other) => ({ onstream: (remote) => me.show(remote, other) }));
  peer.addStream(stream);
  return peer;
}
/*
[1] Finds the sender of the same kind, and replaces its track.
*/
