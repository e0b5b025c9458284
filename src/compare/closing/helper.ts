import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet } from '../_shared/peer.ts';

export async function alice(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const [peer] = await meet(me, (other) => ({ onstream: (remote) => me.show(remote, other) }));
  peer.addStream(stream);

  await me.moment('hang-up');
  await peer.close(); // [1]
}

export async function bob(me: Participant): Promise<void> {
  const stream = await me.openMedia();
  const [peer] = await meet(me, (other) => ({
    onstream: (remote) => me.show(remote, other),
    onstate: (state) => me.tell(state === 'gone' ? 'alice has hung up.' : `connectionState: ${state}`), // [2]
  }));
  peer.addStream(stream);
}
/*
[1] Closes the channel, waits until bob has heard it, and only then the connection.
[2] `gone` is not a word of the standard: it is how the helper tells a goodbye from a network that is down.
*/
