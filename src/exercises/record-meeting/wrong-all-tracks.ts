// file: A file of 320 × 180 pixels
/** Gives all the tracks to one recorder, which keeps the first of a kind. */
export async function recordMeeting(
  _context: AudioContext,
  streams: readonly MediaStream[],
  ms: number,
): Promise<Blob> {
  const recorder = new MediaRecorder(new MediaStream(streams.flatMap((stream) => stream.getTracks())));
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void pieces.push(data));
  const isOver = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.stop();
  await isOver;
  return new Blob(pieces, { type: recorder.mimeType });
}
