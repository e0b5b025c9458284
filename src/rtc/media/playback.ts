import { RtcError, toRtcError } from '../errors.ts';
import { untilAborted } from './until-aborted.ts';

export interface PlaybackOptions {
  /** Takes the stream off the element again. */
  readonly signal: AbortSignal;
  /** Without sound playback may start without a click; `true` when left out. */
  readonly muted?: boolean;
  /** Called once, when the first frame is decoded, with its size in pixels. */
  readonly onFirstFrame?: (width: number, height: number) => void;
}

/**
 * Plays a stream in a `<video>`, and says when the first frame is there.
 *
 * Resolves when playback has started. A stream without tracks may be attached: it starts with its first one.
 *
 * @throws {RtcError} `autoplay-blocked` when the browser wants a click first: call `video.play()` in that click, the
 *   stream stays attached; `stopped` when `signal` aborts first
 * @see HTML, "media elements", §4.8.11.8 (play) · Video requestVideoFrameCallback (WICG)
 */
export async function attachStream(
  video: HTMLVideoElement,
  stream: MediaStream,
  { signal, muted = true, onFirstFrame }: PlaybackOptions,
): Promise<void> {
  if (signal.aborted) throw new RtcError('stopped');
  signal.addEventListener(
    'abort',
    () => {
      if (video.srcObject === stream) video.srcObject = null; // else it was given another one since
    },
    { once: true },
  );
  video.playsInline = true; // else iPhones open it full screen
  video.autoplay = true;
  video.muted = muted;
  if (video.srcObject !== stream) video.srcObject = stream; // setting it again restarts playback
  if (onFirstFrame) watchFirstFrame(video, signal, onFirstFrame);
  try {
    await untilAborted(video.play(), signal);
  } catch (error) {
    if (signal.aborted) throw new RtcError('stopped', undefined, { cause: error });
    // A new track interrupts play() and, with autoplay, starts it again by itself.
    if (isNamed(error, 'AbortError') && video.srcObject === stream) return;
    throw toRtcError(error, isNamed(error, 'NotAllowedError') ? 'autoplay-blocked' : 'unexpected');
  }
}

/**
 * The frame callback is exact, but is not called in a background tab and missing in old browsers;
 * `loadeddata` comes with the first decoded frame in each of them. Whichever is first.
 */
function watchFirstFrame(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onFirstFrame: (width: number, height: number) => void,
): void {
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const seen = (width: number, height: number) => {
    if (stop.aborted || width === 0) return;
    done.abort();
    onFirstFrame(width, height);
  };
  const look = () => {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    // Chromium gives the element data when the last track ends, even if no frame ever came.
    const stream = video.srcObject; // of a frame, it is no instance of this page's MediaStream
    const tracks = stream && 'getVideoTracks' in stream ? stream.getVideoTracks() : [];
    if (tracks.some(({ readyState }) => readyState === 'live')) seen(video.videoWidth, video.videoHeight);
  };
  // An audio track alone loads data too: `resize` and `timeupdate` come when video follows.
  for (const event of ['loadeddata', 'resize', 'timeupdate'] as const)
    video.addEventListener(event, look, { signal: stop });
  // Its type says always; browsers have it since Chromium 83, Safari 15.4 and Firefox 132.
  if (!Reflect.has(video, 'requestVideoFrameCallback')) return;
  const handle = video.requestVideoFrameCallback((_, { width, height }) => seen(width, height));
  stop.addEventListener('abort', () => video.cancelVideoFrameCallback(handle), { once: true });
}

const isNamed = (error: unknown, name: string) => error instanceof DOMException && error.name === name;
