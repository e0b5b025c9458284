// connected: bob has set no description
import type { Tools } from '../../lab-kit/exercise/tools.ts';

export function answer({ createPeer, signaling }: Tools): void {
  const pc = createPeer('bob');
  const channel = signaling('bob');
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));

  const described = Promise.withResolvers<void>();

  channel.receive(async (_, signal) => {
    if ('candidate' in signal) {
      await described.promise;
      return pc.addIceCandidate(signal.candidate);
    }
    await pc.setRemoteDescription(signal.description);
    described.resolve();
    await pc.setLocalDescription();
    await channel.send('alice', { description: pc.localDescription });
  });
}
