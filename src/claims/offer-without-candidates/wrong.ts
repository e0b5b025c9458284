import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('claim');
  const offer = await pc.createOffer();
  await pc.setLocalDescription(offer);
  const candidates = offer.sdp?.match(/^a=candidate:/gm) ?? [];
  return `${candidates.length} candidates`;
}
