import type { Entry, PeerLabel } from '../../../rtc/timeline.ts';
import { groupOf, type Group } from './describe.ts';
import { fold, type Fold } from './fold.ts';

export interface RowFilter {
  /** Only this peer's entries; null for all. `lab` is the bench itself. */
  readonly peer: PeerLabel | null;
  /** Groups that are left out. */
  readonly hidden: ReadonlySet<Group>;
}

/** The rows of the timeline: the entries that the filter lets through, in the order of recording. */
export function rowsFold({ peer, hidden }: RowFilter): Fold<Entry[]> {
  return fold<Entry[]>(
    () => [],
    (rows, entry) => {
      if ((peer === null || entry.peer === peer) && !hidden.has(groupOf(entry))) rows.push(entry);
    },
  );
}

/** How many entries each group has. */
export function groupCounts(): Fold<Map<Group, number>> {
  return fold(
    () => new Map(),
    (counts, entry) => void counts.set(groupOf(entry), (counts.get(groupOf(entry)) ?? 0) + 1),
  );
}
