import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  const [camera, screen] = [media(), media()].flatMap((stream) => stream.getVideoTracks());
  const sender = pc.addTrack(camera!);
  await pc.setLocalDescription();
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  let events = 0;
  pc.addEventListener('negotiationneeded', () => events++);
  await sender.replaceTrack(screen!);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { sdp } = await pc.createOffer();
  return `negotiationneeded: ${events}, m-sections in the next offer: ${sdp?.match(/^m=/gm)?.length}`;
}
