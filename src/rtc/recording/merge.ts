import type { Entry, EntryKind, EntryOf, PeerLabel, RtcEvent } from '../timeline.ts';
import type { Recording } from './schema.ts';

/** Something that was seen beside a run, with its time by that run's clock in milliseconds; it may be below 0. */
export type Sighting = RtcEvent & { readonly peer: PeerLabel; readonly atMs: number };

/**
 * One recording from the two that the pages of one call made, each of which saw its own half.
 *
 * Their clocks are compared by the signals that crossed: none is received before it was sent, which bounds the
 * difference from both sides as in NTP (RFC 5905 §8). Each page keeps its own order, and numbers of calls do not meet.
 *
 * @param laterMs how much later the other run began, where both clocks are known; in the middle of the bounds when left out
 */
export function mergeRecordings(one: Recording, other: Recording, laterMs?: number): Recording {
  const difference = clockDifference(one.entries, other.entries, laterMs);
  const firstCallOfOther = 1 + Math.max(0, ...one.entries.map((entry) => ('call' in entry ? entry.call : 0)));
  const shifted = other.entries.map((entry): Entry => {
    const atMs = entry.atMs + difference;
    return 'call' in entry ? { ...entry, atMs, call: entry.call + firstCallOfOther } : { ...entry, atMs };
  });
  // Both pages say that the run began and that it ended. It is one: from the first of these to the last, and it ended
  // for the reason that came first, since the other page only followed.
  const said = <K extends EntryKind>(kind: K) =>
    [...one.entries, ...shifted]
      .filter((entry): entry is EntryOf<K> => entry.kind === kind)
      .toSorted((a, b) => a.atMs - b.atMs);
  const [firstEnd, ...ends] = said('run-ended');
  const lastEnd = ends.at(-1);
  const repeated = new Set<Entry>([
    ...said('run-started').slice(1),
    ...(lastEnd && firstEnd ? [firstEnd] : []),
  ]);
  const own = (entries: readonly Entry[]) =>
    entries
      .filter((entry) => !repeated.has(entry))
      .map((entry) => (entry === lastEnd && firstEnd ? { ...lastEnd, why: firstEnd.why } : entry));
  const union = (a: readonly PeerLabel[], b: readonly PeerLabel[]) => [...new Set([...a, ...b])];
  return {
    ...one,
    peers: union(one.peers, other.peers),
    hosted: union(one.hosted, other.hosted).toSorted((a, b) => one.peers.indexOf(a) - one.peers.indexOf(b)),
    entries: numbered(inOrder(own(one.entries), own(shifted))),
  };
}

/** A recording with what was seen beside it: packets on their way, say. Sightings before its begin are left out. */
export function withSightings(recording: Recording, sightings: readonly Sighting[]): Recording {
  const seen = sightings
    .filter(({ atMs }) => atMs >= 0)
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((sighting) => ({ ...sighting, seq: 0 }));
  return { ...recording, entries: numbered(inOrder(seen, recording.entries)) };
}

/** How much later the other's clock began, within the bounds that the signals between them set. */
function clockDifference(one: readonly Entry[], other: readonly Entry[], wanted?: number): number {
  const least = Math.max(-Infinity, ...crossings(one, other).map(([sent, received]) => sent - received));
  const most = Math.min(Infinity, ...crossings(other, one).map(([sent, received]) => received - sent));
  if (wanted !== undefined) return Math.max(least, Math.min(most, wanted));
  if (Number.isFinite(least) && Number.isFinite(most)) return (least + most) / 2;
  return [least, most].find(Number.isFinite) ?? 0;
}

/** When each signal was sent by the one page's clock and received by the other's. */
function crossings(
  from: readonly Entry[],
  to: readonly Entry[],
): (readonly [sentMs: number, receivedMs: number])[] {
  const sent = new Map(
    from.flatMap((entry) => (entry.kind === 'signal-sent' ? [[entry.id, entry.atMs]] : [])),
  );
  return to.flatMap((entry) => {
    const sentMs = entry.kind === 'signal-received' ? sent.get(entry.id) : undefined;
    return sentMs === undefined ? [] : [[sentMs, entry.atMs] as const];
  });
}

/** Both in the order of their times; what is sent comes first where a time is the same, or the clocks drifted apart. */
function inOrder(one: readonly Entry[], other: readonly Entry[]): Entry[] {
  const queues = [one.toReversed(), other.toReversed()];
  const notYetSent = new Set(
    queues.flat().flatMap((entry) => (entry.kind === 'signal-sent' ? [entry.id] : [])),
  );
  const mayCome = (entry: Entry) => entry.kind !== 'signal-received' || !notYetSent.has(entry.id);
  const merged: Entry[] = [];
  for (;;) {
    const [first, second] = queues
      .filter((queue) => queue.length > 0)
      .toSorted((a, b) => (a.at(-1)?.atMs ?? 0) - (b.at(-1)?.atMs ?? 0));
    const waits = first?.at(-1);
    const next = waits && second && !mayCome(waits) ? second.pop() : first?.pop();
    if (!next) return merged;
    if (next.kind === 'signal-sent') notYetSent.delete(next.id);
    merged.push(next);
  }
}

/** Numbered anew, from time 0, and with times that never go back. */
function numbered(entries: readonly Entry[]): Entry[] {
  const startMs = Math.min(0, entries[0]?.atMs ?? 0);
  let lastMs = 0;
  return entries.map((entry, seq) => {
    lastMs = Math.max(lastMs, entry.atMs - startMs);
    return { ...entry, seq, atMs: lastMs };
  });
}
