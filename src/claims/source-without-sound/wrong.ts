import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, signal }: ClaimTools): Promise<string> {
  const audio = new AudioContext();
  signal.addEventListener('abort', () => void audio.close(), { once: true });
  const stream = new MediaStream(media().getVideoTracks());
  const source = audio.createMediaStreamSource(stream);
  return Promise.resolve(`A source with ${source.numberOfOutputs} output.`);
}
