import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video }: ClaimTools): Promise<string> {
  const [element, stream] = [video(), media()];
  // @ts-expect-error: a stream is no Blob
  element.src = URL.createObjectURL(stream);
  await element.play();
  return `playing, ${element.videoWidth} pixels wide`;
}
