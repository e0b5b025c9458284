import type { Entry } from '../../rtc/timeline.ts';
import { lastAtOrBefore } from '../panels/model/fold.ts';

/** What is marked along the scrubber, from top to bottom. */
export const lanes = ['signals', 'states', 'errors'] as const;
export type Lane = (typeof lanes)[number];

/** What an entry is marked as; undefined for the many that are not. */
export function laneOf(entry: Entry): Lane | undefined {
  switch (entry.kind) {
    case 'signal-sent':
    case 'signal-received':
      return 'signals';
    case 'connection-state':
    case 'ice-connection-state':
    case 'dtls-transport-state':
      return entry.state === 'failed' ? 'errors' : 'states';
    case 'signaling-state':
    case 'ice-gathering-state':
    case 'first-frame':
    case 'data-channel':
      return 'states';
    case 'error':
    case 'fault':
    case 'candidate-error':
      return 'errors';
    case 'call-settled':
      return entry.outcome.ok ? undefined : 'errors';
    default:
      return undefined;
  }
}

/**
 * Where marks are drawn: for each lane the slots that have one, each once, in ascending order.
 *
 * @param slots how many marks fit side by side, 1 or more
 */
export function marksOf(entries: readonly Entry[], slots: number): Readonly<Record<Lane, readonly number[]>> {
  const marks: Record<Lane, Set<number>> = { signals: new Set(), states: new Set(), errors: new Set() };
  for (const [index, entry] of entries.entries()) {
    const lane = laneOf(entry);
    if (lane) marks[lane].add(slotOf(index, entries.length, slots));
  }
  return { signals: [...marks.signals], states: [...marks.states], errors: [...marks.errors] };
}

const slotOf = (index: number, count: number, slots: number): number =>
  count < 2 ? 0 : Math.round((index / (count - 1)) * (slots - 1));

/** A time under the scrubber. `place` is 0 … 1 from its left end. */
export interface Tick {
  readonly atMs: number;
  readonly place: number;
}

/** Times at even distances along the entries: where much happens at once, they lie close. */
export function ticksOf(entries: readonly Entry[], count: number): readonly Tick[] {
  const last = entries.length - 1;
  if (last < 1) return [];
  return Array.from({ length: count }, (_, tick) => {
    const place = tick / (count - 1);
    return { place, atMs: entries[Math.round(place * last)]?.atMs ?? 0 };
  });
}

/** The next marked entry before or after an index; the end of the list where there is none. */
export function nextMark(entries: readonly Entry[], from: number, by: 1 | -1): number {
  for (let index = from + by; index >= 0 && index < entries.length; index += by) {
    const entry = entries[index];
    if (entry && laneOf(entry)) return index;
  }
  return by < 0 ? 0 : Math.max(0, entries.length - 1);
}

/** Index of the entry that all panels show; the last one for «the end». −1 when there is none. */
export function indexOf(entries: readonly Entry[], focus: number | null): number {
  return focus === null ? entries.length - 1 : lastAtOrBefore(entries, focus, ({ seq }) => seq);
}

/** The entry that was the latest one at a time; the first one before that. */
export function indexAt(entries: readonly Entry[], atMs: number): number {
  return Math.max(
    0,
    lastAtOrBefore(entries, atMs, (entry) => entry.atMs),
  );
}

export const speeds = [0.1, 0.25, 1, 4] as const;
export type Speed = (typeof speeds)[number];
