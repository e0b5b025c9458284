import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video, signal }: ClaimTools): Promise<string> {
  const element = video();
  element.autoplay = true;
  element.muted = true;
  const playing = new Promise((resolve) => element.addEventListener('playing', resolve, { signal }));
  element.srcObject = media();
  await playing;
  return `loaded, paused is ${element.paused}`;
}
