import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function alice(me: Participant): Promise<void> {
  const pc = await meet(me, 'bob');
  const channel = pc.createDataChannel('chat'); // [1]
  channel.addEventListener('open', () => channel.send('Hello, bob!'));
  channel.addEventListener('message', ({ data }) => me.tell(`bob says: ${data}`));
}

export async function bob(me: Participant): Promise<void> {
  const pc = await meet(me, 'alice');
  pc.addEventListener('datachannel', ({ channel }) => {
    channel.addEventListener('message', ({ data }) => {
      me.tell(`alice says: ${data}`);
      channel.send('Hello, alice!');
    });
  });
}

async function meet(me: Participant, other: string): Promise<RTCPeerConnection> {
  const signaling = await join(me);
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());

  const describe = async () => {
    await pc.setLocalDescription(); // [2]
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('negotiationneeded', () => void describe());
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [3]
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  return pc;
}
/*
[1] Something to negotiate: negotiationneeded fires, and the offer goes out. bob has nothing of the kind, and waits.
[2] Makes what is due: an offer in stable, an answer in have-remote-offer (webrtc-pc §4.4.2).
[3] Trickle: each candidate leaves as soon as it is found, and null when there are no more (RFC 8838).
*/
