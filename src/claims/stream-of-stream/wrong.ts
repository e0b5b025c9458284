import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const remoteStream = new MediaStream();
  const [track] = media().getVideoTracks();
  // @ts-expect-error: it takes one argument
  remoteStream.addTrack(track!, remoteStream);
  return Promise.resolve(`${remoteStream.getTracks().length} track`);
}
