import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ signal }: ClaimTools): Promise<string> {
  const constraints = { optional: [{ DtlsSrtpKeyAgreement: false }, { RtpDataChannels: true }] };
  // @ts-expect-error: it takes one argument
  const pc = new RTCPeerConnection({}, constraints);
  signal.addEventListener('abort', () => pc.close());
  pc.createDataChannel('chat');
  const { sdp } = await pc.createOffer();
  return `There is ${sdp?.includes('a=fingerprint:') ? 'a' : 'no'} fingerprint of DTLS in the offer.`;
}
