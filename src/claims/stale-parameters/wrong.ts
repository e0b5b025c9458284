import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const { sender } = createPeer().addTransceiver('video');
  const parameters = sender.getParameters();
  for (const maxBitrate of [500_000, 100_000]) {
    for (const encoding of parameters.encodings) encoding.maxBitrate = maxBitrate;
    await sender.setParameters(parameters);
  }
  return 'accepted twice';
}
