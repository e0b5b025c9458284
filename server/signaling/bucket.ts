/** How many messages a connection may send: `burst` at once, `perSec` in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perSec: number;
}

/** A token bucket. Time is passed in, in milliseconds of any clock that does not go back. */
export class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes one token. False when there is none left. */
  take(nowMs: number): boolean {
    const { burst, perSec } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * perSec);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
