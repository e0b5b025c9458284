import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const recorder = new MediaRecorder(new MediaStream(media().getVideoTracks()));
  let pieces = 0;
  recorder.addEventListener('dataavailable', () => (pieces += 1));
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const seen = pieces;
  recorder.stop();
  return `${seen} pieces after a second.`;
}
