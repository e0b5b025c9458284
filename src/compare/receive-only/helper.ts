import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const [bob] = await meet(me, () => ({}));
  bob.addStream(stream);
}

export async function bob(me: Participant): Promise<void> {
  await meet(me, () => ({ onstream: (remote) => me.show(remote, 'alice') })); // [1]
}
/*
[1] There is nothing to do for it. Whoever has tracks offers them, at first or later, and bob’s answer says recvonly by
    itself. To ask for a picture that nobody has offered, there is peer.pc.addTransceiver().
*/
