// two: 1 message: 1 × offer
import type { Tools } from '../../lab-kit/exercise/tools.ts';
import type { Seat } from '../../rtc/bench.ts';

/** One end of a call. It runs twice: for the peer that offers, and for the one that answers. */
export async function meet({ createPeer, signaling }: Tools, { self, other, offers }: Seat): Promise<void> {
  const byHand = signaling(self);
  const pc = createPeer(self);
  pc.createDataChannel('greetings', { negotiated: true, id: 0 });

  const complete = () =>
    new Promise<void>((resolve) => {
      const look = () => pc.iceGatheringState === 'complete' && resolve();
      pc.addEventListener('icegatheringstatechange', look);
      look();
    });

  const describe = async () => {
    await pc.setLocalDescription();
    await complete();
    await byHand.send(other, { description: pc.localDescription });
  };

  byHand.receive(async (_, signal) => {
    if (!('description' in signal)) return;
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await pc.setLocalDescription();
  });

  if (offers) await describe();
}
