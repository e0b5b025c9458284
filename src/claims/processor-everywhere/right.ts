import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video }: ClaimTools): Promise<string> {
  const player = video();
  player.muted = true;
  player.srcObject = media();
  await player.play();
  await new Promise((resolve) => player.requestVideoFrameCallback(resolve));
  const frame = new VideoFrame(player);
  frame.close();
  return 'A frame was handed out.';
}
