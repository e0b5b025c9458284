import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const [track] = media().getVideoTracks();
  if (!track) return 'no track';
  let fired = 0;
  track.addEventListener('ended', () => (fired += 1));
  track.stop();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return `readyState is ${track.readyState}, the event fired ${fired} times`;
}
