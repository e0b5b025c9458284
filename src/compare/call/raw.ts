import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function alice(me: Participant): Promise<void> {
  const { call } = await prepare(me, 'bob');
  await call();
}

export async function bob(me: Participant): Promise<void> {
  await prepare(me, 'alice'); // [1]
}

async function prepare(me: Participant, other: string) {
  const [signaling, stream] = await Promise.all([join(me), me.openMedia()]);
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());
  for (const track of stream.getTracks()) pc.addTrack(track, stream); // [2]

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('track', ({ streams: [remote] }) => me.show(remote!, other)); // [3]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  return { call: describe }; // [4]
}
/*
[1] The offer comes, and bob's own tracks go into the answer: one connection carries both ways.
[2] With the stream: its id crosses in the SDP, and sound and picture arrive as one stream again (a=msid, RFC 8830).
[3] Once for each track, as soon as the description is set: before any packet has come.
[4] Only alice offers. Two that both add tracks and both offer meet half-way: for that there is perfect negotiation
    (webrtc-pc §10.7), which a call that never changes does not need.
*/
