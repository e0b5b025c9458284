/** Every second: while a connection is young, while it is not up, while somebody looks. Milliseconds. */
const DENSE_MS = 1_000;
/** A connection that is up is watched closely for so long. */
const YOUNG_MS = 60_000;
const SPARSE_MS = 5_000;
/** An interval is at least this share of the connection's age: the list of samples grows with the logarithm of time. */
const SHARE_OF_AGE = 1 / 360;

export const SPARSE_NOTE =
  'from here on statistics are sampled every 5 seconds, more rarely after half an hour, and every second while somebody looks or the connection is not up';

export interface Situation {
  /** Since the connection was opened, in milliseconds. */
  readonly ageMs: number;
  /** Whether it is up. */
  readonly isSettled: boolean;
  readonly isInspected: boolean;
}

/**
 * Time between two samples of a connection's statistics.
 *
 * A sample of a link is about 2 kB of JSON. At one a second an hour of six people would be 36 MB in each page; this
 * way it is 3 MB, and eight hours are not twice of that.
 *
 * @returns milliseconds, 1000 or more
 */
export function sampleIntervalMs({ ageMs, isSettled, isInspected }: Situation): number {
  if (isInspected || !isSettled || ageMs < YOUNG_MS) return DENSE_MS;
  return Math.max(SPARSE_MS, ageMs * SHARE_OF_AGE);
}
