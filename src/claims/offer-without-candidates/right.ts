import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('claim');
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== 'complete')
    await new Promise((resolve) => pc.addEventListener('icegatheringstatechange', resolve, { once: true }));
  const candidates = pc.localDescription?.sdp.match(/^a=candidate:/gm) ?? [];
  return candidates.length > 0 ? 'It has candidates.' : 'It has none.';
}
