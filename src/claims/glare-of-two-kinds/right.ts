import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  for (const kind of ['audio', 'video']) alice.addTransceiver(kind, { direction: 'inactive' });
  await exchange(alice, bob); // both sections are there, and later only directions change
  const [sound] = alice.getTransceivers();
  const [, picture] = bob.getTransceivers();
  sound!.direction = 'sendonly';
  picture!.direction = 'sendonly';
  await bob.setLocalDescription(); // bob's offer; hers comes
  await exchange(alice, bob);
  return `Agreed; alice’s sound is ${sound!.currentDirection}, bob has ${bob.getTransceivers().length} sections`;
}

async function exchange(offerer: RTCPeerConnection, answerer: RTCPeerConnection): Promise<void> {
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription!);
}
