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

  /** Takes tokens. False, and nothing taken, when there are not as many left. */
  take(nowMs: number, count = 1): boolean {
    if (!this.has(nowMs, count)) return false;
    this.#tokens -= count;
    return true;
  }

  /** Whether as many tokens are left. */
  has(nowMs: number, count = 1): boolean {
    const { burst, perSec } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#atMs) / 1000) * perSec);
    this.#atMs = nowMs;
    return this.#tokens >= count;
  }
}
