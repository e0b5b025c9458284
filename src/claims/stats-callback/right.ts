import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.createDataChannel('chat');
  const report = await pc.getStats();
  return report.size > 0 ? 'a map of statistics' : 'an empty map';
}
