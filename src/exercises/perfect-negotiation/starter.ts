import type { Half } from './exercise.ts';

/** One peer's half. Both run it; `polite`, the fourth thing in a Half, is true for one of them. */
export function negotiate({ pc, send, receive }: Half): void {
  const describe = async () => {
    await pc.setLocalDescription();
    await send({ description: pc.localDescription });
  };
  pc.addEventListener('negotiationneeded', () => void describe());
  pc.addEventListener('icecandidate', ({ candidate }) => void send({ candidate }));

  receive(async (signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });
}
