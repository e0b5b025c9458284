import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [sends, receives] = [createPeer(), createPeer()];
  const stream = media();
  for (const track of stream.getVideoTracks()) sends.addTrack(track, stream);
  const got = new Promise<string>((resolve) => {
    receives.addEventListener('track', ({ track }) => {
      resolve(`muted is ${track.muted}, enabled stays ${track.enabled}`);
    });
  });
  await sends.setLocalDescription();
  await receives.setRemoteDescription(sends.localDescription!);
  return got;
}
