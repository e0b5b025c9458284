import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, signal }: ClaimTools): Promise<string> {
  const audio = new AudioContext();
  signal.addEventListener('abort', () => void audio.close(), { once: true });
  const source = audio.createMediaStreamSource(media());
  return Promise.resolve(`A source with ${source.numberOfOutputs} output.`);
}
