// sound: no packet of sound came
import type { Tools } from '../../lab-kit/exercise/tools.ts';

let addTrack: () => void = () => {};

/** One end of a call that begins with sound; both ends run it. `offers` is true for alice. */
export async function call(
  { createPeer, signaling, media }: Tools,
  self: string,
  other: string,
  offers: boolean,
): Promise<void> {
  const channel = signaling(self);
  const pc = createPeer(self);
  const describe = async () => {
    await pc.setLocalDescription();
    await channel.send(other, { description: pc.localDescription });
  };

  pc.addEventListener('icecandidate', ({ candidate }) => void channel.send(other, { candidate }));
  if (offers) pc.addEventListener('negotiationneeded', () => void describe());
  channel.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe();
  });

  if (!offers) return;
  const stream = await media(self);
  for (const track of stream.getAudioTracks()) pc.addTrack(track, stream);
  addTrack = () => {
    const [sound] = pc.getSenders();
    const track = sound?.track ?? null;
    void sound?.replaceTrack(null);
    setTimeout(() => {
      void sound?.replaceTrack(track);
      for (const picture of stream.getVideoTracks()) pc.addTrack(picture, stream);
    }, 1800);
  };
}

/** Called a second later: alice wants to be seen. */
export function addPicture(): void {
  addTrack();
}
