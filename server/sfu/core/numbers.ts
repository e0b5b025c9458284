import { ahead } from '../../rtp/rtp.ts';

/** So far behind the newest number a late one may be; for what is older nothing is remembered. */
const REACH = 512;

/**
 * Numbers of a stream that goes out, made from those of a stream that comes in: sequence numbers, picture ids and the
 * like, which begin anew after 2^bits.
 *
 * They go on without a gap where another stream takes over ({@link begin}) and where something is left out ({@link drop}).
 * What is missing on the way in keeps its number on the way out, so that it fits in when it comes late.
 */
export class Numbers {
  readonly #bits: 8 | 15 | 16;
  /** The highest number that came, and the first one since {@link begin}; counted on beyond 2^bits. */
  #highest = 0;
  #first = Infinity;
  /** What is added. */
  #shift = 0;
  /** Left out and not older than {@link REACH}, ascending. */
  #dropped: number[] = [];
  /** The highest that went out. */
  #last: number;

  /** @param first the first number that goes out */
  constructor(bits: 8 | 15 | 16, first: number) {
    this.#bits = bits;
    this.#last = first - 1;
  }

  /** From here on another stream comes in: this number of it goes out as the one after the highest. */
  begin(number: number): void {
    this.#highest = this.#first = number;
    this.#shift = this.#last + 1 - number;
    this.#dropped = [];
  }

  /** Undefined: from before the beginning, left out, or too old. */
  map(number: number): number | undefined {
    const at = this.#extend(number);
    if (at < this.#first) return undefined;
    let before = this.#dropped.length;
    while (before > 0 && this.#dropped[before - 1]! > at) before--;
    if (this.#dropped[before - 1] === at) return undefined;
    const out = at + this.#shift - before;
    this.#highest = Math.max(this.#highest, at);
    this.#last = Math.max(this.#last, out);
    return this.#wrap(out);
  }

  /** Leaves a number out. False: it is not the newest, so that its place is kept free already. */
  drop(number: number): boolean {
    const at = this.#extend(number);
    if (at <= this.#highest) return false;
    // What was not seen yet but is older than this one has its numbers before it.
    this.#last = Math.max(this.#last, at - 1 + this.#shift - this.#dropped.length);
    this.#highest = at;
    this.#dropped.push(at);
    while (this.#dropped[0]! < at - REACH) {
      this.#first = Math.max(this.#first, this.#dropped.shift()! + 1);
      this.#shift -= 1;
    }
    return true;
  }

  /** Which number came in as this one; undefined for one that did not go out since the beginning. */
  original(out: number): number | undefined {
    let at = this.#last + ahead(out, this.#wrap(this.#last), this.#bits) - this.#shift;
    for (const dropped of this.#dropped) if (dropped <= at) at++;
    return at < this.#first || at > this.#highest ? undefined : this.#wrap(at);
  }

  #extend(number: number): number {
    return this.#highest + ahead(number, this.#wrap(this.#highest), this.#bits);
  }

  #wrap(number: number): number {
    return number & (2 ** this.#bits - 1);
  }
}
