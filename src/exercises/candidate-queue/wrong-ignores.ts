// added: 0 of
import type { Tools } from '../../lab-kit/exercise/tools.ts';

export function answer({ createPeer, signaling }: Tools): void {
  const pc = createPeer('bob');
  const channel = signaling('bob');
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));

  channel.receive(async (_, signal) => {
    if ('candidate' in signal) {
      if (pc.remoteDescription) await pc.addIceCandidate(signal.candidate);
      return;
    }
    await pc.setRemoteDescription(signal.description);
    await pc.setLocalDescription();
    await channel.send('alice', { description: pc.localDescription });
  });
}
