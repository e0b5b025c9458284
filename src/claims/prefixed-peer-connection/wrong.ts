import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ signal }: ClaimTools): Promise<string> {
  // @ts-expect-error: no such name in the standard
  // oxlint-disable-next-line typescript/no-unsafe-assignment, typescript/no-unsafe-call -- it is what old code says
  const pc = new webkitRTCPeerConnection(null);
  const isSame = pc instanceof RTCPeerConnection;
  signal.addEventListener('abort', () => isSame && pc.close());
  return Promise.resolve(isSame ? 'the same class as RTCPeerConnection' : 'another class');
}
