import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';

export async function everybody(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const [peer] = await meet(me, (other) => ({
    onstream: (remote) => me.show(remote, other),
    onstate: (state) => me.tell(`connectionState: ${state}`), // [1]
  }));
  peer.addStream(stream);
}
/*
[1] Only told. The restart of ICE is in the helper: on disconnected, and again whenever that has failed.
*/
