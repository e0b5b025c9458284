import { callSteps, mediaSteps } from '../order.ts';
import type { Entry, PeerLabel } from '../timeline.ts';

/** A moment that every call has: the same `id` in another run is the same moment there. */
export interface Milestone {
  /** `0 offer-set`, `1 answerer-connected`: the call's place, and the step with roles in place of names. */
  readonly id: string;
  /** With the names of this run. */
  readonly text: string;
  readonly seq: number;
  readonly atMs: number;
}

/** Who called whom, in the order of the offers; from the signals, or from the descriptions where none were recorded. */
export function callsIn(
  entries: readonly Entry[],
): readonly (readonly [offerer: PeerLabel, answerer: PeerLabel])[] {
  const calls = new Map<string, readonly [PeerLabel, PeerLabel]>();
  const add = (from: PeerLabel, to: PeerLabel) => {
    const key = JSON.stringify([from, to].toSorted());
    if (!calls.has(key)) calls.set(key, [from, to]);
  };
  for (const entry of entries) {
    if (entry.kind !== 'signal-sent' && entry.kind !== 'signal-received') continue;
    if (!('description' in entry.signal) || entry.signal.description.type !== 'offer') continue;
    if (entry.kind === 'signal-sent') add(entry.peer, entry.to);
    else add(entry.from, entry.peer);
  }
  if (calls.size === 0) {
    const offered = (side: 'local' | 'remote') =>
      entries.find((one) => one.kind === 'description' && one.side === side && one.type === 'offer')?.peer;
    const [from, to] = [offered('local'), offered('remote')];
    if (from !== undefined || to !== undefined) add(from ?? 'the other side', to ?? 'the other side');
  }
  return [...calls.values()];
}

/** The moments of each call that this run reached, in the order in which it did. */
export function milestones(entries: readonly Entry[]): readonly Milestone[] {
  const roles = [...callSteps('offerer', 'answerer'), ...mediaSteps('offerer', 'answerer')];
  const found = callsIn(entries).flatMap(([offerer, answerer], call) =>
    [...callSteps(offerer, answerer), ...mediaSteps(offerer, answerer)].flatMap(
      ({ text, is }, index): Milestone[] => {
        const first = entries.find(is);
        return first
          ? [{ id: `${call} ${roles[index]?.id ?? index}`, text, seq: first.seq, atMs: first.atMs }]
          : [];
      },
    ),
  );
  return found.toSorted((a, b) => a.seq - b.seq);
}

/**
 * Where another run stands at the same step.
 *
 * Between two milestones it keeps its share of the entries; what lies before the first one and after the last one
 * runs along.
 *
 * @param at index of the entry in `from`, 0 … length − 1
 * @returns index of an entry in `to`; −1 when it has none
 */
export function sameStep(at: number, from: Anchors, to: Anchors): number {
  if (to.length === 0) return -1;
  const shared = from.anchors.filter(({ id }) => to.places.has(id));
  // Milestones that came in another order in the other run cannot both be followed: the later one there counts.
  const ways: [from: number, to: number][] = [[0, 0]];
  for (const { id, index } of shared) {
    const there = to.places.get(id) ?? 0;
    const [lastFrom, lastTo] = ways.at(-1)!;
    if (index > lastFrom && there > lastTo) ways.push([index, there]);
  }
  ways.push([from.length - 1, to.length - 1]);
  const next = Math.max(
    1,
    ways.findIndex(([index]) => index >= at),
  );
  const [fromA, toA] = ways[next - 1]!;
  const [fromB, toB] = ways[next] ?? [fromA, toA];
  if (fromB <= fromA) return toB;
  return Math.floor(toA + ((at - fromA) / (fromB - fromA)) * (toB - toA));
}

/** The milestones of a run by index, as {@link sameStep} needs them. */
export interface Anchors {
  readonly length: number;
  readonly anchors: readonly { readonly id: string; readonly index: number }[];
  readonly places: ReadonlyMap<string, number>;
}

export function anchorsOf(entries: readonly Entry[]): Anchors {
  const indexOf = new Map(entries.map(({ seq }, index) => [seq, index]));
  const anchors = milestones(entries).map(({ id, seq }) => ({ id, index: indexOf.get(seq) ?? 0 }));
  return { length: entries.length, anchors, places: new Map(anchors.map(({ id, index }) => [id, index])) };
}
