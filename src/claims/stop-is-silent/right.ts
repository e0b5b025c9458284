import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const [track] = media().getVideoTracks();
  track!.stop();
  return `readyState is ${track!.readyState}.`;
}
