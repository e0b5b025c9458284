// candidates: of an offer that had been ignored were reported
import type { Half } from './exercise.ts';

/** One peer's half. Both run it; `polite` is true for one of them. */
export function negotiate({ pc, polite, send, receive }: Half): void {
  let makingOffer = false;
  let ignoreOffer = false;

  const describe = async () => {
    await pc.setLocalDescription();
    await send({ description: pc.localDescription });
  };
  pc.addEventListener('negotiationneeded', () => {
    makingOffer = true;
    void describe().finally(() => (makingOffer = false));
  });
  pc.addEventListener('icecandidate', ({ candidate }) => void send({ candidate }));

  receive(async (signal) => {
    if ('candidate' in signal) {
      return pc.addIceCandidate(signal.candidate);
    }
    const { description } = signal;
    const collides = description.type === 'offer' && (makingOffer || pc.signalingState !== 'stable');
    ignoreOffer = !polite && collides;
    if (ignoreOffer) return;
    await pc.setRemoteDescription(description); // rolls an offer of our own back
    if (description.type === 'offer') await describe();
  });
}
