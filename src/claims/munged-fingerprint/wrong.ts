import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('chat');
  const { sdp = '' } = await pc.createOffer();
  const edited = sdp.replaceAll(
    /(a=fingerprint:sha-256 )(\S)/g,
    (_, start: string, digit: string) => start + (digit === 'A' ? 'B' : 'A'),
  );
  await pc.setLocalDescription({ type: 'offer', sdp: edited });
  return 'accepted';
}
