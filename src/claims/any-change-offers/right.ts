import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ createPeer, media }: ClaimTools): Promise<string> {
  const [pc, other] = [createPeer(), createPeer()];
  const [camera, screen] = [media(), media()].flatMap((stream) => stream.getVideoTracks());
  pc.addTrack(camera!);
  pc.createDataChannel('chat');
  await pc.setLocalDescription();
  await other.setRemoteDescription(pc.localDescription!);
  await other.setLocalDescription();
  await pc.setRemoteDescription(other.localDescription!);

  let events = 0;
  pc.addEventListener('negotiationneeded', () => events++);
  pc.addTrack(screen!);
  pc.addTransceiver('audio');
  pc.getTransceivers()[0]!.direction = 'inactive';

  await new Promise((resolve) => setTimeout(resolve, 200));
  return `3 changes in one task, negotiationneeded fired ${events} time`;
}
