import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const options = { ordered: false, maxRetransmits: 0 };
  const channel = pc.createDataChannel('position', options);
  return Promise.resolve(`ordered: ${channel.ordered}, maxRetransmits: ${channel.maxRetransmits}`);
}
