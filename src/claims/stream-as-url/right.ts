import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video }: ClaimTools): Promise<string> {
  const element = video();
  element.muted = true;
  element.srcObject = media();
  await element.play();
  return `playing, ${element.videoWidth} pixels wide`;
}
