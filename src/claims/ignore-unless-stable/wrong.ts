import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  for (const pc of [alice, bob]) {
    pc.createDataChannel('glare');
    await pc.setLocalDescription(); // both offer
  }
  const handle = async (pc: RTCPeerConnection, offer: RTCSessionDescription) => {
    if (pc.signalingState !== 'stable') return; // «not now»
    await pc.setRemoteDescription(offer);
    await pc.setLocalDescription();
  };
  await Promise.all([handle(alice, bob.localDescription!), handle(bob, alice.localDescription!)]);
  return `${alice.signalingState}, ${bob.signalingState}`;
}
