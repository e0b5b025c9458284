import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** bob's end: answers alice's offer. Her candidates come first, in any order, and each one twice. */
export function answer({ createPeer, signaling }: Tools): void {
  const pc = createPeer('bob');
  const channel = signaling('bob');
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));

  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    await pc.setLocalDescription();
    await channel.send('alice', { description: pc.localDescription });
  });
}
