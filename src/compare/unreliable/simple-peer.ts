import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { Participant } from '../../lab-kit/compare/define.ts';
import { carry } from '../_shared/simple-signals.ts';

export async function alice(me: Participant): Promise<void> {
  const [bob] = await carry(me, () => {
    const channelConfig = { ordered: false, maxRetransmits: 0 }; // [1]
    return new SimplePeer({ initiator: true, config: me.configuration, channelConfig });
  });
  await new Promise<void>((resolve) => bob.on('connect', resolve));

  const send = (first: number) => {
    for (let number = first; number < first + 5; number++) bob.send(String(number));
  };
  send(1);
  await me.moment('cut');
  send(6);
  await me.moment('heal');
  send(11);
}

export async function bob(me: Participant): Promise<void> {
  const [alice] = await carry(me, () => new SimplePeer({ config: me.configuration }));
  alice.on('data', (data) => me.tell(`${String(data)} is here.`)); // [2]
}
/*
[1] Handed to createDataChannel() as it is: whatever the browser can be asked for.
[2] A stream with holes. Each message comes as one chunk, but no stream promises that, and its other methods count on
    every byte.
*/
