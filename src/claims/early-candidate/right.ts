import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const other = createPeer();
  other.createDataChannel('claim');
  const early = [{ candidate: 'candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host', sdpMid: '0' }];
  await pc.setRemoteDescription(await other.createOffer());
  for (const candidate of early) await pc.addIceCandidate(candidate);
  return 'Added.';
}
