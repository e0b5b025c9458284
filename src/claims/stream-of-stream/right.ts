import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [alice, bob, stream] = [createPeer(), createPeer(), media()];
  const came = new Promise<MediaStream | undefined>((resolve) => {
    bob.addEventListener('track', ({ streams }) => resolve(streams[0]), { once: true });
  });
  for (const track of stream.getVideoTracks()) alice.addTrack(track, stream);
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  const remote = await came;
  const whose = remote?.id === stream.id ? 'the sender’s stream' : 'another stream';
  return `${whose}, with ${remote?.getTracks().length} track`;
}
