import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, signal }: ClaimTools): Promise<string> {
  const [alice, bob] = [createPeer(), createPeer()];
  const channel = new EventTarget();
  alice.addEventListener('icecandidate', ({ candidate }) => {
    channel.dispatchEvent(new CustomEvent('ice_candidate', { detail: candidate }));
  });
  channel.addEventListener('ice-candidate', () => {
    throw new Error('never called');
  });

  alice.createDataChannel('claim');
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  bob.addEventListener('icecandidate', ({ candidate }) => void alice.addIceCandidate(candidate ?? undefined));
  const answer = await bob.createAnswer();
  await alice.setRemoteDescription(answer);
  await bob.setLocalDescription(answer);

  while (alice.connectionState !== 'connected' && !signal.aborted)
    await new Promise((resolve) => alice.addEventListener('connectionstatechange', resolve, { once: true }));
  return alice.connectionState;
}
