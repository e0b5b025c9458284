import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const [alice, bob] = [createPeer(), createPeer()];
  const sent: string[] = [];
  for (const pc of [alice, bob]) pc.createDataChannel('chat');
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!); // bob was faster

  await alice.setLocalDescription(); // whichever it is the time for
  sent.push(alice.localDescription!.type);
  return `sent: ${sent.join()}; in force here: ${alice.localDescription?.type ?? 'none'}`;
}
