import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  pc.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate);
  other.onicecandidate = ({ candidate }) => void pc.addIceCandidate(candidate);
  const transceiver = pc.addTransceiver(media().getVideoTracks()[0]!);
  await pc.setLocalDescription();
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  let events = 0;
  pc.addEventListener('negotiationneeded', () => events++);
  const { codecs } = RTCRtpReceiver.getCapabilities('video')!;
  const isVp9 = ({ mimeType }: RTCRtpCodec) => mimeType === 'video/VP9';
  transceiver.setCodecPreferences([...codecs.filter(isVp9), ...codecs.filter((codec) => !isVp9(codec))]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return `negotiationneeded fired ${events} times`;
}
