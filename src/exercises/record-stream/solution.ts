/** Records a stream. @param ms how long, in milliseconds */
export async function record(stream: MediaStream, ms: number): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void chunks.push(data));
  const started = new Promise((resolve) => recorder.addEventListener('start', resolve));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start();
  await started;
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.stop();
  await stopped;
  return new Blob(chunks, { type: chunks[0]?.type ?? '' });
}
