import type { Entry, EntryOf, PeerLabel } from '../../../rtc/timeline.ts';

/** Something that lasts: media on its way, an open data channel, the ICE checks or the DTLS handshake of one peer. */
export interface Band {
  readonly kind: 'media' | 'channel' | 'ice' | 'dtls';
  /** Whose it is: one peer's, or what goes straight from one to the other. A channel goes both ways. */
  readonly from: PeerLabel;
  readonly to?: PeerLabel;
  /** `video + audio`, `channel “lab”`, `ICE checks`. May grow while it lasts. */
  label: string;
  /** `seq` of the entry that began it, and of the one that ended it. */
  readonly firstSeq: number;
  lastSeq?: number;
}

export interface Bands {
  readonly all: Band[];
  /** Those that last, by what they are. */
  readonly open: Map<string, Band>;
  /** With whom each peer has exchanged signals. */
  readonly others: Map<PeerLabel, Set<PeerLabel>>;
  /** How many samples in a row said that nothing arrives, by receiver. */
  readonly silent: Map<PeerLabel, number>;
}

export const noBands = (): Bands => ({ all: [], open: new Map(), others: new Map(), silent: new Map() });

/** Samples without a byte after which media no longer flows: one alone may be a pause between two packets. */
const SILENT_SAMPLES = 2;

/**
 * Takes one entry in, and gives back the band that began with it.
 *
 * Media flows from its first frame, or from the first sample with a bitrate, until nothing arrives any more.
 */
export function addToBands(bands: Bands, entry: Entry): Band | undefined {
  const { peer } = entry;
  switch (entry.kind) {
    case 'signal-sent':
      meet(bands, peer, entry.to);
      return undefined;
    case 'signal-received':
      meet(bands, peer, entry.from);
      return undefined;
    case 'ice-connection-state':
      return phase(bands, entry, 'ice', 'ICE checks', entry.state === 'checking');
    case 'dtls-transport-state':
      return phase(bands, entry, 'dtls', 'DTLS handshake', entry.state === 'connecting');
    case 'connection-state':
      if (entry.state === 'failed' || entry.state === 'closed') endAll(bands, entry.seq, peer);
      return undefined;
    case 'first-frame':
      return flow(bands, entry, ['video']);
    case 'stats':
      return flow(bands, entry, arriving(entry));
    case 'data-channel':
      return channel(bands, entry);
    case 'peer-closed':
      endAll(bands, entry.seq, peer);
      return undefined;
    case 'run-ended':
      endAll(bands, entry.seq);
      return undefined;
    default:
      return undefined;
  }
}

/** The other end of a peer's connection; undefined before it is known, or when there are several. */
export function otherOf({ others }: Bands, peer: PeerLabel): PeerLabel | undefined {
  const known = others.get(peer);
  return known?.size === 1 ? [...known][0] : undefined;
}

function meet({ others }: Bands, one: PeerLabel, two: PeerLabel): void {
  for (const [peer, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const known = others.get(peer);
    if (known) known.add(other);
    else others.set(peer, new Set([other]));
  }
}

function begin(bands: Bands, key: string, band: Band): Band {
  bands.all.push(band);
  bands.open.set(key, band);
  return band;
}

function end(bands: Bands, key: string, seq: number): void {
  const band = bands.open.get(key);
  if (band) band.lastSeq = seq;
  bands.open.delete(key);
}

function endAll(bands: Bands, seq: number, peer?: PeerLabel): void {
  for (const [key, { from, to }] of bands.open)
    if (peer === undefined || from === peer || to === peer) end(bands, key, seq);
}

function phase(
  bands: Bands,
  { peer, seq }: Entry,
  kind: 'ice' | 'dtls',
  label: string,
  begins: boolean,
): undefined {
  const key = `${kind} ${peer}`;
  end(bands, key, seq);
  if (begins) begin(bands, key, { kind, from: peer, label, firstSeq: seq });
}

type Kind = 'audio' | 'video';

/** The kinds of media of which this sample counts bits. */
function arriving({ sample }: EntryOf<'stats'>): Kind[] {
  const kinds = sample.inbound.filter(({ bitrateBps = 0 }) => bitrateBps > 0).map(({ kind }) => kind);
  return (['video', 'audio'] as const).filter((kind) => kinds.includes(kind));
}

function flow(bands: Bands, { peer, seq }: Entry, kinds: readonly Kind[]): Band | undefined {
  const key = `media ${peer}`;
  const open = bands.open.get(key);
  if (kinds.length === 0) {
    const silent = (bands.silent.get(peer) ?? 0) + 1;
    bands.silent.set(peer, silent);
    if (open && silent >= SILENT_SAMPLES) end(bands, key, seq);
    return undefined;
  }
  bands.silent.delete(peer);
  const label = kinds.join(' + ');
  if (open) {
    if (label.length > open.label.length) open.label = label;
    return undefined;
  }
  const from = otherOf(bands, peer);
  return begin(bands, key, {
    kind: 'media',
    label,
    firstSeq: seq,
    from: from ?? peer,
    ...(from && { to: peer }),
  });
}

function channel(bands: Bands, { peer, label, state, seq }: EntryOf<'data-channel'>): Band | undefined {
  const other = otherOf(bands, peer);
  const [one, two = ''] = other !== undefined && other < peer ? [other, peer] : [peer, other];
  const key = `channel ${one} ${two} ${label}`;
  if (state === 'closing' || state === 'closed') end(bands, key, seq);
  if (state !== 'open' || bands.open.has(key)) return undefined;
  return begin(bands, key, {
    kind: 'channel',
    label: `channel “${label}”`,
    firstSeq: seq,
    from: peer,
    ...(other && { to: other }),
  });
}

/** The bands that lasted at a moment: `seq` of an entry, or null for «now». */
export function bandsAt({ all }: Bands, seq: number | null): Band[] {
  return all.filter(({ firstSeq, lastSeq }) =>
    seq === null ? lastSeq === undefined : firstSeq <= seq && (lastSeq === undefined || lastSeq > seq),
  );
}

/** What goes straight between peers, in a few words: `video + audio alice ⇄ bob · channel “lab”`. */
export function flowWords(bands: readonly Band[]): string {
  const words = new Map<string, string>();
  for (const { kind, label, from, to } of bands) {
    if (kind === 'ice' || kind === 'dtls') continue;
    if (kind === 'channel' || !to) {
      words.set(label, label);
      continue;
    }
    const back = `${label} ${to} → ${from}`;
    const [one, two] = from < to ? [from, to] : [to, from];
    if (words.has(back)) words.set(back, `${label} ${one} ⇄ ${two}`);
    else words.set(`${label} ${from} → ${to}`, `${label} ${from} → ${to}`);
  }
  return [...words.values()].join(' · ');
}
