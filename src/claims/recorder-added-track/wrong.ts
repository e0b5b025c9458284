import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const stream = new MediaStream(media().getVideoTracks());
  const recorder = new MediaRecorder(stream);
  const started = new Promise((resolve) => recorder.addEventListener('start', resolve));
  const failed = new Promise<string>((resolve) =>
    recorder.addEventListener('error', (event) => resolve(String(event.error))),
  );
  recorder.start();
  await started;
  for (const track of media().getAudioTracks()) stream.addTrack(track);
  return failed;
}
