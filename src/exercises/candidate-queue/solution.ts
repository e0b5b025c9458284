import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** bob's end: answers alice's offer. Her candidates come first, in any order, and each one twice. */
export function answer({ createPeer, signaling }: Tools): void {
  const pc = createPeer('bob');
  const channel = signaling('bob');
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));

  const early: (RTCIceCandidateInit | null)[] = [];

  channel.receive(async (_, signal) => {
    if ('candidate' in signal) {
      if (pc.remoteDescription) await pc.addIceCandidate(signal.candidate);
      else early.push(signal.candidate);
      return;
    }
    await pc.setRemoteDescription(signal.description);
    for (const candidate of early.splice(0)) await pc.addIceCandidate(candidate);
    await pc.setLocalDescription();
    await channel.send('alice', { description: pc.localDescription });
  });
}
