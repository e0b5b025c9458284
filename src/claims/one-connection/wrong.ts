import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [alice, bob, alice2, bob2] = [createPeer(), createPeer(), createPeer(), createPeer()];
  for (const track of media().getVideoTracks()) alice.addTrack(track);
  for (const track of media().getVideoTracks()) bob2.addTrack(track);
  await Promise.all([connect(alice, bob), connect(bob2, alice2)]);
  await Promise.all([hasPicture(bob), hasPicture(alice2)]);
  return `Both see each other, over ${handshakes(alice, alice2)} handshakes`;
}

async function connect(offerer: RTCPeerConnection, answerer: RTCPeerConnection): Promise<void> {
  offerer.onicecandidate = ({ candidate }) => void answerer.addIceCandidate(candidate);
  answerer.onicecandidate = ({ candidate }) => void offerer.addIceCandidate(candidate);
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription!);
}

async function hasPicture(pc: RTCPeerConnection): Promise<void> {
  for (;;) {
    for (const stat of (await pc.getStats()).values()) if (stat.framesDecoded > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function handshakes(...pcs: RTCPeerConnection[]): number {
  const transports = pcs.flatMap((pc) => pc.getSenders().map(({ transport }) => transport));
  return new Set(transports.filter((transport) => transport?.state === 'connected')).size;
}
