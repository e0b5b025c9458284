import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  for (const pc of [alice, bob]) {
    pc.createDataChannel('glare');
    await pc.setLocalDescription(); // both offer
  }
  // alice is impolite and ignores bob's offer; bob is polite: setting hers takes his own back.
  await bob.setRemoteDescription(alice.localDescription!);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!);
  return `One answer, taken; states: ${alice.signalingState}, ${bob.signalingState}`;
}
