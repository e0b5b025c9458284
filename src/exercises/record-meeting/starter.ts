/** One file of all: their pictures side by side, their voices in one track. */
export async function recordMeeting(
  context: AudioContext,
  streams: readonly MediaStream[],
  ms: number,
): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 960, height: 180 });
  const mix = context.createMediaStreamDestination();
  // What is drawn to the canvas, and what is connected to the mix?
  console.log(streams.length, 'streams for', ms, 'ms', canvas.width, mix.stream.id);
  return new Blob();
}
