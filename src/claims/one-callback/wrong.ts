import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  let ran = false;
  // @ts-expect-error: it is no option
  await pc.createOffer((offer) => {
    ran = true;
    void pc.setLocalDescription(offer);
  });
  return ran ? 'The callback ran.' : 'The callback did not run.';
}
