import { readFrameCode } from '../../rtc/media/frame-code.ts';
import type { SeenFrame } from './eyes.ts';

/** How often an element is looked at, in milliseconds: more often than pictures come. */
const LOOK_MS = 30;

/**
 * Watches the `<video>` that a learner's code fills, by the pixels that it shows. It may be another one at any time.
 *
 * Properties are read by the getters of the browser's prototypes: what the code puts on the element changes nothing.
 */
export class Rendered {
  /** The frames of the drawn picture that the element showed while it held a received track. */
  readonly frames: SeenFrame[] = [];
  readonly #find: () => HTMLVideoElement | null;

  /** @param received the tracks that count; a picture of another track is not looked at */
  constructor(
    find: () => HTMLVideoElement | null,
    received: () => readonly MediaStreamTrack[],
    now: () => number,
    signal: AbortSignal,
  ) {
    this.#find = find;
    const look = () => {
      const video = find();
      if (!video || !this.tracks.some((track) => track.kind === 'video' && received().includes(track)))
        return;
      const code = readFrameCode(video);
      const last = this.frames.at(-1);
      if (code && (last?.frame !== code.frame || last.peer !== code.peer))
        this.frames.push({ frame: code.frame, peer: code.peer, atMs: now() });
    };
    const timer = setInterval(look, LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  /** The tracks of the stream in `srcObject`; none when there is no stream. */
  get tracks(): readonly MediaStreamTrack[] {
    const video = this.#find();
    const given =
      video && Reflect.get<HTMLMediaElement, 'srcObject'>(HTMLMediaElement.prototype, 'srcObject', video);
    return given ? getTracks.call(given) : [];
  }

  /** `paused` as the browser has it; undefined without an element. */
  get paused(): boolean | undefined {
    const video = this.#find();
    return video
      ? Reflect.get<HTMLMediaElement, 'paused'>(HTMLMediaElement.prototype, 'paused', video)
      : undefined;
  }
}

/** As the browser made it: taken before any learner's code has run. */
// oxlint-disable-next-line typescript/unbound-method -- it is bound with each call
const getTracks: (this: MediaProvider) => MediaStreamTrack[] = globalThis.MediaStream?.prototype.getTracks;

/** A place in the page for what a learner's code shows. It goes with the attempt. */
export function openPlace(signal: AbortSignal): HTMLElement {
  const place = document.createElement('div');
  place.ariaHidden = 'true';
  place.inert = true;
  place.style.cssText =
    'position: fixed; inset: 0 auto auto 0; inline-size: 320px; block-size: 220px; overflow: hidden; opacity: 0; pointer-events: none;';
  document.body.append(place);
  signal.addEventListener('abort', () => place.remove(), { once: true });
  return place;
}
