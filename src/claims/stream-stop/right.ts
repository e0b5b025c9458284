import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const stream = media();
  for (const track of stream.getTracks()) track.stop();
  const states = stream.getTracks().map(({ readyState }) => readyState);
  return Promise.resolve(states.join(' and '));
}
