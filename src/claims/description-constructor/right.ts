import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const offer = await pc.createOffer();
  await pc.setLocalDescription(offer);
  return `An offer is an ${offer.constructor.name}; set: ${pc.signalingState}`;
}
