import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video, signal }: ClaimTools): Promise<string> {
  const element = video();
  element.autoplay = false;
  element.muted = true;
  const loaded = new Promise((resolve) => element.addEventListener('loadeddata', resolve, { signal }));
  element.srcObject = media();
  await loaded;
  return `loaded, paused is ${element.paused}`;
}
