import type { Entry, EntryOf, Outcome, PeerLabel, Signal } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';

/** How much the ladder shows; each level adds to the one before. */
export const levels = ['signals', 'states', 'api', 'everything'] as const;
export type Level = (typeof levels)[number];

export const levelNames: Readonly<Record<Level, string>> = {
  signals: 'Signals',
  states: '+ states',
  api: '+ API calls',
  everything: 'Everything',
};

/** One crossing of a signal. Each end is there only when this page saw it. */
export interface Arrow {
  readonly id: string;
  readonly from: PeerLabel;
  readonly to: PeerLabel;
  readonly signal: Signal;
  sent?: End;
  received?: End;
}
interface End {
  readonly row: number;
  readonly entry: EntryOf<'signal-sent' | 'signal-received'>;
}

export interface LadderRow {
  readonly entry: Entry;
  /** Rows of signals only. */
  readonly arrow?: Arrow;
}

export interface Ladder {
  readonly rows: LadderRow[];
  /** How the recorded calls ended, by their number. */
  readonly outcomes: Map<number, { readonly outcome: Outcome; readonly tookMs: number }>;
  /** Arrows by blocks of rows that they touch, for {@link arrowsIn}. */
  readonly blocks: Arrow[][];
  readonly byId: Map<string, Arrow[]>;
  lastMs: number;
  isOver: boolean;
}

const BLOCK_ROWS = 64;

/** The message ladder at one level: its rows in the order of recording and the arrows between them. */
export function ladderFold(level: Level): Fold<Ladder> {
  return fold<Ladder>(
    () => ({ rows: [], outcomes: new Map(), blocks: [], byId: new Map(), lastMs: 0, isOver: false }),
    (ladder, entry) => {
      ladder.lastMs = entry.atMs;
      ladder.isOver ||= entry.kind === 'run-ended';
      if (entry.kind === 'call-settled') ladder.outcomes.set(entry.call, entry);
      if (entry.kind === 'signal-sent' || entry.kind === 'signal-received') addSignal(ladder, entry);
      else if (levels.indexOf(levelOf(entry)) <= levels.indexOf(level)) ladder.rows.push({ entry });
    },
  );
}

function addSignal(ladder: Ladder, entry: EntryOf<'signal-sent' | 'signal-received'>): void {
  const { id, signal } = entry;
  const end: End = { row: ladder.rows.length, entry };
  const same = ladder.byId.get(id) ?? [];
  ladder.byId.set(id, same);

  let arrow: Arrow | undefined;
  if (entry.kind === 'signal-sent') {
    arrow = same.find(({ sent }) => !sent) ?? add(same, { id, from: entry.peer, to: entry.to, signal });
    arrow.sent = end;
  } else {
    // A signal that arrives twice is two arrows from one sending.
    arrow =
      same.find(({ received }) => !received) ??
      add(same, { ...same[0], id, from: entry.from, to: entry.peer, signal });
    arrow.received = end;
  }
  ladder.rows.push({ entry, arrow });
  const rows = [arrow.sent?.row ?? end.row, arrow.received?.row ?? end.row];
  for (let block = blockOf(Math.min(...rows)); block <= blockOf(Math.max(...rows)); block++) {
    const touched = (ladder.blocks[block] ??= []);
    if (!touched.includes(arrow)) touched.push(arrow);
  }
}

const blockOf = (row: number): number => Math.floor(row / BLOCK_ROWS);

function add(arrows: Arrow[], arrow: Arrow): Arrow {
  arrows.push(arrow);
  return arrow;
}

/** The arrows that touch the rows `first` … `last − 1`, also those that begin above and end below. */
export function arrowsIn({ blocks }: Ladder, first: number, last: number): Arrow[] {
  const arrows = new Set<Arrow>();
  for (let block = blockOf(first); block <= blockOf(Math.max(first, last - 1)); block++) {
    for (const arrow of blocks[block] ?? []) {
      const rows = [arrow.sent?.row ?? arrow.received!.row, arrow.received?.row ?? arrow.sent!.row];
      if (Math.min(...rows) < last && Math.max(...rows) >= first) arrows.add(arrow);
    }
  }
  return [...arrows];
}

/** A signal that has not arrived after so long is drawn as lost, until it arrives. Ours take 1 to 300 ms. */
const LATE_MS = 1500;

/**
 * What became of a signal, as far as this page can see.
 *
 * `elsewhere`: the other end is in another tab or device, so that only one end was recorded here.
 */
export type Fate = 'delivered' | 'under-way' | 'lost' | 'elsewhere';

export function fateOf(arrow: Arrow, { lastMs, isOver }: Ladder, hosted: readonly PeerLabel[]): Fate {
  const { sent, received, to } = arrow;
  if (sent && received) return 'delivered';
  if (!sent || !hosted.includes(to)) return 'elsewhere';
  return isOver || lastMs - sent.entry.atMs > LATE_MS ? 'lost' : 'under-way';
}

/** The level from which on an entry has a row. */
function levelOf(entry: Entry): Level {
  switch (entry.kind) {
    case 'signal-sent':
    case 'signal-received':
    case 'run-started':
    case 'run-ended':
    case 'error':
      return 'signals';
    case 'signaling-state':
    case 'ice-gathering-state':
    case 'ice-connection-state':
    case 'connection-state':
    case 'selected-candidate-pair':
    case 'candidate-error':
    case 'data-channel':
    case 'data-message':
    case 'first-frame':
    case 'presence':
    case 'measure':
    case 'note':
      return 'states';
    case 'peer-opened':
    case 'peer-closed':
    case 'call':
    case 'negotiation-needed':
    case 'description':
    case 'track':
    case 'track-state':
      return 'api';
    default:
      return 'everything';
  }
}

/** Where things stand in a ladder of a given width. Pixels from its left edge. */
export interface Lanes {
  readonly width: number;
  /** The lifelines, one for each peer. */
  readonly peers: ReadonlyMap<PeerLabel, Lane>;
  /** The signaling channel's line, between two peers; with more peers an arrow would pass it by. */
  readonly carrierX: number | undefined;
  readonly timeWidth: number;
  /** Whether notes stand outside the two lifelines, where no arrow passes. */
  readonly isOutside: boolean;
}
export interface Lane {
  readonly x: number;
  /** Where the notes of this peer are written. */
  readonly notes: { readonly left: number; readonly width: number; readonly align: 'start' | 'end' };
}

/** From this width on the notes of two peers stand outside their lifelines. */
const OUTSIDE_FROM = 760;
const GAP = 14;

export function lanesOf(width: number, peers: readonly PeerLabel[]): Lanes {
  const timeWidth = width < 480 ? 58 : 68;
  const isOutside = width >= OUTSIDE_FROM && peers.length === 2;
  const outside = isOutside ? Math.min(280, Math.round((width - timeWidth) * 0.27)) : 0;
  const left = timeWidth + (isOutside ? outside : GAP);
  const right = Math.max(left + 1, width - (isOutside ? outside : GAP + 4));
  const step = (right - left) / Math.max(1, peers.length - 1);

  const lanes = new Map<PeerLabel, Lane>();
  for (const [index, peer] of peers.entries()) {
    const x = Math.round(left + index * step);
    const isLast = index > 0 && index === peers.length - 1;
    const notes = isOutside
      ? isLast
        ? { left: x + GAP, width: width - x - GAP - 4, align: 'start' as const }
        : { left: timeWidth, width: x - GAP - timeWidth, align: 'end' as const }
      : isLast
        ? { left: left + GAP, width: x - left - 2 * GAP, align: 'end' as const }
        : { left: x + GAP, width: right - x - 2 * GAP, align: 'start' as const };
    lanes.set(peer, { x, notes });
  }
  const carrierX = peers.length === 2 ? Math.round((left + right) / 2) : undefined;
  return { width, peers: lanes, carrierX, timeWidth, isOutside };
}
