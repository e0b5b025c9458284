import type { Rate } from '../signaling/bucket.ts';

const SLOTS = 4_096;

/**
 * How many answers strangers get, for each address: a server that answers more than it is asked could be turned on
 * somebody else. Its memory is fixed: addresses share slots by hash, so it never grows with their number.
 */
export class AddressLimit {
  readonly #rate: Rate;
  readonly #tokens: Float64Array;
  readonly #atMs: Float64Array;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = new Float64Array(SLOTS).fill(rate.burst);
    this.#atMs = new Float64Array(SLOTS).fill(nowMs);
  }

  /** Takes one token of the address. False when there is none left. */
  take(address: string, nowMs: number): boolean {
    const slot = hash(address) % SLOTS;
    const { burst, perSec } = this.#rate;
    const earned = ((nowMs - this.#atMs[slot]!) / 1000) * perSec;
    const tokens = Math.min(burst, this.#tokens[slot]! + earned);
    this.#atMs[slot] = nowMs;
    this.#tokens[slot] = tokens < 1 ? tokens : tokens - 1;
    return tokens >= 1;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
