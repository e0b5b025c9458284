/** What the tasks ask of a column's record: is it done? The same questions, whichever code was at work. */
import type { Entry, EntryKind, EntryOf, PeerLabel } from '../rtc/timeline.ts';

/** Whose entry it is: a person's further connections are `alice/2`, `alice/3`. */
export const personOf = ({ peer }: Pick<Entry, 'peer'>): PeerLabel => peer.split('/', 1)[0] ?? peer;

/** The entries of one kind of one person, of all connections. */
export const entriesOf = <K extends EntryKind>(
  entries: readonly Entry[],
  person: PeerLabel,
  kind: K,
): EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind && personOf(entry) === person);

/** How many messages a person has received over data channels. */
export const messagesTo = (entries: readonly Entry[], person: PeerLabel): number =>
  entriesOf(entries, person, 'data-message').filter(({ side }) => side === 'received').length;

/** How many pictures a person has seen begin. */
export const picturesOf = (entries: readonly Entry[], person: PeerLabel): number =>
  entriesOf(entries, person, 'first-frame').length;
