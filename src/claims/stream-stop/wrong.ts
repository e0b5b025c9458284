import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const stream = media();
  // @ts-expect-error: it is gone
  // oxlint-disable-next-line typescript/no-unsafe-call -- that is the point
  stream.stop();
  const states = stream.getTracks().map(({ readyState }) => readyState);
  return Promise.resolve(states.join(' and '));
}
