/** What a file that a MediaRecorder has made says of itself when an element plays it. */

/** How long a browser may take to read the head of a file, or to find its end; generously. */
const READ_TIMEOUT_MS = 5_000;

/** Seconds. `first` is what the element says at once, `found` what it says when its end has been looked for. */
export interface RecordedDuration {
  readonly first: number;
  readonly found: number;
}

/**
 * How long a recording is.
 *
 * A recorder that gives away pieces writes the head of a WebM file before it knows the length, so that Chromium calls
 * it infinite. Seeking far beyond the end makes the browser read the whole file; then it knows. The element stands at its beginning afterwards.
 *
 * @param video plays the file from a `blob:` URL that has just been set
 * @throws {Error} when the browser cannot read the file, or not in time
 */
export async function durationOf(video: HTMLVideoElement): Promise<RecordedDuration> {
  if (video.readyState < HTMLMediaElement.HAVE_METADATA) await event(video, 'loadedmetadata');
  const first = video.duration;
  if (Number.isFinite(first)) return { first, found: first };
  const isKnown = event(video, 'durationchange', () => Number.isFinite(video.duration));
  video.currentTime = Number.MAX_SAFE_INTEGER;
  await isKnown;
  const found = video.duration;
  const isBack = event(video, 'seeked', () => video.currentTime === 0);
  video.currentTime = 0;
  await isBack;
  return { first, found };
}

/**
 * Whether a file that has been played, or sought through, has sound in it. Neither browser has `audioTracks`; each
 * tells in a way of its own.
 */
export function hasSound(video: HTMLVideoElement): boolean {
  const { mozHasAudio, webkitAudioDecodedByteCount } = video as HTMLVideoElement & {
    readonly mozHasAudio?: boolean;
    readonly webkitAudioDecodedByteCount?: number;
  };
  return mozHasAudio ?? (webkitAudioDecodedByteCount ?? 0) > 0;
}

function event(video: HTMLVideoElement, name: string, counts: () => boolean = () => true): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = new AbortController();
    const end = (act: () => void) => {
      clearTimeout(timer);
      done.abort();
      act();
    };
    const timer = setTimeout(
      () =>
        end(() => reject(new Error(`The browser did not read the file within ${READ_TIMEOUT_MS / 1000} s.`))),
      READ_TIMEOUT_MS,
    );
    video.addEventListener(name, () => counts() && end(resolve), { signal: done.signal });
    video.addEventListener(
      'error',
      () => end(() => reject(new Error(`The browser cannot read the file: ${video.error?.message ?? ''}`))),
      { signal: done.signal },
    );
  });
}
