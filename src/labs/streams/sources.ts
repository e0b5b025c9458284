import { RtcError } from '../../rtc/errors.ts';

/** What makes a new stream out of a camera's; the tracks that it adds stop with the run. */
type Source = (camera: MediaStream, signal: AbortSignal) => Promise<MediaStream>;

/** The same source once more: each clone has its own `enabled` and its own `stop()` (mediacapture-main §4.3). */
export const clone: Source = (camera, signal) => {
  const stream = camera.clone();
  stopWith(signal, stream);
  return Promise.resolve(stream);
};

/** Camera → `<video>` → canvas → grey pixels → `canvas.captureStream()`; the sound goes past it. */
export const throughCanvas: Source = async (camera, signal) => {
  const video = await playing(camera, signal);
  const canvas = Object.assign(document.createElement('canvas'), {
    width: video.videoWidth,
    height: video.videoHeight,
  });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || !('captureStream' in canvas)) throw new RtcError('media-unsupported');
  const draw = () => {
    if (signal.aborted) return;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    makeGrey(picture.data);
    context.putImageData(picture, 0, 0);
    video.requestVideoFrameCallback(draw);
  };
  const stream = canvas.captureStream();
  draw();
  for (const track of camera.getAudioTracks()) stream.addTrack(track.clone());
  stopWith(signal, stream);
  return stream;
};

/**
 * Camera → `<video>` → `video.captureStream()`; the sound goes past it.
 *
 * @throws {RtcError} `media-unsupported` where elements cannot be captured (Safari)
 */
export const throughElement: Source = async (camera, signal) => {
  const video = await playing(camera, signal);
  const { captureStream } = video as { captureStream?: () => MediaStream };
  if (!captureStream) throw new RtcError('media-unsupported', 'This browser cannot capture an element.');
  const captured = captureStream.call(video);
  // Chromium's stream has its tracks at once; Firefox adds them a little later.
  if (captured.getVideoTracks().length === 0)
    await new Promise((resolve) => captured.addEventListener('addtrack', resolve, { once: true, signal }));
  const sounds = camera.getAudioTracks().map((track) => track.clone());
  const stream = new MediaStream([...captured.getVideoTracks(), ...sounds]);
  stopWith(signal, stream);
  return stream;
};

/** Each pixel becomes as bright as it was, and no more coloured. @param data RGBA, 8 bit each */
export function makeGrey(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const grey = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    data.fill(grey, at, at + 3);
  }
}

/** An element that plays the picture, in no page: it needs none for that. Its first frame is there. */
async function playing(stream: MediaStream, signal: AbortSignal): Promise<HTMLVideoElement> {
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true });
  video.srcObject = stream;
  signal.addEventListener('abort', () => (video.srcObject = null), { once: true });
  await video.play();
  return video;
}

function stopWith(signal: AbortSignal, stream: MediaStream): void {
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
}
