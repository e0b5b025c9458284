import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const { sender } = createPeer().addTransceiver('video', { direction: 'sendonly' });
  const parameters = sender.getParameters();
  parameters.encodings.push({ rid: 'l', active: true, scaleResolutionDownBy: 4 });
  await sender.setParameters(parameters);
  return `${sender.getParameters().encodings.length} encodings`;
}
