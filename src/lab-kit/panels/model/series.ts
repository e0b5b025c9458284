import type { InboundSample, OutboundSample, StatsSample } from '../../../rtc/stats/sample.ts';
import type { Entry, PeerLabel } from '../../../rtc/timeline.ts';
import { describeEntry } from './describe.ts';
import { fold, type Fold } from './fold.ts';

/** What is kept of each stream. */
const streamMetrics = {
  bitrateBps: (stream) => stream.bitrateBps,
  targetBitrateBps: (stream) => ('targetBitrateBps' in stream ? stream.targetBitrateBps : undefined),
  rttMs: (stream) => ('rttMs' in stream ? stream.rttMs : undefined),
  jitterMs: (stream) => stream.jitterMs,
  lossFraction: (stream) => stream.lossFraction,
  packetsLost: (stream) => stream.packetsLost,
  jitterBufferDelayMs: (stream) => ('jitterBufferDelayMs' in stream ? stream.jitterBufferDelayMs : undefined),
  framesPerSecond: (stream) => (stream.kind === 'video' ? stream.framesPerSecond : undefined),
  frameHeight: (stream) => (stream.kind === 'video' ? stream.frameHeight : undefined),
  freezeCount: (stream) => ('freezeCount' in stream ? stream.freezeCount : undefined),
  concealedFraction: (stream) => ('concealedFraction' in stream ? stream.concealedFraction : undefined),
} satisfies Record<string, (stream: InboundSample | OutboundSample) => number | undefined>;

/** What is kept of the selected pair, the path of all streams. */
const pathMetrics = {
  currentRoundTripTimeMs: ({ candidatePair }) => candidatePair?.currentRoundTripTimeMs,
  availableOutgoingBitrateBps: ({ candidatePair }) => candidatePair?.availableOutgoingBitrateBps,
} satisfies Record<string, (sample: StatsSample) => number | undefined>;

export type Metric = keyof typeof streamMetrics | keyof typeof pathMetrics;

/** A stream that a peer sends or receives, or the path that they all take. */
export interface Source {
  readonly id: string;
  readonly way: 'out' | 'in' | 'path';
  readonly kind?: 'audio' | 'video';
  readonly mid?: string;
  readonly rid?: string;
}

/** Null where the sample does not say: a line has a gap there. */
export type Column = (number | null)[];

/** Why the picture was smaller or slower than its source, and when. Seconds of the run. */
export interface Limitation {
  readonly reason: string;
  readonly fromSec: number;
  toSec: number;
}

/** The samples of one peer, as columns of the same length. */
export interface PeerSeries {
  readonly atSec: number[];
  /** `seq` of each sample's entry. */
  readonly seqs: number[];
  readonly sources: Map<string, Source>;
  /** By source and metric, see {@link column}. A metric that no sample has told has none. */
  readonly columns: Map<string, Column>;
  readonly limitations: Limitation[];
}

/** Something that happened, to be marked on the time axis. */
export interface Mark {
  readonly atSec: number;
  readonly seq: number;
  readonly peer: PeerLabel;
  readonly words: string;
  readonly isBad: boolean;
}

export interface Series {
  readonly peers: Map<PeerLabel, PeerSeries>;
  readonly marks: Mark[];
}

/** Samples kept in full: an hour at one a second. */
const LIMIT = 3600;
/** So many more, and every other one of the older half goes. */
const SLACK = 600;

/** The samples of all peers in columns, and what happened beside them. Its size is bounded, however long the run. */
export function seriesFold(limit = LIMIT, slack = SLACK): Fold<Series> {
  return fold<Series>(
    () => ({ peers: new Map(), marks: [] }),
    (series, entry) => {
      if (entry.kind === 'stats') {
        let own = series.peers.get(entry.peer);
        if (!own) {
          own = { atSec: [], seqs: [], sources: new Map(), columns: new Map(), limitations: [] };
          series.peers.set(entry.peer, own);
        }
        addSample(own, entry.sample, entry.atMs / 1000, entry.seq);
        if (own.atSec.length > limit + slack) thin(own, limit / 2);
      } else if (isMarked(entry)) {
        const { title, tone } = describeEntry(entry);
        series.marks.push({
          atSec: entry.atMs / 1000,
          seq: entry.seq,
          peer: entry.peer,
          words: title,
          isBad: tone === 'bad',
        });
        if (series.marks.length > limit) series.marks.splice(0, slack);
      }
    },
  );
}

function isMarked(entry: Entry): boolean {
  switch (entry.kind) {
    case 'description':
    case 'connection-state':
    case 'ice-connection-state':
    case 'fault':
    case 'note':
    case 'error':
    case 'first-frame':
    case 'presence':
    case 'run-ended':
    case 'selected-candidate-pair':
      return true;
    case 'data-channel':
      return entry.state === 'open' || entry.state === 'closed';
    case 'track-state':
      return entry.state !== 'unmuted';
    default:
      return false;
  }
}

/** The values of a metric over the samples; undefined when no sample has told it. */
export const column = ({ columns }: PeerSeries, source: string, metric: Metric): Column | undefined =>
  columns.get(`${source} ${metric}`);

function addSample(series: PeerSeries, sample: StatsSample, atSec: number, seq: number): void {
  const before = series.atSec.length;
  series.atSec.push(atSec);
  series.seqs.push(seq);
  const put = (source: Source, metric: string, value: number | undefined) => {
    if (value === undefined) return;
    series.sources.set(source.id, source);
    const key = `${source.id} ${metric}`;
    let values = series.columns.get(key);
    if (!values) series.columns.set(key, (values = Array.from<null>({ length: before }).fill(null)));
    values[before] = value;
  };
  for (const [way, streams] of [
    ['out', sample.outbound],
    ['in', sample.inbound],
  ] as const)
    for (const stream of streams) {
      const { kind, mid, rid, ssrc } = stream;
      const source = {
        id: `${way}-${ssrc}`,
        way,
        kind,
        ...(mid !== undefined && { mid }),
        ...(rid !== undefined && { rid }),
      };
      for (const [metric, read] of Object.entries(streamMetrics)) put(source, metric, read(stream));
    }
  for (const [metric, read] of Object.entries(pathMetrics))
    put({ id: 'path', way: 'path' }, metric, read(sample));
  for (const values of series.columns.values()) if (values.length === before) values.push(null);
  addLimitation(series.limitations, sample, atSec);
}

function addLimitation(limitations: Limitation[], { outbound }: StatsSample, atSec: number): void {
  const reason = outbound
    .map(({ qualityLimitationReason }) => qualityLimitationReason)
    .find((one) => one !== undefined && one !== 'none');
  const last = limitations.at(-1);
  if (!reason) return;
  // Of the same reason and a sample ago: it lasts.
  if (last?.reason === reason && atSec - last.toSec < 2.5) last.toSec = atSec;
  else limitations.push({ reason, fromSec: Math.max(0, atSec - 1), toSec: atSec });
}

/** Drops every other sample of the first `count`: the older, the coarser. */
function thin({ atSec, seqs, columns }: PeerSeries, count: number): void {
  for (const values of [atSec, seqs, ...columns.values()] as (number | null)[][]) {
    const rest = values.slice(count);
    let kept = 0;
    for (let index = 0; index < count; index += 2) values[kept++] = values[index]!;
    values.length = kept;
    for (const value of rest) values.push(value);
  }
}

export interface Summary {
  readonly last: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Undefined when no value is known. */
export function summarise(values: readonly (number | null)[]): Summary | undefined {
  let [count, total, min, max] = [0, 0, Infinity, -Infinity];
  let last: number | undefined;
  for (const value of values) {
    if (value === null) continue;
    count++;
    total += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    last = value;
  }
  return last === undefined ? undefined : { last, min, mean: total / count, max };
}

/** Index of the sample nearest to a time, or −1 when there is none. */
export function nearest(atSec: readonly number[], sec: number): number {
  let best = -1;
  for (let low = 0, high = atSec.length - 1; low <= high;) {
    const middle = (low + high) >>> 1;
    if (best < 0 || Math.abs(atSec[middle]! - sec) < Math.abs(atSec[best]! - sec)) best = middle;
    if (atSec[middle]! < sec) low = middle + 1;
    else high = middle - 1;
  }
  return best;
}

/** Marks closer to each other than `widthSec` stand together: they could not be told apart. */
export function cluster(marks: readonly Mark[], widthSec: number): Mark[][] {
  const clusters: Mark[][] = [];
  for (const mark of marks) {
    const last = clusters.at(-1);
    if (last && mark.atSec - last[0]!.atSec < widthSec) last.push(mark);
    else clusters.push([mark]);
  }
  return clusters;
}
