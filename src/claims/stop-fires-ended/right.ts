import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export function run({ media }: ClaimTools): Promise<string> {
  const [track] = media().getVideoTracks();
  return new Promise((resolve) => {
    const end = () => {
      track?.stop();
      resolve('sharing has ended');
    };
    track?.addEventListener('ended', end); // the browser's button
    end(); // the page's button
  });
}
