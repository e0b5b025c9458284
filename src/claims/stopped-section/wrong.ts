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
  const before = pc.localDescription!.sdp.match(/^m=/gm)?.length;

  transceiver.stop();
  await exchange();
  const after = pc.localDescription!.sdp.match(/^m=/gm)?.length;
  const free = pc.localDescription!.sdp.match(/^m=\w+ 0 /gm)?.length;
  return `before ${before} sections, after ${after}, ${free} of them with port 0`;
}
