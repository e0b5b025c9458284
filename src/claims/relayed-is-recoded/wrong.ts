import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media, signal }: ClaimTools): Promise<string> {
  const [alice, bobIn, bobOut, carol] = [createPeer(), createPeer(), createPeer(), createPeer()];
  bobIn.addEventListener('track', ({ track }) => bobOut.addTrack(track));
  for (const track of media().getVideoTracks()) alice.addTrack(track);
  await connect(alice, bobIn);
  await connect(bobOut, carol);
  while (!signal.aborted) {
    const stats = [...(await bobOut.getStats()).values()];
    const sent = stats.find(({ type }) => type === 'outbound-rtp') as { framesEncoded?: number } | undefined;
    if ((sent?.framesEncoded ?? 0) > 5) return 'the relay has encoded frames itself';
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return 'the relay has encoded nothing';
}

async function connect(from: RTCPeerConnection, to: RTCPeerConnection): Promise<void> {
  from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription!);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription!);
}
