import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const { sender } = createPeer().addTransceiver('video', {
    direction: 'sendonly',
    sendEncodings: [
      { rid: 'h' },
      { rid: 'm', scaleResolutionDownBy: 2 },
      { rid: 'l', scaleResolutionDownBy: 4 },
    ],
  });
  const parameters = sender.getParameters();
  parameters.encodings[0]!.active = false;
  await sender.setParameters(parameters);
  const { encodings } = sender.getParameters();
  return `${encodings.length} encodings, ${encodings.filter(({ active }) => !active).length} of them off`;
}
