/** An estimate that falls so far below the one before, and below what is sent, means that the line is full. */
const FELL = 0.9;
const SHORT = 0.75;
/** Two reports in a row of so much loss mean the same (RFC 8698 and GCC take 10 % as the mark). */
const LOSS = 0.1;
/** A limit holds so long before more is tried; twice as long each time that this was too much. Milliseconds. */
const HOLD_MS = { first: 2_000, most: 32_000 };
/** After that it grows so much in a second, up to where it is none any more. */
const GROWTH = 1.15;
const NO_LIMIT_BPS = 20_000_000;
/** What any line is thought to hold. */
const LEAST_BPS = 30_000;

/**
 * What a receiver's line holds.
 *
 * The estimate that a browser tells (REMB) grows with what it is sent: it is at most half as much again. While nothing
 * points to a full line, it is therefore no limit; more is tried. When the estimate falls below what is sent, or much is
 * lost, the line has shown what it holds: that is the limit for a while.
 */
export class Line {
  /** As the receiver told it last, bits per second; undefined: never. */
  estimateBps: number | undefined;
  #limitBps = Infinity;
  #heldUntilMs = -Infinity;
  #holdMs = HOLD_MS.first;
  #grownMs = 0;
  #losses = 0;

  /** @param estimateBps what the receiver tells @param sentBps what it was sent in the last second */
  remb(estimateBps: number, sentBps: number, nowMs: number): void {
    const before = this.estimateBps ?? 0;
    this.estimateBps = estimateBps;
    if (estimateBps < before * FELL && estimateBps < sentBps * SHORT) this.#isFull(estimateBps, nowMs);
  }

  /** @param share of what was sent, 0 to 1: one report */
  lost(share: number, sentBps: number, nowMs: number): void {
    this.#losses = share >= LOSS ? this.#losses + 1 : 0;
    if (this.#losses >= 2) this.#isFull(sentBps * (1 - share), nowMs);
  }

  /** Bits per second that may be sent; Infinity where no limit has shown. */
  budgetBps(nowMs: number): number {
    if (this.#limitBps === Infinity || nowMs < this.#heldUntilMs) return this.#limitBps;
    this.#limitBps *= GROWTH ** ((nowMs - this.#grownMs) / 1000);
    this.#grownMs = nowMs;
    if (this.#limitBps > NO_LIMIT_BPS) {
      this.#limitBps = Infinity;
      this.#holdMs = HOLD_MS.first;
    }
    return this.#limitBps;
  }

  #isFull(holdsBps: number, nowMs: number): void {
    this.#limitBps = Math.max(LEAST_BPS, Math.min(this.#limitBps, holdsBps));
    // What comes in the same moment is the same finding.
    if (nowMs >= this.#heldUntilMs) this.#holdMs = Math.min(HOLD_MS.most, this.#holdMs * 2);
    this.#heldUntilMs = this.#grownMs = nowMs + this.#holdMs / 2;
    this.#losses = 0;
  }
}
