import type { Entry } from '../../../rtc/timeline.ts';

/** Something computed from the entries before `end`. */
export type Fold<S> = (list: readonly Entry[], end?: number) => S;

/**
 * Computes a state from the entries, one entry at a time, and goes on where it stopped.
 *
 * A panel asks again each time the list has grown: from the start every time would be quadratic over a run. Asked for
 * an earlier end, or for another list, it starts anew.
 *
 * @param start makes the state before the first entry
 * @param step  takes one entry into the state, in place
 */
export function fold<S>(start: () => S, step: (state: S, entry: Entry) => void): Fold<S> {
  let state = start();
  let source: readonly Entry[] | undefined;
  let done = 0;
  return (list, end = list.length) => {
    if (list !== source || end < done) {
      source = list;
      state = start();
      done = 0;
    }
    for (; done < end; done++) step(state, list[done]!);
    return state;
  };
}

/**
 * How many entries of the list are to be shown: all for «now», else those up to the focused one.
 *
 * @param focus `seq` of the entry that all panels show, or null for «now»
 */
export function endAt(list: readonly Entry[], focus: number | null): number {
  if (focus === null) return list.length;
  return lastAtOrBefore(list, focus, ({ seq }) => seq) + 1;
}

/** Index of the last item whose key is at most `limit`, or −1. The keys ascend. */
export function lastAtOrBefore<T>(items: readonly T[], limit: number, key: (item: T) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key(items[middle]!) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
