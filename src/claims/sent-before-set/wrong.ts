import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const [alice, bob] = [createPeer(), createPeer()];
  const sent: string[] = [];
  for (const pc of [alice, bob]) pc.createDataChannel('chat');
  await bob.setLocalDescription();
  const offer = await alice.createOffer();
  await alice.setRemoteDescription(bob.localDescription!); // bob was faster

  // oxlint-disable-next-line typescript/no-floating-promises -- that is what is wrong
  alice.setLocalDescription(offer);
  sent.push(offer.type);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return `sent: ${sent.join()}; in force here: ${alice.localDescription?.type ?? 'none'}`;
}
