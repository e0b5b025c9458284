// duration: Sought to its end, it is
export async function record(stream: MediaStream): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  const file = new Promise<Blob>((resolve) =>
    recorder.addEventListener('dataavailable', ({ data }) => resolve(data)),
  );
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  recorder.stop();
  return file;
}
