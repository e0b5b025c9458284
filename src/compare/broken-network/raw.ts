import type { Participant } from '../../lab-kit/compare/define.ts';
import { join } from '../_shared/signaling.ts';

export async function everybody(me: Participant): Promise<void> {
  const other = me.others[0]!;
  const [signaling, stream] = await Promise.all([join(me), me.openMedia()]);
  const pc = new RTCPeerConnection(me.configuration);
  me.signal.addEventListener('abort', () => pc.close());

  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription! });
  };
  pc.addEventListener('connectionstatechange', () => {
    me.tell(`connectionState: ${pc.connectionState}`);
    const isBroken = pc.connectionState === 'disconnected' || pc.connectionState === 'failed';
    if (isBroken && me.name === 'alice') pc.restartIce(); // [1]
  });
  pc.addEventListener('negotiationneeded', () => {
    if (me.name === 'alice') void describe(); // [2]
  });
  pc.addEventListener('track', ({ streams: [remote] }) => me.show(remote!, other)); // [3]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
}
/*
[1] Sends nothing, only says that an offer is needed: one with a new ice-ufrag, so that both gather and check anew. The
    old path is kept meanwhile, and used again if it comes back first (RFC 8445 §9).
[2] For the first offer and for each restart. Only alice makes them: two restarts at once would meet half-way.
[3] Once in all. The tracks, the keys and the pictures on the page stay what they are over any number of restarts.
*/
