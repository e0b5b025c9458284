import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media, video }: ClaimTools): Promise<string> {
  const [alice, bob, element, stream] = [createPeer(), createPeer(), video(), media()];
  const counts: number[] = [];
  bob.addEventListener('track', ({ track, streams }) => {
    counts.push(streams.length);
    element.srcObject = new MediaStream([track]);
  });
  for (const track of stream.getTracks()) alice.addTrack(track);
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  const shown = element.srcObject as MediaStream | null;
  return `${counts.length} events, streams ${counts.join(' and ')}; the element has ${shown?.getTracks().length} of 2 tracks`;
}
