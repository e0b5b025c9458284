import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('chat');
  const { sdp } = await pc.createOffer();
  return `There is ${sdp?.includes('a=fingerprint:') ? 'a' : 'no'} fingerprint of DTLS in the offer.`;
}
