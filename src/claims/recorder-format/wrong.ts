import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const recorder = new MediaRecorder(media(), { mimeType: 'video/mp4' });
  return Promise.resolve(recorder.mimeType);
}
