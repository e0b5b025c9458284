import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  pc.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => void pc.addIceCandidate(candidate);
  const { sender } = pc.addTransceiver(media().getVideoTracks()[0]!);
  await pc.setLocalDescription();
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  const parameters = sender.getParameters();
  const codec = parameters.codecs.find(({ mimeType }) => mimeType === 'video/VP9')!;
  for (const encoding of parameters.encodings) Object.assign(encoding, { codec });
  await sender.setParameters(parameters);
  return `${await codecOf(sender, 'video/VP9')} is sent, without an offer`;
}

/** Resolves when frames have been encoded with this codec. */
async function codecOf(sender: RTCRtpSender, wanted: string): Promise<string> {
  for (;;) {
    const report = await sender.getStats();
    for (const stat of report.values())
      if (
        stat.type === 'outbound-rtp' &&
        stat.framesEncoded > 5 &&
        report.get(stat.codecId)?.mimeType === wanted
      )
        return wanted;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
