import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const offer = await pc.createOffer();
  // oxlint-disable-next-line typescript/no-deprecated -- that is the point
  await pc.setLocalDescription(new RTCSessionDescription(offer));
  return `An offer is an ${offer.constructor.name}; wrapped and set: ${pc.signalingState}`;
}
