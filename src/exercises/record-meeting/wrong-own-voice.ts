// voices: In its sound: alice.
/** One file of all: their pictures side by side, their voices in one track. */
export async function recordMeeting(
  context: AudioContext,
  streams: readonly MediaStream[],
  ms: number,
): Promise<Blob> {
  const canvas = Object.assign(document.createElement('canvas'), { width: 960, height: 180 });
  const surface = canvas.getContext('2d', { alpha: false });
  const mix = context.createMediaStreamDestination();
  const videos: HTMLVideoElement[] = [];
  for (const stream of streams) {
    const video = Object.assign(document.createElement('video'), {
      srcObject: stream,
      muted: true,
      playsInline: true,
    });
    await video.play(); // to draw from, and to wake a received sound
    videos.push(video);
    if (stream === streams[0]) context.createMediaStreamSource(stream).connect(mix);
  }
  const draw = () => {
    for (const [index, video] of videos.entries()) surface?.drawImage(video, index * 320, 0, 320, 180);
  };
  draw();
  const timer = setInterval(draw, 1000 / 15);
  const whole = new MediaStream([
    ...canvas.captureStream(15).getVideoTracks(),
    ...mix.stream.getAudioTracks(),
  ]);
  const recorder = new MediaRecorder(whole);
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void pieces.push(data));
  const isOver = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start();
  await new Promise((resolve) => setTimeout(resolve, ms));
  recorder.stop();
  await isOver;
  clearInterval(timer);
  return new Blob(pieces, { type: recorder.mimeType });
}
