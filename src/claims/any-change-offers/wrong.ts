import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  const [camera, screen] = [media(), media()].flatMap((stream) => stream.getVideoTracks());
  const sender = pc.addTrack(camera!);
  pc.createDataChannel('chat');
  await pc.setLocalDescription();
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  let events = 0;
  pc.addEventListener('negotiationneeded', () => events++);
  await sender.replaceTrack(screen!);
  screen!.enabled = false;
  await sender.setParameters(sender.getParameters());
  pc.createDataChannel('files');

  await new Promise((resolve) => setTimeout(resolve, 200));
  return `4 changes, negotiationneeded fired ${events} times`;
}
