import type { EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';

/** A description as far as it has come. */
export interface Described {
  readonly type: RTCSdpType;
  readonly sdp: string;
  readonly atMs: number;
}

/** One exchange: an offer and, once it is there, its answer (RFC 9429 §3.2). */
export interface Negotiation {
  /** Counts from 1. */
  readonly number: number;
  offerer: PeerLabel | undefined;
  answerer: PeerLabel | undefined;
  offer: Described;
  answer?: Described;
  /** The offer was taken back, or gave way to the other side's (glare). */
  isRolledBack?: boolean;
}

/**
 * The description that the writer of this one had made before for the same reader; what it changed is seen against it.
 * An offer that was rolled back was never in force and does not count.
 */
export function previousOf(
  negotiations: readonly Negotiation[],
  { number, offerer, answerer }: Negotiation,
  side: 'offer' | 'answer',
): Described | undefined {
  const [writer, reader] = side === 'offer' ? [offerer, answerer] : [answerer, offerer];
  const before = negotiations.findLast((one) => {
    if (one.number >= number || one.isRolledBack) return false;
    if (one.offerer === writer && one.answerer === reader) return true;
    return one.answer !== undefined && one.answerer === writer && one.offerer === reader;
  });
  return before?.offerer === writer ? before?.offer : before?.answer;
}

type Step = EntryOf<'description'> | EntryOf<'signal-sent'> | EntryOf<'signal-received'>;

/**
 * All exchanges so far, oldest first.
 *
 * A description shows up to four times: set, sent, received, set. In a run over two tabs only half of that is seen here,
 * so each sighting fills in what it knows. What was sent wins over what was set before: it holds the candidates that
 * were found meanwhile, and it is what the other side reads.
 */
export function descriptionsFold(): Fold<Negotiation[]> {
  return fold<Negotiation[]>(
    () => [],
    (negotiations, entry) => {
      if (entry.kind === 'description') seen(negotiations, entry, entry.type, entry.sdp);
      else if (
        (entry.kind === 'signal-sent' || entry.kind === 'signal-received') &&
        'description' in entry.signal
      )
        seen(negotiations, entry, entry.signal.description.type, entry.signal.description.sdp);
    },
  );
}

function seen(negotiations: Negotiation[], entry: Step, type: RTCSdpType, sdp: string): void {
  const { writer, reader } = endsOf(entry);
  if (type === 'rollback') {
    const open = negotiations.findLast(
      (one) => one.answer === undefined && (one.offerer === writer || one.answerer === writer),
    );
    if (open) open.isRolledBack = true;
    return;
  }
  const described: Described = { type, sdp, atMs: entry.atMs };
  if (type === 'offer') {
    const known = negotiations.findLast((one) => isSameOffer(one, writer, reader, sdp));
    if (known) {
      known.offerer ??= writer;
      known.answerer ??= reader;
      if (entry.kind === 'signal-sent') known.offer = { ...described, atMs: known.offer.atMs };
      return;
    }
    negotiations.push({
      number: negotiations.length + 1,
      offerer: writer,
      answerer: reader,
      offer: described,
    });
    return;
  }
  const fitting = negotiations.filter(
    (one) =>
      agree(one.offerer, reader) &&
      agree(one.answerer, writer) &&
      !one.isRolledBack &&
      takes(one, entry, described),
  );
  // With several calls at once: an offer of which this peer is known to be an end goes before one that nobody has yet.
  const open =
    fitting.findLast(
      (one) =>
        (writer !== undefined && one.answerer === writer) || (reader !== undefined && one.offerer === reader),
    ) ?? fitting.at(-1);
  if (!open) return;
  open.offerer ??= reader;
  open.answerer ??= writer;
  if (!open.answer || open.answer.type === 'pranswer' || entry.kind === 'signal-sent')
    open.answer = { ...described, atMs: open.answer?.type === type ? open.answer.atMs : entry.atMs };
}

/** Who wrote the description and who reads it, as far as this entry tells. */
function endsOf(entry: Step): { writer: PeerLabel | undefined; reader: PeerLabel | undefined } {
  if (entry.kind === 'signal-sent') return { writer: entry.peer, reader: entry.to };
  if (entry.kind === 'signal-received') return { writer: entry.from, reader: entry.peer };
  return entry.side === 'local'
    ? { writer: entry.peer, reader: undefined }
    : { writer: undefined, reader: entry.peer };
}

const agree = (a: PeerLabel | undefined, b: PeerLabel | undefined): boolean =>
  a === undefined || b === undefined || a === b;

/** The first line that differs between two offers of one connection is `o=`, whose version grows (RFC 9429 §5.2.2). */
const origin = (sdp: string): string => /^o=.*$/m.exec(sdp)?.[0] ?? sdp;

function isSameOffer(
  one: Negotiation,
  writer: PeerLabel | undefined,
  reader: PeerLabel | undefined,
  sdp: string,
): boolean {
  return agree(one.offerer, writer) && agree(one.answerer, reader) && origin(one.offer.sdp) === origin(sdp);
}

/** Whether this exchange still waits for the answer, or has had this very one. */
function takes({ answer }: Negotiation, entry: Step, described: Described): boolean {
  return (
    !answer ||
    answer.type === 'pranswer' ||
    entry.kind !== 'description' ||
    origin(answer.sdp) === origin(described.sdp)
  );
}
