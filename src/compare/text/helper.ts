import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';

export async function alice(me: Participant): Promise<void> {
  const [bob] = await meet(me, () => ({ ontext: (text) => me.tell(`bob says: ${text}`) }));
  await bob.send('Hello, bob!'); // [1]
}

export async function bob(me: Participant): Promise<void> {
  const [alice] = await meet(me, () => ({
    ontext: (text) => {
      me.tell(`alice says: ${text}`);
      void alice.send('Hello, alice!');
    },
  }));
}
/*
[1] Waits until the channel is open. It is there from the beginning, in every peer.
*/
