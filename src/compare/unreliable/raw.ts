import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function alice(me: Participant): Promise<void> {
  const pc = await meet(me, 'bob');
  const channel = pc.createDataChannel('numbers', { ordered: false, maxRetransmits: 0 }); // [1]
  await new Promise((resolve) => channel.addEventListener('open', resolve));

  const send = (first: number) => {
    for (let number = first; number < first + 5; number++) channel.send(String(number));
  };
  send(1);
  await me.moment('cut');
  send(6); // [2]
  await me.moment('heal');
  send(11);
}

export async function bob(me: Participant): Promise<void> {
  const pc = await meet(me, 'alice');
  pc.addEventListener('datachannel', ({ channel }) => {
    me.tell(`ordered: ${channel.ordered}, maxRetransmits: ${channel.maxRetransmits}`); // [3]
    channel.addEventListener('message', ({ data }) => me.tell(`${data} is here.`));
  });
}

async function meet(me: Participant, other: string): Promise<RTCPeerConnection> {
  const signaling = await join(me);
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('negotiationneeded', () => void describe());
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  return pc;
}
/*
[1] Each message is sent once and never again, and none waits for an earlier one: for what is soon out of date anyway,
    the place of a player or of a pointer. Without the second argument a channel is reliable and ordered.
[2] Into a wire that loses everything. SCTP gives them up when their time is over, and the next ones are free to go
    (RFC 3758, RFC 7496 §3.1).
[3] How a channel is, both ends know: alice's end says so when it opens the channel (RFC 8832 §5.1).
*/
