import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export function run({ media }: ClaimTools): Promise<string> {
  const [track] = media().getVideoTracks();
  return new Promise((tell) => {
    track!.addEventListener('ended', () => tell('The event came.'));
    track!.stop();
    setTimeout(() => tell('No event came.'), 500);
  });
}
