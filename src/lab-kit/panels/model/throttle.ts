import type { Entry } from '../../../rtc/timeline.ts';

/** How often a growing list is looked at as a whole, in milliseconds. */
const INTERVAL_MS = 1000;

export interface Throttled<T> {
  readonly value: T;
  /** In how many milliseconds it is worth asking again; 0 when nothing has come since. */
  readonly againInMs: number;
}

/**
 * Computes something from a whole list that grows all the time, at most once a second.
 *
 * For what cannot be computed entry by entry. Another list is looked at at once, and so is the first growth after a
 * quiet second.
 *
 * @param now the clock, in milliseconds; monotonic
 */
export function throttle<T>(
  compute: (list: readonly Entry[]) => T,
  now: () => number = () => performance.now(),
): (list: readonly Entry[]) => Throttled<T> {
  let last: { list: readonly Entry[]; length: number; atMs: number; value: T } | undefined;
  return (list) => {
    if (last?.list === list) {
      if (last.length === list.length) return { value: last.value, againInMs: 0 };
      const sinceMs = now() - last.atMs;
      if (sinceMs < INTERVAL_MS) return { value: last.value, againInMs: INTERVAL_MS - sinceMs };
    }
    last = { list, length: list.length, atMs: now(), value: compute(list) };
    return { value: last.value, againInMs: 0 };
  };
}
