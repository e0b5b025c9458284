import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';

export async function everybody(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const peers = await meet(me, (other) => ({ onstream: (remote) => me.show(remote, other) })); // [1]
  for (const peer of peers) peer.addStream(stream);
}
/*
[1] One for each of the others. Who begins is settled for each pair by itself.
*/
