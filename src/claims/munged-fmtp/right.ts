import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  const { sender } = pc.addTransceiver('audio');
  await pc.setLocalDescription();
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) encoding.maxBitrate = 20_000;
  await sender.setParameters(parameters);
  return `maxBitrate is ${sender.getParameters().encodings[0]?.maxBitrate}, and the SDP is the browser’s own`;
}
