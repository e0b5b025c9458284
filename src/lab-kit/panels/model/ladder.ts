import type { Entry, EntryOf, FaultName, Outcome, PeerLabel } from '../../../rtc/timeline.ts';
import { isCheck, isRelayed } from '../../../rtc/stun/summary.ts';
import type { Traffic } from '../../../rtc/stun/allocation.ts';
import { addToBands, noBands, otherOf, type Band, type Bands } from './bands.ts';
import { fold, lastAtOrBefore, type Fold } from './fold.ts';
import { readWire, type WireEntry } from './wire-messages.ts';

/** How much the ladder shows; each level adds to the one before. */
export const levels = ['signals', 'states', 'api', 'everything'] as const;
export type Level = (typeof levels)[number];

export const levelNames: Readonly<Record<Level, string>> = {
  signals: 'Signals',
  states: '+ states',
  api: '+ API calls',
  everything: 'Everything',
};

type SignalEntry = EntryOf<'signal-sent' | 'signal-received'>;
type CrossingEntry = SignalEntry | EntryOf<'data-message'>;

/** One crossing of a signal, or of a message of a data channel. Each end is there only when this page saw it. */
export interface Arrow {
  readonly id: string;
  readonly from: PeerLabel;
  readonly to: PeerLabel;
  /** Signals pass what carries them; data goes straight between the peers. */
  readonly way: 'signal' | 'data';
  sent?: End;
  received?: End;
  /** The burst that it is part of; drawn as one arrow while that is folded. */
  burst?: Burst;
}
interface End {
  row: number;
  readonly entry: CrossingEntry;
}

/** Candidates of one direction that come in quick succession. From {@link BURST} on they are one row that opens. */
export interface Burst {
  readonly from: PeerLabel;
  readonly to: PeerLabel;
  readonly arrows: Arrow[];
  lastMs: number;
  row?: number;
  isOpen: boolean;
}

/** Packets of the peers in Send and Data indications, in quick succession: from two on they are one row that opens. */
export interface WireBurst {
  readonly peer: PeerLabel;
  readonly entries: WireEntry[];
  /** How many of them are ICE checks and their answers. */
  checks: number;
  lastMs: number;
  isOpen: boolean;
}

/** The lane of our own STUN/TURN server; other servers have their URL. */
export const OWN_SERVER = 'STUN/TURN server';

export interface LadderRow {
  /** What the row is about; of a break, the entry after it. */
  readonly entry: Entry;
  /** Rows of signals and of messages only. */
  readonly arrow?: Arrow;
  /** Begins here. */
  readonly band?: Band;
  /** The row stands for all of them, or is their heading while they are open. */
  readonly burst?: Burst;
  /** A message at our STUN/TURN server; of a burst, its first. */
  readonly wire?: { readonly entry: WireEntry; readonly burst?: WireBurst };
  /** A break: nothing happened for so long. Milliseconds. */
  readonly gapMs?: number;
}

/** What the fault board did to a signal. */
type Fault = EntryOf<'fault'>;

export interface Ladder {
  readonly level: Level;
  readonly rows: LadderRow[];
  /** How the recorded calls ended, by their number. */
  readonly outcomes: Map<number, { readonly outcome: Outcome; readonly tookMs: number }>;
  /** Arrows by blocks of rows that they touch, for {@link arrowsIn}. */
  readonly blocks: Arrow[][];
  readonly byId: Map<string, Arrow[]>;
  /** Messages that have not arrived, by direction and channel. */
  readonly messages: Map<string, Arrow[]>;
  readonly faults: Map<string, Fault[]>;
  /** The frames of sockets in which signals left, by the signal's id. */
  readonly frames: Map<string, EntryOf<'server-message'>>;
  readonly bands: Bands;
  /** Servers that entries speak of: {@link OWN_SERVER}, `stun:192.0.2.1:3478`. */
  readonly servers: string[];
  /** The addresses of our own: `192.0.2.1:3478`. */
  readonly ownServer: Set<string>;
  /** Peers whose selected pair has a relay candidate at one of its ends. */
  readonly relayed: Set<PeerLabel>;
  readonly wireBursts: Map<PeerLabel, WireBurst>;
  /** The latest binding of a channel of each peer, and what has crossed as channel data. */
  readonly channels: Map<PeerLabel, { readonly seq: number }>;
  readonly channelData: Map<PeerLabel, Traffic>;
  /** The latest burst of each direction. */
  readonly bursts: Map<string, Burst>;
  /** What carries the signals, by its name. */
  carrier: string;
  arrangement: string;
  lastMs: number;
  isOver: boolean;
}

const BLOCK_ROWS = 64;
/** So many candidates in a row are folded. */
const BURST = 4;
/** Nothing for so long is shown as a break, and ends a burst. Milliseconds. */
const BREAK_MS = 1000;
/** Messages that wait for their arrival at most, for each channel: an unreliable one may lose many. */
const WAITING_MESSAGES = 500;

const nothingOpen: ReadonlySet<number> = new Set();

/**
 * The message ladder at one level: its rows in the order of recording and the arrows between them.
 *
 * @param opened `seq` of the first entry of each burst that is to be shown in full
 */
export function ladderFold(level: Level, opened: ReadonlySet<number> = nothingOpen): Fold<Ladder> {
  const rank = levels.indexOf(level);
  return fold<Ladder>(
    () => ({
      level,
      rows: [],
      outcomes: new Map(),
      blocks: [],
      byId: new Map(),
      messages: new Map(),
      faults: new Map(),
      frames: new Map(),
      bands: noBands(),
      servers: [],
      ownServer: new Set(),
      relayed: new Set(),
      wireBursts: new Map(),
      channels: new Map(),
      channelData: new Map(),
      bursts: new Map(),
      carrier: 'signaling',
      arrangement: '',
      lastMs: 0,
      isOver: false,
    }),
    (ladder, entry) => {
      ladder.lastMs = entry.atMs;
      const band = addToBands(ladder.bands, entry);
      note(ladder, entry);
      const isShown = levels.indexOf(levelOf(entry)) <= rank;
      if (entry.kind === 'signal-sent' || entry.kind === 'signal-received') addSignal(ladder, entry, opened);
      else if (entry.kind === 'data-message' && isShown) addMessage(ladder, entry);
      else if (entry.kind === 'wire-message' && entry.at === 'server') {
        if (isShown) addWire(ladder, entry, opened);
      } else if (isShown || (band?.to && (band.kind === 'media' || band.kind === 'channel')))
        addRow(ladder, { entry, ...(band && { band }) });
    },
  );
}

/** What an entry says about others than itself. */
function note(ladder: Ladder, entry: Entry): void {
  switch (entry.kind) {
    case 'run-started':
      ladder.arrangement = entry.arrangement;
      break;
    case 'run-ended':
      ladder.isOver = true;
      break;
    case 'call-settled':
      ladder.outcomes.set(entry.call, entry);
      break;
    case 'signal-sent':
    case 'signal-received':
      if (ladder.byId.size === 0 && !ladder.frames.has(entry.id))
        ladder.carrier = carrierOf(entry.id, ladder.arrangement);
      break;
    case 'server-message':
      if (entry.socket !== undefined)
        ladder.carrier = entry.socket.startsWith('/peerjs') ? 'PeerServer' : 'signaling server';
      if (entry.id !== undefined && entry.way === 'sent') ladder.frames.set(entry.id, entry);
      break;
    case 'selected-candidate-pair':
      if (entry.local.startsWith('relay') || entry.remote.startsWith('relay')) ladder.relayed.add(entry.peer);
      else ladder.relayed.delete(entry.peer);
      break;
    case 'candidate-error':
      if (entry.url && !ladder.servers.includes(laneOfServer(ladder, entry.url)))
        ladder.servers.push(entry.url);
      break;
    case 'allocations':
      ladder.channelData.clear();
      for (const { peer, channelDataFromClient: up, channelDataToClient: down } of entry.list) {
        const known = ladder.channelData.get(peer);
        ladder.channelData.set(peer, {
          packets: (known?.packets ?? 0) + up.packets + down.packets,
          bytes: (known?.bytes ?? 0) + up.bytes + down.bytes,
        });
      }
      break;
    case 'fault':
      if (entry.id !== undefined) {
        const faults = ladder.faults.get(entry.id);
        if (faults) faults.push(entry);
        else ladder.faults.set(entry.id, [entry]);
      }
      break;
    default:
  }
}

/** The lane of a server's URL: that of our own where the address is ours. */
export function laneOfServer({ ownServer }: Ladder, url: string): string {
  const address = /^[a-z]+:([^?]+)/i.exec(url)?.[1] ?? '';
  return ownServer.has(address) ? OWN_SERVER : url;
}

/** A message tells where our server is: what errors said of that address before belongs to the same lane. */
function noteServer(ladder: Ladder, { way, source, destination }: WireEntry): void {
  const address = way === 'sent' ? source : destination;
  if (ladder.ownServer.has(address)) return;
  ladder.ownServer.add(address);
  const others = ladder.servers.filter((server) => laneOfServer(ladder, server) !== OWN_SERVER);
  ladder.servers.splice(0, Infinity, ...others.filter((server) => server !== OWN_SERVER), OWN_SERVER);
}

/** A row for each message; packets that the server only hands on are folded, but where all is to be seen. */
function addWire(ladder: Ladder, entry: WireEntry, opened: ReadonlySet<number>): void {
  const { peer, atMs } = entry;
  const { message, title } = readWire(entry);
  noteServer(ladder, entry);
  if (title === 'ChannelBind success') ladder.channels.set(peer, { seq: entry.seq });
  if (!message || !(isRelayed(message) || isCheck(message)) || ladder.level === 'everything') {
    addRow(ladder, { entry, wire: { entry } });
    return;
  }
  const known = ladder.wireBursts.get(peer);
  const isCheckInside = title.includes('ICE check');
  if (known && atMs - known.lastMs < BREAK_MS) {
    known.entries.push(entry);
    known.lastMs = atMs;
    if (isCheckInside) known.checks++;
    if (known.isOpen) addRow(ladder, { entry, wire: { entry } });
    return;
  }
  const burst: WireBurst = {
    peer,
    entries: [entry],
    checks: isCheckInside ? 1 : 0,
    lastMs: atMs,
    isOpen: opened.has(entry.seq),
  };
  ladder.wireBursts.set(peer, burst);
  addRow(ladder, { entry, wire: { entry, burst } });
  if (burst.isOpen) addRow(ladder, { entry, wire: { entry } });
}

/** What carried a signal. Each carrier numbers its signals in a way of its own, and an arrangement has its carrier. */
function carrierOf(id: string, arrangement: string): string {
  if (/^(offer|answer|pranswer|rollback) /.test(id)) return 'by hand';
  if (id.startsWith('loopback-')) return 'this page';
  if (arrangement === 'two-tabs') return 'BroadcastChannel';
  return arrangement === '' ? 'signaling' : 'signaling server';
}

function addRow(ladder: Ladder, row: LadderRow): void {
  const before = ladder.rows.at(-1)?.entry;
  const gapMs = before ? row.entry.atMs - before.atMs : 0;
  // Samples come once a second: between them there is no break.
  if (gapMs >= BREAK_MS && before?.kind !== 'stats' && row.entry.kind !== 'stats')
    ladder.rows.push({ entry: row.entry, gapMs });
  ladder.rows.push(row);
}

/** The row of an end of an arrow, and the arrow where its rows find it. */
function addEnd(ladder: Ladder, arrow: Arrow, side: 'sent' | 'received', entry: CrossingEntry): void {
  addRow(ladder, { entry, arrow });
  arrow[side] = { row: ladder.rows.length - 1, entry };
  register(ladder, arrow);
}

function register(ladder: Ladder, arrow: Arrow): void {
  const [top, bottom] = rowsOf(arrow);
  for (let block = blockOf(top); block <= blockOf(bottom); block++) {
    const there = (ladder.blocks[block] ??= []);
    if (there.at(-1) !== arrow) there.push(arrow);
  }
}

const blockOf = (row: number): number => Math.floor(row / BLOCK_ROWS);

/** The first and the last row that an arrow touches. */
function rowsOf({ sent, received }: Arrow): [number, number] {
  const rows = [sent?.row ?? received!.row, received?.row ?? sent!.row];
  return [Math.min(...rows), Math.max(...rows)];
}

function addSignal(ladder: Ladder, entry: SignalEntry, opened: ReadonlySet<number>): void {
  const { id } = entry;
  const same = ladder.byId.get(id) ?? [];
  ladder.byId.set(id, same);
  const side = entry.kind === 'signal-sent' ? 'sent' : 'received';
  let arrow = same.find((one) => !one[side]);
  if (!arrow) {
    const [from, to] = entry.kind === 'signal-sent' ? [entry.peer, entry.to] : [entry.from, entry.peer];
    // A signal that arrives twice is two arrows from one sending.
    const sent = same[0]?.sent;
    arrow = { id, from, to, way: 'signal', ...(sent && { sent }) };
    if (same[0]?.burst) arrow.burst = same[0].burst;
    else if (ladder.level === 'signals') join(ladder, arrow, entry);
    same.push(arrow);
  }
  const { burst } = arrow;
  if (burst?.row !== undefined && !burst.isOpen) {
    arrow[side] = { row: burst.row, entry };
    return;
  }
  addEnd(ladder, arrow, side, entry);
  if (burst && burst.row === undefined && burst.arrows.length >= BURST) gather(ladder, burst, opened);
}

/** Makes a candidate part of its direction's burst. A description that is sent ends the bursts before it. */
function join(ladder: Ladder, arrow: Arrow, entry: SignalEntry): void {
  if ('description' in entry.signal) {
    if (entry.kind === 'signal-sent') ladder.bursts.clear();
    return;
  }
  const key = `${arrow.from} ${arrow.to}`;
  let burst = ladder.bursts.get(key);
  if (!burst || entry.atMs - burst.lastMs >= BREAK_MS) {
    burst = { from: arrow.from, to: arrow.to, arrows: [], lastMs: entry.atMs, isOpen: false };
    ladder.bursts.set(key, burst);
  }
  burst.lastMs = entry.atMs;
  burst.arrows.push(arrow);
  arrow.burst = burst;
}

/** Puts one row in the place of a burst's rows, or a heading above them where they are to stay. */
function gather(ladder: Ladder, burst: Burst, opened: ReadonlySet<number>): void {
  const { rows } = ladder;
  const first = lastAtOrBefore(rows, firstEntry(burst).seq, ({ entry }) => entry.seq);
  burst.row = first;
  burst.isOpen = opened.has(firstEntry(burst).seq);
  const after = rows.splice(first);
  rows.push({ entry: after[0]!.entry, burst });
  for (const row of after) {
    if (!burst.isOpen && row.arrow?.burst === burst) {
      if (rows.at(-1)?.gapMs !== undefined) rows.pop();
    } else rows.push(row);
  }
  // What stands further down has moved.
  for (let index = first; index < rows.length; index++) {
    const row = rows[index]!;
    if (row.burst) row.burst.row = index;
    if (!row.arrow) continue;
    const { sent, received } = row.arrow;
    if (sent?.entry === row.entry) sent.row = index;
    if (received?.entry === row.entry) received.row = index;
    register(ladder, row.arrow);
  }
}

const firstEntry = ({ arrows }: Burst): CrossingEntry => (arrows[0]!.sent ?? arrows[0]!.received)!.entry;

/** Which rows `arrow` has is known by its ends; a message has no number, so its arrival is found by what it says. */
function addMessage(ladder: Ladder, entry: EntryOf<'data-message'>): void {
  const other = otherOf(ladder.bands, entry.peer);
  if (!other) {
    addRow(ladder, { entry });
    return;
  }
  const isSent = entry.side === 'sent';
  const [from, to] = isSent ? [entry.peer, other] : [other, entry.peer];
  const key = `${from} ${to} ${entry.label}`;
  const waiting = ladder.messages.get(key) ?? [];
  ladder.messages.set(key, waiting);
  const isSame = ({ sent }: Arrow) =>
    sent?.entry.kind === 'data-message' &&
    sent.entry.sizeBytes === entry.sizeBytes &&
    sent.entry.preview === entry.preview;
  const place = isSent ? -1 : waiting.findIndex(isSame);
  const arrow: Arrow = waiting[place] ?? { id: `message-${entry.seq}`, from, to, way: 'data' };
  addEnd(ladder, arrow, isSent ? 'sent' : 'received', entry);
  if (place >= 0) waiting.splice(place, 1);
  if (isSent && waiting.push(arrow) > WAITING_MESSAGES) waiting.shift();
}

/** The arrows that touch the rows `first` … `last − 1`, also those that begin above and end below. */
export function arrowsIn({ blocks }: Ladder, first: number, last: number): Arrow[] {
  const arrows = new Set<Arrow>();
  for (let block = blockOf(first); block <= blockOf(Math.max(first, last - 1)); block++) {
    for (const arrow of blocks[block] ?? []) {
      if (arrow.burst?.row !== undefined && !arrow.burst.isOpen) continue;
      const [top, bottom] = rowsOf(arrow);
      if (top < last && bottom >= first) arrows.add(arrow);
    }
  }
  return [...arrows];
}

/** The bands that touch the rows `first` … `last − 1`, with the rows at which they begin and end. */
export function bandsIn({ bands, rows }: Ladder, first: number, last: number) {
  const rowOf = (seq: number) =>
    Math.max(
      0,
      lastAtOrBefore(rows, seq, ({ entry }) => entry.seq),
    );
  return bands.all
    .map((band) => ({
      band,
      top: rowOf(band.firstSeq),
      /** Undefined while it lasts. */
      bottom: band.lastSeq === undefined ? undefined : rowOf(band.lastSeq),
    }))
    .filter(({ top, bottom }) => top < last && (bottom === undefined || bottom >= first));
}

/** A signal that has not arrived after so long is drawn as lost, until it arrives. Ours take 1 to 300 ms. */
const LATE_MS = 1500;

/**
 * What became of a signal, as far as this page can see.
 *
 * `elsewhere`: the other end is in another tab or device, so that only one end was recorded here. `dropped` and `held`:
 * by the fault board.
 */
export type Fate = 'delivered' | 'under-way' | 'lost' | 'elsewhere' | 'dropped' | 'held';

export function fateOf(arrow: Arrow, ladder: Ladder, hosted: readonly PeerLabel[]): Fate {
  const { sent, received, to } = arrow;
  if (sent && received) return 'delivered';
  const did = faultsOf(arrow, ladder);
  if (did.includes('dropped')) return 'dropped';
  if (did.lastIndexOf('held') > did.lastIndexOf('released')) return 'held';
  if (!sent || !hosted.includes(to)) return 'elsewhere';
  if (did.includes('delayed') && !ladder.isOver) return 'under-way';
  return ladder.isOver || ladder.lastMs - sent.entry.atMs > LATE_MS ? 'lost' : 'under-way';
}

/** What the fault board did to a signal, in its order and each once. */
export function faultsOf({ id }: Arrow, { faults }: Ladder): FaultName[] {
  return [...new Set((faults.get(id) ?? []).map(({ fault }) => fault))];
}

/** Of a burst, how many have arrived, and what became of the others. */
export function burstFates(burst: Burst, ladder: Ladder, hosted: readonly PeerLabel[]): Map<Fate, number> {
  const fates = new Map<Fate, number>();
  for (const arrow of burst.arrows) {
    const fate = fateOf(arrow, ladder, hosted);
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
  }
  return fates;
}

/** What keeps a socket open, and that a message has arrived: there are as many of them as of everything else. */
const isRoutine = ({ name, socket }: EntryOf<'server-message'>): boolean =>
  socket !== undefined && /^(ping|pong|HEARTBEAT|answer to signal:send)$/.test(name);

/** The level from which on an entry has a row. */
function levelOf(entry: Entry): Level {
  switch (entry.kind) {
    case 'signal-sent':
    case 'signal-received':
    case 'run-started':
    case 'run-ended':
    case 'error':
      return 'signals';
    case 'server-message': // a signal in it has an arrow of its own
      return entry.id !== undefined || isRoutine(entry) ? 'everything' : 'signals';
    case 'fault': // one that was done to a signal is written on its arrow
      return entry.id === undefined ? 'signals' : 'states';
    case 'signaling-state':
    case 'ice-gathering-state':
    case 'ice-connection-state':
    case 'connection-state':
    case 'dtls-transport-state':
    case 'selected-candidate-pair':
    case 'candidate-error':
    case 'data-channel':
    case 'data-message':
    case 'first-frame':
    case 'presence':
    case 'measure':
    case 'note':
    case 'prediction':
      return 'states';
    case 'wire-message': // at other places than our server a message is seen once more at each of them
      return entry.at === 'server' ? 'states' : 'everything';
    case 'peer-opened':
    case 'peer-closed':
    case 'call':
    case 'negotiation-needed':
    case 'description':
    case 'track':
    case 'track-state':
    case 'device-change':
    case 'step':
      return 'api';
    default:
      return 'everything';
  }
}
