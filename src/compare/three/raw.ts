import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function everybody(me: Participant): Promise<void> {
  const [signaling, stream] = await Promise.all([join(me), me.openMedia()]);
  const connections = new Map(me.others.map((other) => [other, open(other)])); // [1]
  signaling.receive(async (from, signal) => {
    const pc = connections.get(from)!; // [2]
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe(from, pc);
  });
  for (const [other, pc] of connections) if (me.name < other) await describe(other, pc); // [3]

  function open(other: string): RTCPeerConnection {
    const pc = new RTCPeerConnection(me.configuration);
    me.signal.addEventListener('abort', () => pc.close());
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
    pc.addEventListener('track', ({ streams: [remote] }) => me.show(remote!, other));
    pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
    return pc;
  }

  async function describe(other: string, pc: RTCPeerConnection): Promise<void> {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  }
}
/*
[1] A mesh: a connection to each of the others, and the same camera encoded once for each of them.
[2] Each signal says who sent it. That is all that tells the connections apart.
[3] Of two people one has to offer: the one whose name comes first, as good a rule as any on which both agree.
*/
