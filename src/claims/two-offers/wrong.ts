import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  for (const pc of [alice, bob]) {
    pc.createDataChannel('glare');
    await pc.setLocalDescription(); // both offer
  }
  const [ofAlice, ofBob] = [alice.localDescription!, bob.localDescription!];
  await Promise.all([alice.setRemoteDescription(ofBob), bob.setRemoteDescription(ofAlice)]);
  await Promise.all([alice.setLocalDescription(), bob.setLocalDescription()]); // both answer
  const refusal = (pc: RTCPeerConnection, answer: RTCSessionDescription) =>
    pc.setRemoteDescription(answer).then(
      () => 'taken',
      (error: Error) => error.name,
    );
  const refusals = [await refusal(alice, bob.localDescription!), await refusal(bob, alice.localDescription!)];
  return `Both answers: ${refusals.join(', ')}; states: ${alice.signalingState}, ${bob.signalingState}`;
}
