import type { Tools } from '../../lab-kit/exercise/tools.ts';

/** One end of a call; both ends run it. `offers` is true at one of them. */
export async function call(
  { createPeer, signaling, media }: Tools,
  self: string,
  other: string,
  offers: boolean,
): Promise<void> {
  const channel = signaling(self);
  const stream = await media(self);
  const pc = createPeer(self);
  for (const track of stream.getTracks()) pc.addTrack(track, stream);

  const describe = async () => {
    await pc.setLocalDescription();
    await channel.send(other, { description: pc.localDescription });
  };

  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  if (offers) await describe();
}
