import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video }: ClaimTools): Promise<string> {
  const getUserMedia = () => Promise.resolve(media()); // asynchronous, like the real one
  const element = video();
  element.srcObject = await getUserMedia();
  await element.play();
  return `The picture is ${element.videoWidth} wide.`;
}
