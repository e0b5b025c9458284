import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  const exchange = async () => {
    await pc.setLocalDescription();
    await other.setRemoteDescription(pc.localDescription!);
    await other.setLocalDescription();
    await pc.setRemoteDescription(other.localDescription!);
  };
  pc.addTransceiver('audio');
  const transceiver = pc.addTransceiver('video');
  await exchange();
  transceiver.stop();
  await exchange();

  pc.addTransceiver('video');
  await exchange();
  const mids = [...pc.localDescription!.sdp.matchAll(/^a=mid:(\S+)/gm)].map(([, mid]) => mid);
  return `after the next transceiver ${mids.length} sections, mids ${mids.join(' and ')}`;
}
