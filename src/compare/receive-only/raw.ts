import type { Participant } from '../../lab-kit/compare/define.ts';
import { join, type Signaling } from '../_shared/signaling.ts';

export async function alice(me: Participant): Promise<void> {
  const [signaling, stream] = await Promise.all([join(me), me.openMedia()]);
  const { pc } = open(me, signaling, 'bob');
  for (const track of stream.getTracks()) pc.addTrack(track, stream); // [1]
}

export async function bob(me: Participant): Promise<void> {
  const { pc, describe } = open(me, await join(me), 'alice');
  pc.addEventListener('track', ({ streams: [remote] }) => me.show(remote!, 'alice'));
  pc.addTransceiver('audio', { direction: 'recvonly' }); // [2]
  pc.addTransceiver('video', { direction: 'recvonly' });
  await describe();
}

function open(me: Participant, signaling: Signaling, other: string) {
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  return { pc, describe };
}
/*
[1] alice only waits. Her tracks find their place in the m-sections of bob's offer, and her answer says sendonly.
[2] Whoever offers decides which m-sections there are. Without these two bob's offer would have none, and alice could not
    answer with a picture (RFC 8829 §5.3.1).
*/
