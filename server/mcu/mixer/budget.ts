/** Bits per second that the picture may have: what 640 × 360 needs, and what is still a picture. */
const MOST_BPS = 1_200_000;
const LEAST_BPS = 200_000;
/** Shares of packets: above it there is less, below it there is more. */
const TOO_MUCH = 0.1;
const NOTHING = 0.02;
const STEP_MS = 1_000;

/**
 * What the one encoder may make for all, by what its receivers lose: as a sender without better feedback decides
 * (draft-ietf-rmcat-gcc-02 §6). The worst line decides for all: that is the price of encoding once.
 */
export class Budget {
  #bps = MOST_BPS;
  #worst = 0;
  #since: number | undefined;

  get bps(): number {
    return Math.round(this.#bps);
  }

  /** @param lost share of the packets since the last report, 0 … 1 */
  report(lost: number, nowMs: number): void {
    this.#since ??= nowMs;
    this.#worst = Math.max(this.#worst, lost);
    if (nowMs - this.#since < STEP_MS) return;
    if (this.#worst > TOO_MUCH) this.#bps *= 1 - this.#worst / 2;
    else if (this.#worst < NOTHING) this.#bps *= 1.08;
    this.#bps = Math.min(MOST_BPS, Math.max(LEAST_BPS, this.#bps));
    this.#worst = 0;
    this.#since = nowMs;
  }
}
