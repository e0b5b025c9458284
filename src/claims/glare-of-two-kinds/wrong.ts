import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  alice.createDataChannel('first');
  await exchange(alice, bob); // a call, and then both add something
  alice.addTransceiver('audio');
  bob.addTransceiver('video');
  await bob.setLocalDescription(); // bob's offer; hers comes
  await exchange(alice, bob);
  return `Agreed; bob still has something to offer: ${bob.getTransceivers().some(({ mid }) => mid === null)}`;
}

async function exchange(offerer: RTCPeerConnection, answerer: RTCPeerConnection): Promise<void> {
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription!);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription!);
}
