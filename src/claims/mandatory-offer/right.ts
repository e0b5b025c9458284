import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  for (const kind of ['audio', 'video']) pc.addTransceiver(kind, { direction: 'recvonly' });
  const { sdp } = await pc.createOffer();
  return `${sdp?.match(/^m=/gm)?.length ?? 0} m-sections`;
}
