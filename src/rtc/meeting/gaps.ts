import type { PeerId } from '../../protocol/signaling.ts';

/** How long nothing new of somebody was seen, in milliseconds. Null: nothing of them came in time, or nothing was to. */
export type Gaps = ReadonlyMap<PeerId, number | null>;

/**
 * When the frames of one track are presented, by `requestVideoFrameCallback()` of an element that nobody sees. A hidden
 * page presents none.
 */
class Eye {
  readonly #video = document.createElement('video');
  readonly #seen: (atMs: number) => void;
  #isClosed = false;

  constructor(track: MediaStreamTrack, seen: (atMs: number) => void) {
    this.#seen = seen;
    const video = this.#video;
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => {}); // closed before it began
    this.#next();
  }

  close(): void {
    this.#isClosed = true;
    this.#video.srcObject = null;
  }

  #next(): void {
    this.#video.requestVideoFrameCallback((nowMs) => {
      if (this.#isClosed) return;
      this.#seen(nowMs);
      this.#next();
    });
  }
}

interface Sight {
  lastOldMs: number | undefined;
  firstNewMs: number | undefined;
  readonly eyes: Eye[];
}

/**
 * Measures, while one engine takes the place of another, how long nothing new is presented of each participant: from the
 * last frame of the old track before the change to the first one of the new track after it.
 */
export class GapMeter {
  readonly #sights = new Map<PeerId, Sight>();
  readonly #looked = new Map<PeerId, MediaStreamTrack>();
  #changedMs: number | undefined;

  /** Looks at what is shown of everybody now. */
  constructor(present: ReadonlyMap<PeerId, MediaStreamTrack>) {
    if (!('document' in globalThis) || !Reflect.has(HTMLVideoElement.prototype, 'requestVideoFrameCallback'))
      return;
    for (const [peer, track] of present) {
      const sight: Sight = { lastOldMs: undefined, firstNewMs: undefined, eyes: [] };
      const seen = (atMs: number) => {
        if (this.#changedMs === undefined || atMs <= this.#changedMs) sight.lastOldMs = atMs;
      };
      sight.eyes.push(new Eye(track, seen));
      this.#sights.set(peer, sight);
    }
  }

  /** Looks at what comes by the new engine. A mix is looked at for each of those in it. */
  expect(next: ReadonlyMap<PeerId, MediaStreamTrack>): void {
    for (const [peer, track] of next) {
      const sight = this.#sights.get(peer);
      if (!sight || this.#looked.get(peer) === track) continue;
      this.#looked.set(peer, track);
      const seen = (atMs: number) => {
        if (this.#changedMs !== undefined && atMs >= this.#changedMs) sight.firstNewMs ??= atMs;
      };
      sight.eyes.push(new Eye(track, seen));
    }
  }

  /** From now on the new one is shown. */
  changed(): void {
    this.#changedMs = performance.now();
  }

  /** Whether a frame of everybody has come who was seen before and is expected. */
  get isComplete(): boolean {
    return [...this.#sights.values()].every(
      ({ lastOldMs, firstNewMs }) => lastOldMs === undefined || firstNewMs !== undefined,
    );
  }

  get gaps(): Gaps {
    return new Map(
      [...this.#sights].map(([peer, { lastOldMs, firstNewMs }]) => [
        peer,
        lastOldMs === undefined || firstNewMs === undefined ? null : Math.max(0, firstNewMs - lastOldMs),
      ]),
    );
  }

  close(): void {
    for (const { eyes } of this.#sights.values()) for (const eye of eyes) eye.close();
  }
}
