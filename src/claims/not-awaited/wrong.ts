import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  pc.setRemoteDescription({ type: 'offer', sdp: 'v=0, and then nothing' }).catch(() => {});
  const answer = await pc.createAnswer();
  return `An ${answer.type}`;
}
