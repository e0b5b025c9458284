import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, signal }: ClaimTools): Promise<string> {
  const alice = createPeer();
  const bob = createPeer();
  for (const [from, to] of [
    [alice, bob],
    [bob, alice],
  ] as const)
    from.addEventListener('icecandidate', ({ candidate }) => void to.addIceCandidate(candidate ?? undefined));
  alice.createDataChannel('secret');
  await alice.setLocalDescription();
  const { type, sdp } = alice.localDescription!;
  const swapped = sdp.replace(/^(a=fingerprint:\S+ )(\S)/m, (_, before: string, digit: string) =>
    digit === '0' ? `${before}1` : `${before}0`,
  );
  await bob.setRemoteDescription({ type, sdp: swapped }); // the server has changed it
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!);
  while (!['connected', 'failed'].includes(bob.connectionState))
    await new Promise((next) => bob.addEventListener('connectionstatechange', next, { once: true, signal }));
  return `bob’s connection is ${bob.connectionState}`;
}
