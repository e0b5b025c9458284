import type { StunMessage } from '../../../protocol/stun/message.ts';
import { methodName } from '../../../rtc/stun/field.ts';
import { messageOf } from '../../../rtc/stun/message-of.ts';
import { summaryOf } from '../../../rtc/stun/summary.ts';
import type { EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';

export type WireEntry = EntryOf<'wire-message'>;

/** One message that was seen on its way. */
export interface WireRow {
  readonly entry: WireEntry;
  /** Undefined when its bytes are no whole STUN message. */
  readonly message: StunMessage | undefined;
  /** `Allocate error 401`, `Send · ICE check` */
  readonly title: string;
  /** `Allocate` */
  readonly method: string;
  readonly isError: boolean;
  /** Of a request: its answer, once there is one. Of an answer: its request. */
  other?: WireRow;
  /** Of an answer: how long after its request it was seen. Milliseconds, at the place where both were seen. */
  tookMs?: number;
  /** Of a request: how many times the same one was sent before. A client repeats it until the answer comes. */
  readonly repeats: number;
}

export interface WireMessages {
  readonly rows: WireRow[];
  readonly peers: Set<PeerLabel>;
  readonly methods: Set<string>;
  errors: number;
  /** The latest request of each transaction, by place and transaction id. */
  readonly open: Map<string, WireRow>;
}

/** A message and its words. */
export function readWire(entry: WireEntry): Pick<WireRow, 'message' | 'title' | 'method' | 'isError'> {
  const message = messageOf(entry);
  return {
    message,
    title: message ? summaryOf(message) : 'no STUN message',
    method: message ? methodName(message.method) : 'other',
    isError: message?.class === 'error',
  };
}

/** Transactions that still wait for their answer at most; the oldest are given up. */
const WAITING = 2_000;

/** All messages of the wire in the order of recording, each answer with its request. */
export function wireFold(): Fold<WireMessages> {
  return fold<WireMessages>(
    () => ({ rows: [], peers: new Set(), methods: new Set(), errors: 0, open: new Map() }),
    (state, entry) => {
      if (entry.kind !== 'wire-message') return;
      const { message, ...words } = readWire(entry);
      const key = `${entry.at} ${message?.transactionId.join() ?? ''}`;
      const request = message && state.open.get(key);
      const isRequest = message?.class === 'request';
      const row: WireRow = {
        entry,
        message,
        ...words,
        repeats: isRequest && request ? request.repeats + 1 : 0,
      };
      if (isRequest) {
        state.open.set(key, row);
        if (state.open.size > WAITING) state.open.delete(state.open.keys().next().value ?? '');
      } else if (request && (message.class === 'success' || message.class === 'error')) {
        row.other = request;
        row.tookMs = timeOf(entry, request.entry) - timeOf(request.entry, entry);
        request.other = row;
      }
      state.rows.push(row);
      state.peers.add(entry.peer);
      state.methods.add(row.method);
      if (row.isError) state.errors++;
    },
  );
}

/** By the clock of the place where both were seen, when it told; else by the page's. */
const timeOf = (entry: WireEntry, other: WireEntry): number =>
  entry.seenMs !== undefined && other.seenMs !== undefined ? entry.seenMs : entry.atMs;

export interface WireFilter {
  readonly peer: PeerLabel | null;
  readonly method: string | null;
  readonly onlyErrors: boolean;
}

export function filterWire(
  rows: readonly WireRow[],
  { peer, method, onlyErrors }: WireFilter,
): readonly WireRow[] {
  if (peer === null && method === null && !onlyErrors) return rows;
  return rows.filter(
    (row) =>
      (peer === null || row.entry.peer === peer) &&
      (method === null || row.method === method) &&
      (!onlyErrors || row.isError),
  );
}
