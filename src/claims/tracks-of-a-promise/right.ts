import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const stream = await Promise.resolve(media()); // as getUserMedia() gives it: a promise of a stream
  return `${stream.getTracks().length} tracks`;
}
