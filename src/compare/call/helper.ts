import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';

export async function everybody(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const [peer] = await meet(me, (other) => ({ onstream: (remote) => me.show(remote, other) })); // [1]
  peer.addStream(stream); // [2]
}
/*
[1] The same code for both. Who begins, the helper knows from the names.
[2] Both add, and only one offers: the other's tracks go into the answer. onstream comes once for each track.
*/
