import type { Candidate, CandidateType } from '../../../rtc/ice/candidate.ts';
import type { PairEnd, PairSample } from '../../../rtc/stats/sample.ts';
import type { EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import type { CandidateRow, PeerCandidates } from './candidates.ts';
import { fold, type Fold } from './fold.ts';
import { inMs, plural } from './format.ts';

/** A pair as it was from one moment on. */
export interface PairMoment extends Pick<
  PairSample,
  'state' | 'nominated' | 'selected' | 'requestsSent' | 'responsesReceived' | 'requestsReceived'
> {
  readonly atMs: number;
}

/** One pair of a checklist and what became of it. */
export interface PairRow {
  readonly id: string;
  last: PairSample;
  readonly moments: PairMoment[];
  /** From when on the browser has not told of it any more. */
  goneMs?: number;
}

/** The checklist of one peer (RFC 8445 §6.1.2), with its past. */
export interface PeerChecklist {
  readonly pairs: Map<string, PairRow>;
  role?: RTCIceRole;
  /** The pairs that media took, one after the other. */
  readonly selections: { readonly id: string; readonly atMs: number }[];
}

/** The checklists of all peers, as their browsers told of them. */
export function checklistsFold(): Fold<Map<PeerLabel, PeerChecklist>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      if (entry.kind === 'peer-opened') peers.set(entry.peer, { pairs: new Map(), selections: [] });
      if (entry.kind === 'candidate-pairs') {
        const checklist = peers.get(entry.peer);
        if (checklist) take(checklist, entry);
      }
      if (entry.kind === 'stats') {
        const checklist = peers.get(entry.peer);
        const role = entry.sample.transport?.iceRole;
        if (checklist && role) checklist.role = role;
      }
    },
  );
}

function take(checklist: PeerChecklist, { pairs, iceRole, atMs }: EntryOf<'candidate-pairs'>): void {
  if (iceRole) checklist.role = iceRole;
  for (const pair of pairs) {
    const { state, nominated, selected, requestsSent, responsesReceived, requestsReceived } = pair;
    const moment: PairMoment = {
      atMs,
      state,
      nominated,
      selected,
      ...(requestsSent !== undefined && { requestsSent }),
      ...(responsesReceived !== undefined && { responsesReceived }),
      ...(requestsReceived !== undefined && { requestsReceived }),
    };
    const row = checklist.pairs.get(pair.id);
    if (row) {
      row.last = pair;
      delete row.goneMs;
      row.moments.push(moment);
    } else checklist.pairs.set(pair.id, { id: pair.id, last: pair, moments: [moment] });
    if (selected && checklist.selections.at(-1)?.id !== pair.id)
      checklist.selections.push({ id: pair.id, atMs });
  }
  const told = new Set(pairs.map(({ id }) => id));
  for (const row of checklist.pairs.values()) if (!told.has(row.id)) row.goneMs ??= atMs;
}

/** What a pair has come to, in one word. */
export type PairOutcome = 'frozen' | 'waiting' | 'in-progress' | 'succeeded' | 'failed' | 'dropped';

const outcomes: readonly PairOutcome[] = ['frozen', 'waiting', 'in-progress', 'succeeded', 'failed'];

/** Dropped: the browser tells of it no more. Chromium takes pairs from its list when they have failed or are not needed. */
export function outcomeOf({ last, goneMs }: PairRow): PairOutcome {
  if (goneMs !== undefined) return 'dropped';
  return outcomes.find((one) => one === last.state) ?? 'waiting';
}

/** The pairs in the order in which ICE checks them: highest priority first; those without a known one last. */
export function byPriority(rows: Iterable<PairRow>): PairRow[] {
  return [...rows].toSorted((a, b) => {
    const [one, other] = [BigInt(a.last.priority ?? 0), BigInt(b.last.priority ?? 0)];
    return one < other ? 1 : one > other ? -1 : 0;
  });
}

/** One end of the matrix: a candidate as a message told of it, or as only the browser knows it. */
export interface Axis {
  readonly key: string;
  readonly type: CandidateType;
  readonly protocol: string;
  readonly address?: string;
  readonly port?: number;
  readonly priority?: number;
  readonly tcpType?: 'active' | 'passive' | 'so';
  readonly component?: 'rtp' | 'rtcp';
  /** Absent for one that was learned from a check. */
  readonly candidate?: Candidate;
  /** The browser calls it prflx: a check came from there before its message did. */
  readonly isLearned: boolean;
}

export interface Matrix {
  /** The candidates of the peer whose checklist it is, highest priority first. */
  readonly locals: readonly Axis[];
  readonly remotes: readonly Axis[];
  /** By {@link cellKey}. */
  readonly cells: ReadonlyMap<string, PairRow>;
  /** Place of each pair in the order of checks, counted from 1, by its id. */
  readonly order: ReadonlyMap<string, number>;
  /** Local candidates for m-sections that share the transport of another one (bundle), or from before an ICE restart. */
  readonly setAside: number;
}

export const cellKey = (local: Axis, remote: Axis): string => `${local.key} ${remote.key}`;

/** All candidates of both ends against each other, and the pairs where they are. */
export function matrixOf({ local, remote }: PeerCandidates, checklist: PeerChecklist | undefined): Matrix {
  const mids = new Set(remote.map(({ mid }) => mid));
  const current = local.filter(({ mid }) => mids.size === 0 || mid === null || mids.has(mid));
  const locals = new Axes(inGeneration(current));
  const remotes = new Axes(inGeneration(remote));
  const cells = new Map<string, PairRow>();
  const order = new Map<string, number>();
  const rows = byPriority(checklist?.pairs.values() ?? []);
  for (const row of rows) {
    const key = cellKey(locals.of(row.last.local, row), remotes.of(row.last.remote, row));
    const before = cells.get(key);
    // Two pairs of the same ends: the browser replaced one by the other.
    if (!before || (before.goneMs !== undefined && row.goneMs === undefined)) cells.set(key, row);
    if (row.last.priority !== undefined) order.set(row.id, order.size + 1);
  }
  const isSetAside = ({ text }: CandidateRow) => !locals.all.some(({ key }) => key === text);
  return {
    locals: locals.all.toSorted(highestFirst),
    remotes: remotes.all.toSorted(highestFirst),
    cells,
    order,
    setAside: new Set(local.filter(isSetAside).map(({ text }) => text)).size,
  };
}

const highestFirst = (a: Axis, b: Axis): number => (b.priority ?? 0) - (a.priority ?? 0);

/** Those of the latest ICE generation: an ICE restart brings a new user name (RFC 8445 §9). */
function inGeneration(rows: readonly CandidateRow[]): readonly CandidateRow[] {
  const latest = rows.findLast(({ usernameFragment }) => usernameFragment)?.usernameFragment;
  return rows.filter(({ usernameFragment }) => !usernameFragment || usernameFragment === latest);
}

/** The candidates along one side; a pair's end finds its own there, or is put there. */
class Axes {
  readonly all: Axis[] = [];

  constructor(rows: readonly CandidateRow[]) {
    for (const { candidate, text } of rows) {
      if (!candidate || this.all.some(({ key }) => key === text)) continue;
      const { type, protocol, address, port, priority, tcpType, component } = candidate;
      this.all.push({
        key: text,
        type,
        protocol,
        address,
        port,
        priority,
        component,
        candidate,
        isLearned: false,
        ...(tcpType && { tcpType }),
      });
    }
  }

  of(end: PairEnd, { goneMs }: PairRow): Axis {
    const at = this.all.findIndex((axis) => isSame(axis, end));
    const found = this.all[at];
    if (found) {
      if (end.type !== 'prflx' || found.type === 'prflx' || goneMs !== undefined) return found;
      const learned = { ...found, isLearned: true };
      this.all[at] = learned;
      return learned;
    }
    const { id, type, protocol, address, port, priority, tcpType } = end;
    const axis: Axis = {
      key: id,
      type,
      protocol,
      isLearned: type === 'prflx',
      ...(address !== undefined && { address }),
      ...(port !== undefined && { port }),
      ...(priority !== undefined && { priority }),
      ...(tcpType && { tcpType }),
    };
    this.all.push(axis);
    return axis;
  }
}

/** Compared by protocol, port and type, and by address where the browser tells it; a prflx one may be known by its message. */
function isSame(axis: Axis, end: PairEnd): boolean {
  if (axis.key === end.id) return true;
  if (axis.protocol !== end.protocol || axis.port !== end.port || axis.tcpType !== end.tcpType) return false;
  if (axis.type !== end.type && end.type !== 'prflx') return false;
  const { address = '' } = axis;
  if (end.address && address && !address.endsWith('.local') && end.address !== address) return false;
  return axis.type === end.type
    ? axis.priority === undefined || end.priority === undefined || axis.priority === end.priority
    : true;
}

/** Why this pair, or why none yet: one to four sentences. Undefined before there is a pair. */
export function whySelected(peer: PeerLabel, checklist: PeerChecklist): string | undefined {
  const rows = [...checklist.pairs.values()];
  if (rows.length === 0) return undefined;
  const selection = checklist.selections.at(-1);
  const selected = selection && checklist.pairs.get(selection.id);
  if (!selected) return whyNone(rows);
  return [
    whoDecides(peer, checklist.role),
    whyBest(selected, rows, firstTaken(checklist, selected)),
    whySwitched(checklist),
    aboutPath(selected, rows),
  ]
    .filter(Boolean)
    .join(' ');
}

function whyNone(rows: readonly PairRow[]): string {
  const sent = rows.reduce((sum, { last }) => sum + (last.requestsSent ?? 0), 0);
  const requests = sent > 0 ? ` after ${plural(sent, 'request')}` : '';
  const isOver = rows.every((row) => ['failed', 'dropped'].includes(outcomeOf(row)));
  const answered = rows.filter(({ last }) => last.state === 'succeeded').length;
  if (isOver)
    return `No pair is selected: none of ${plural(rows.length, 'pair')} answered${requests}. Packets are dropped on the way, or the addresses are wrong.`;
  return answered > 0
    ? `${answered} of ${plural(rows.length, 'pair')} answered; none is nominated yet.`
    : `Checks are under way: none of ${plural(rows.length, 'pair')} has answered yet${requests}.`;
}

function whoDecides(peer: PeerLabel, role: RTCIceRole | undefined): string {
  if (role === 'controlling') return `${peer} is controlling, and nominated the pair.`;
  if (role === 'controlled')
    return `${peer} is controlled, and takes the pair that the other side nominated.`;
  return '';
}

/** Whether a pair had answered at a time. */
const hadAnswered = ({ moments }: PairRow, atMs: number): boolean =>
  moments.some((moment) => moment.atMs <= atMs && moment.state === 'succeeded');

function whyBest(selected: PairRow, rows: readonly PairRow[], atMs: number): string {
  const when = `at ${inMs(atMs)} ms`;
  const inOrder = byPriority(rows).filter(
    (row) => row === selected || (isSameGeneration(row, selected) && !isSamePath(row, selected)),
  );
  const better = inOrder.slice(0, inOrder.indexOf(selected));
  if (inOrder.length === 1) return `It was the only pair there was, ${when}.`;
  if (better.length === 0) return `It has the highest priority of all ${inOrder.length} pairs.`;
  const answered = inOrder.filter((row) => row === selected || hadAnswered(row, atMs));
  const betterAnswered = better.filter((row) => answered.includes(row)).length;
  if (betterAnswered > 0)
    return `${betterAnswered} of ${plural(answered.length, 'pair')} that had answered ${when} had a higher priority: which one to nominate is the controlling side’s decision (RFC 8445 §8.1.1).`;
  const first =
    answered.length === 1
      ? `Of all ${inOrder.length} pairs it alone had answered ${when}.`
      : `Of the ${answered.length} pairs that had answered ${when} it has the highest priority.`;
  const later = better.filter((row) => hadAnswered(row, Infinity)).length;
  return `${first} ${better.length} of a higher priority had not${later > 0 ? `; ${later} answered later` : ''}.`;
}

/** When the path of a pair was taken first: a candidate that gets another name makes a new pair on the same path. */
function firstTaken({ selections, pairs }: PeerChecklist, selected: PairRow): number {
  const later = selections.findLastIndex(({ id }) => {
    const row = pairs.get(id);
    return row !== undefined && !isSamePath(row, selected);
  });
  return selections[later + 1]?.atMs ?? 0;
}

const isSamePath = ({ last: one }: PairRow, { last: other }: PairRow): boolean =>
  one.local.id === other.local.id &&
  one.remote.port === other.remote.port &&
  one.remote.protocol === other.remote.protocol;

/** An ICE restart brings a new user name, and pairs that compete with those from before only in carrying the media. */
const isSameGeneration = ({ last: one }: PairRow, { last: other }: PairRow): boolean =>
  one.local.usernameFragment === other.local.usernameFragment;

function whySwitched({ selections, pairs }: PeerChecklist): string {
  const [before, now] = selections.slice(-2);
  if (!before || !now) return '';
  const [old, fresh] = [pairs.get(before.id), pairs.get(now.id)];
  if (!old || !fresh) return '';
  if (isSamePath(old, fresh))
    return old.last.remote.type === 'prflx'
      ? `Until ${inMs(now.atMs)} ms its remote end was called prflx: a check had come from there before the browser knew the candidate. It is the same path.`
      : '';
  if (!isSameGeneration(old, fresh))
    return `From ${inMs(before.atMs)} ms until ${inMs(now.atMs)} ms a pair from before the ICE restart was in use (${ends(old)}).`;
  const isBetter = BigInt(fresh.last.priority ?? 0) > BigInt(old.last.priority ?? 0);
  const why = isBetter ? 'this one has a higher priority' : 'that one was given up';
  return `From ${inMs(before.atMs)} ms until ${inMs(now.atMs)} ms another pair was in use (${ends(old)}): ${why}.`;
}

const ends = ({ last: { local, remote } }: PairRow): string =>
  `${local.type} ↔ ${remote.type}, ${local.protocol}`;

function aboutPath(selected: PairRow, rows: readonly PairRow[]): string {
  const { local, remote } = selected.last;
  const types = [local.type, remote.type];
  if (types.includes('relay')) {
    const direct = rows.filter(({ last }) => last.local.type !== 'relay' && last.remote.type !== 'relay');
    return direct.length === 0
      ? 'It goes over a TURN server: there was no pair without one.'
      : `It goes over a TURN server: none of ${plural(direct.length, 'direct pair')} was usable.`;
  }
  if (types.includes('prflx'))
    return `Its ${remote.type === 'prflx' ? 'remote' : 'local'} end is prflx: a check came from there, and no message had told of it by then.`;
  return '';
}
