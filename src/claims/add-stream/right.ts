import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const stream = media();
  const [sender] = stream.getVideoTracks().map((track) => pc.addTrack(track, stream));
  return `addTrack() gave an ${sender?.constructor.name} of ${sender?.track?.kind}`;
}
