import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const pc = createPeer();
  const options = { mandatory: { OfferToReceiveAudio: true, OfferToReceiveVideo: true } };
  const { sdp } = await pc.createOffer(options as RTCOfferOptions);
  return `${sdp?.match(/^m=/gm)?.length ?? 0} m-sections`;
}
