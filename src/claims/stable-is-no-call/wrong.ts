import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const isCall = pc.signalingState === 'stable';
  return Promise.resolve(`${isCall ? 'A call' : 'No call'}, and connectionState is ${pc.connectionState}`);
}
