import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [toBob, bob, toCarol, carol] = [createPeer(), createPeer(), createPeer(), createPeer()];
  const [camera] = media().getVideoTracks();
  const senders = [toBob, toCarol].map((pc) => pc.addTrack(camera!));
  await Promise.all([connect(toBob, bob), connect(toCarol, carol)]);

  const encoders = await Promise.all(senders.map(encodes));
  const tracks = new Set(senders.map(({ track }) => track));
  return `${tracks.size} track, ${encoders.filter(Boolean).length} encoders at work`;
}

async function encodes(sender: RTCRtpSender): Promise<boolean> {
  for (;;) {
    for (const stat of (await sender.getStats()).values()) if (stat.framesEncoded > 5) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function connect(offerer: RTCPeerConnection, answerer: RTCPeerConnection): Promise<void> {
  offerer.onicecandidate = ({ candidate }) => void answerer.addIceCandidate(candidate);
  answerer.onicecandidate = ({ candidate }) => void offerer.addIceCandidate(candidate);
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription!);
}
