// file: it cannot be played
export async function record(stream: MediaStream, ms: number): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  let last = new Blob();
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size > 0) last = data;
  });
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start(500);
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.stop();
  await stopped;
  return last;
}
