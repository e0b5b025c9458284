import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [alice, bob] = [createPeer(), createPeer()];
  const stream = media();
  const sender = alice.addTrack(stream.getVideoTracks()[0]!, stream);
  await connect(alice, bob);
  const { track } = bob.getReceivers()[0]!;
  if (track.muted) await new Promise((resolve) => (track.onunmute = resolve));

  await sender.replaceTrack(null);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return `sent: ${sender.track ? 'something' : 'nothing'}; muted at the other end: ${track.muted}`;
}

async function connect(offerer: RTCPeerConnection, answerer: RTCPeerConnection): Promise<void> {
  offerer.onicecandidate = ({ candidate }) => void answerer.addIceCandidate(candidate);
  answerer.onicecandidate = ({ candidate }) => void offerer.addIceCandidate(candidate);
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription!);
}
