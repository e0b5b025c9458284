import type { InboundSample, OutboundSample } from '../stats/sample.ts';
import type { Entry, EntryKind, EntryOf, PeerLabel } from '../timeline.ts';
import { inSeconds } from './words.ts';

type Of<K extends EntryKind> = EntryOf<K>;

/** A call and what came of it, as far as it has. */
export interface CallFacts {
  readonly made: Of<'call'>;
  settled?: Of<'call-settled'>;
}

/** One RTP stream over time. */
export interface StreamFacts<Sample extends InboundSample | OutboundSample> {
  readonly kind: 'audio' | 'video';
  readonly ssrc: number;
  readonly samples: { readonly entry: Of<'stats'>; readonly sample: Sample }[];
}

/** What the rules ask about one peer, sorted out of the timeline. */
export interface PeerFacts {
  readonly peer: PeerLabel;
  /** All of its entries, in order. */
  readonly entries: Entry[];
  /** By kind, in order. */
  readonly of: <K extends EntryKind>(kind: K) => readonly Of<K>[];
  readonly calls: CallFacts[];
  readonly inbound: ReadonlyMap<number, StreamFacts<InboundSample>>;
  readonly outbound: ReadonlyMap<number, StreamFacts<OutboundSample>>;
  /** The last moment of which something is known: its closing, or the end of the timeline. */
  readonly endMs: number;
  /** Nothing more will come: the timeline is a dump, and the peer was not closed before its end. */
  readonly isOver: boolean;
}

export interface Facts {
  readonly peers: readonly PeerFacts[];
  /** What belongs to the page: the camera, the microphone. */
  readonly page: PeerFacts;
}

class Collected implements PeerFacts {
  readonly peer: PeerLabel;
  readonly entries: Entry[] = [];
  readonly calls: CallFacts[] = [];
  readonly inbound = new Map<number, StreamFacts<InboundSample>>();
  readonly outbound = new Map<number, StreamFacts<OutboundSample>>();
  endMs = 0;
  isOver = false;
  readonly #byKind = new Map<EntryKind, Entry[]>();
  readonly #open = new Map<number, CallFacts>();

  constructor(peer: PeerLabel) {
    this.peer = peer;
  }

  of = <K extends EntryKind>(kind: K): readonly Of<K>[] =>
    // The entries were put there by their kind.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    (this.#byKind.get(kind) ?? []) as unknown as readonly Of<K>[];

  add(entry: Entry): void {
    this.entries.push(entry);
    const same = this.#byKind.get(entry.kind);
    if (same) same.push(entry);
    else this.#byKind.set(entry.kind, [entry]);
    if (entry.kind === 'call') {
      const facts: CallFacts = { made: entry };
      this.calls.push(facts);
      this.#open.set(entry.call, facts);
    } else if (entry.kind === 'call-settled') {
      const facts = this.#open.get(entry.call);
      if (facts) facts.settled = entry;
      this.#open.delete(entry.call);
    } else if (entry.kind === 'stats') {
      for (const sample of entry.sample.inbound) put(this.inbound, entry, sample);
      for (const sample of entry.sample.outbound) put(this.outbound, entry, sample);
    }
  }
}

function put<Sample extends InboundSample | OutboundSample>(
  streams: Map<number, StreamFacts<Sample>>,
  entry: Of<'stats'>,
  sample: Sample,
): void {
  const { ssrc, kind } = sample;
  const stream = streams.get(ssrc) ?? { kind, ssrc, samples: [] };
  streams.set(ssrc, stream);
  stream.samples.push({ entry, sample });
}

/** Sorts a timeline by peers and kinds, in one pass. */
export function factsOf(entries: readonly Entry[], peers?: readonly PeerLabel[]): Facts {
  const collected = new Map<PeerLabel, Collected>((peers ?? []).map((peer) => [peer, new Collected(peer)]));
  for (const entry of entries) {
    let of = collected.get(entry.peer);
    if (!of) collected.set(entry.peer, (of = new Collected(entry.peer)));
    of.add(entry);
  }
  const lastMs = entries.at(-1)?.atMs ?? 0;
  // A run of ours begins with an entry that says so, and may go on; a dump is all that there will ever be.
  const isDump = !entries.some(({ kind }) => kind === 'run-started');
  for (const peer of collected.values()) {
    const [closed] = peer.of('peer-closed');
    peer.endMs = closed?.atMs ?? lastMs;
    peer.isOver = isDump && !closed;
  }
  return {
    // Those of another page are known by the signals that they exchange with us: there is nothing to say of them.
    peers: [...collected.values()].filter((peer) => peer.of('peer-opened').length > 0),
    page: collected.get('lab') ?? new Collected('lab'),
  };
}

/** The last state of a machine that is not the end of all. */
export function lastState(
  peer: PeerFacts,
  kind: 'signaling-state' | 'ice-connection-state' | 'connection-state' | 'dtls-transport-state',
): string | undefined {
  return peer.of(kind).findLast(({ state }) => state !== 'closed')?.state;
}

export const wasConnected = (peer: PeerFacts): boolean =>
  peer.of('connection-state').some(({ state }) => state === 'connected') ||
  peer.of('ice-connection-state').some(({ state }) => state === 'completed' || state === 'connected');

export const descriptions = (peer: PeerFacts, side: 'local' | 'remote', type?: RTCSdpType) =>
  peer.of('description').filter((each) => each.side === side && (!type || each.type === type));

export const candidates = (peer: PeerFacts, side: 'local' | 'remote') =>
  peer.of('candidate').filter((each) => each.side === side);

export const refused = (peer: PeerFacts, method: string) =>
  peer
    .of('call-settled')
    .flatMap((entry) =>
      entry.method === method && !entry.outcome.ok ? [{ entry, message: entry.outcome.message }] : [],
    );

/** How long something has to stay away before it counts as not coming. */
const PATIENCE_MS = 3000;

/**
 * For how long something has been awaited, in words: `for 4.2 s`, or until the record ends. Undefined while it may
 * still come.
 */
export function waited(peer: PeerFacts, sinceMs: number, word: 'for' | 'within' = 'for'): string | undefined {
  const ms = peer.endMs - sinceMs;
  if (ms >= PATIENCE_MS) return `${word} ${inSeconds(ms)}`;
  return peer.isOver ? 'until the end of the record' : undefined;
}
