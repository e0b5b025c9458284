import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [alice, bob, stream, more] = [createPeer(), createPeer(), media(), media()];
  let fired = 0;
  // @ts-expect-error: no longer in the standard, and still in browsers
  bob.onaddstream = () => fired++;
  const exchange = async () => {
    await alice.setLocalDescription();
    await bob.setRemoteDescription(alice.localDescription!);
    await bob.setLocalDescription();
    await alice.setRemoteDescription(bob.localDescription!);
  };
  for (const track of stream.getVideoTracks()) alice.addTrack(track, stream);
  await exchange();
  for (const track of more.getAudioTracks()) alice.addTrack(track, stream); // sound joins the same stream
  await exchange();
  return `${bob.getReceivers().length} tracks came; addstream fired ${fired} time${fired === 1 ? '' : 's'}`;
}
