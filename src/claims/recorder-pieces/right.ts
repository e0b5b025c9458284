import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media }: ClaimTools): Promise<string> {
  const recorder = new MediaRecorder(new MediaStream(media().getVideoTracks()));
  const first = new Promise((resolve) => recorder.addEventListener('dataavailable', resolve, { once: true }));
  recorder.start(250);
  await first;
  const { state } = recorder;
  recorder.stop();
  return state === 'recording' ? 'A piece came while it ran.' : `A piece came when it was ${state}.`;
}
