import type { Participant } from '../../lab-kit/compare/define.ts';
import { meet, type PeerHandlers } from '../_shared/peer.ts';

export async function alice(me: Participant): Promise<void> {
  const bob = await open(me, {});

  const send = (first: number) => {
    for (let number = first; number < first + 5; number++) void bob.send(String(number));
  };
  send(1);
  await me.moment('cut');
  send(6);
  await me.moment('heal');
  send(11);
}

export async function bob(me: Participant): Promise<void> {
  const { channel } = await open(me, { ontext: (text) => me.tell(`${text} is here.`) });
  me.tell(`ordered: ${channel.ordered}, maxRetransmits: ${channel.maxRetransmits}`);
}

async function open(me: Participant, handlers: PeerHandlers) {
  const [peer] = await meet(me, () => handlers, { ordered: false, maxRetransmits: 0 }); // [1]
  return peer;
}
/*
[1] Both ends say it, since both open the channel: a negotiated one announces nothing, neither its number nor this.
*/
