// nothing: bob opened his media
import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** bob's end: he offers, and only receives. */
export async function watch({ createPeer, signaling, media }: Tools): Promise<void> {
  const pc = createPeer('bob');
  const channel = signaling('bob');
  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send('alice', { candidate }));
  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
  });

  const stream = await media('bob');
  for (const track of stream.getTracks()) pc.addTrack(track, stream);

  await pc.setLocalDescription();
  await channel.send('alice', { description: pc.localDescription });
}
