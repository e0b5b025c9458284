/** What the tasks ask of a column's record: is it done? The same questions, whichever code was at work. */
import { participantOf } from '../lab-kit/compare/measures.ts';
import type { Entry, EntryKind, EntryOf, PeerLabel } from '../rtc/timeline.ts';

/** Somebody's entries of some kinds, of all connections but those by which a library only tries the browser. */
export const entriesOf = <K extends EntryKind>(
  entries: readonly Entry[],
  person: PeerLabel,
  ...kinds: readonly K[]
): EntryOf<K>[] =>
  entries.filter(
    (entry): entry is EntryOf<K> =>
      kinds.some((kind) => kind === entry.kind) &&
      participantOf(entry.peer) === person &&
      !entry.peer.includes('/probe'),
  );

/** How many messages a person has received over data channels. */
export const messagesTo = (entries: readonly Entry[], person: PeerLabel): number =>
  entriesOf(entries, person, 'data-message').filter(({ side }) => side === 'received').length;

/** How many pictures a person has seen begin. */
export const picturesOf = (entries: readonly Entry[], person: PeerLabel): number =>
  entriesOf(entries, person, 'first-frame').length;
