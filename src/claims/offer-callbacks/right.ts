import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('chat');
  const offer = await pc.createOffer();
  return `The promise gave an ${offer.type}.`;
}
