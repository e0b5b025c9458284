/** A packet that was asked for and has not come is asked for again after so long, in milliseconds. */
const RETRY_MS = 60;
const MAX_TRIES = 8;
/** More than this cannot be repaired in time. */
const MAX_MISSING = 256;

interface Gap {
  tries: number;
  askedMs: number;
}

/** The sequence numbers that have not come, of one stream. */
export class Missing {
  /** In the order in which they were missed. */
  readonly #gaps = new Map<number, Gap>();
  readonly #maxTries: number;

  /** @param canRepeat false: the sender repeats nothing, so that what is missing is only waited for */
  constructor(canRepeat: boolean) {
    this.#maxTries = canRepeat ? MAX_TRIES : 0;
  }

  get size(): number {
    return this.#gaps.size;
  }

  /** @returns true: too much is missing; all is forgotten */
  add(from: number, count: number, nowMs: number): boolean {
    if (this.#gaps.size + count > MAX_MISSING) {
      this.#gaps.clear();
      return true;
    }
    // Without tries they are given up when the time for a first one is over.
    const askedMs = this.#maxTries > 0 ? -Infinity : nowMs;
    for (let index = 0; index < count; index++)
      this.#gaps.set((from + index) & 0xffff, { tries: 0, askedMs });
    return false;
  }

  delete(sequence: number): boolean {
    return this.#gaps.delete(sequence);
  }

  clear(): void {
    this.#gaps.clear();
  }

  /** What to ask for now, and whether something was given up, so that only a key frame helps. */
  due(nowMs: number): { sequences: number[]; isLost: boolean } {
    const sequences: number[] = [];
    let isLost = false;
    for (const [sequence, gap] of this.#gaps) {
      if (nowMs - gap.askedMs < RETRY_MS) continue;
      if (gap.tries >= this.#maxTries) {
        this.#gaps.delete(sequence);
        isLost = true;
      } else {
        gap.tries += 1;
        gap.askedMs = nowMs;
        sequences.push(sequence);
      }
    }
    return { sequences, isLost };
  }
}
