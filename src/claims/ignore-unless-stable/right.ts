import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  for (const pc of [alice, bob]) {
    pc.createDataChannel('glare');
    await pc.setLocalDescription(); // both offer
  }
  const handle = async (pc: RTCPeerConnection, offer: RTCSessionDescription, polite: boolean) => {
    if (pc.signalingState !== 'stable' && !polite) return;
    await pc.setRemoteDescription(offer);
    await pc.setLocalDescription();
  };
  const [ofAlice, ofBob] = [alice.localDescription!, bob.localDescription!];
  await Promise.all([handle(alice, ofBob, false), handle(bob, ofAlice, true)]);
  await alice.setRemoteDescription(bob.localDescription!);
  return `${alice.signalingState}, ${bob.signalingState}`;
}
