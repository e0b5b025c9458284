import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const [caller, pc] = [createPeer(), createPeer()];
  caller.addTransceiver('video');
  await caller.setLocalDescription();
  await pc.setRemoteDescription(caller.localDescription!);

  const { sdp } = await pc.createAnswer();
  await pc.setLocalDescription({ type: 'pranswer', sdp: sdp! });
  return pc.signalingState;
}
