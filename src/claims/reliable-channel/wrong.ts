import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const options = { reliable: false };
  const channel = pc.createDataChannel('position', options as RTCDataChannelInit);
  return Promise.resolve(`ordered: ${channel.ordered}, maxRetransmits: ${channel.maxRetransmits}`);
}
