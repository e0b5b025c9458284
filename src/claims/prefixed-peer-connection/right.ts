import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ signal }: ClaimTools): Promise<string> {
  const pc = new RTCPeerConnection();
  signal.addEventListener('abort', () => pc.close());
  return Promise.resolve(`a new ${pc.constructor.name}, ${pc.signalingState}`);
}
