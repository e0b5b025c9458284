import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  let ran = false;
  // @ts-expect-error: a function is no track
  await pc.getStats(() => {
    ran = true;
  });
  return ran ? 'The callback ran.' : 'The callback did not run.';
}
