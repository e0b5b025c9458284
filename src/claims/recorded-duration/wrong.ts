import type { ClaimTools } from '../../lab-kit/claim/define.ts';

export async function run({ media, video, signal }: ClaimTools): Promise<string> {
  const recorder = new MediaRecorder(new MediaStream(media().getVideoTracks()), { mimeType: 'video/webm' });
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void chunks.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start(250);
  await new Promise((resolve) => setTimeout(resolve, 800));
  recorder.stop();
  await stopped;
  const url = URL.createObjectURL(new Blob(chunks, { type: 'video/webm' }));
  signal.addEventListener('abort', () => URL.revokeObjectURL(url), { once: true });
  const player = video();
  const loaded = new Promise((resolve) => player.addEventListener('loadedmetadata', resolve));
  player.src = url;
  await loaded;
  return player.duration === Infinity ? 'Infinity' : 'A number of seconds';
}
