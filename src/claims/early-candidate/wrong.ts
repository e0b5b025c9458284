import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  await pc.addIceCandidate({
    candidate: 'candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host',
    sdpMid: '0',
  });
  return 'Added.';
}
