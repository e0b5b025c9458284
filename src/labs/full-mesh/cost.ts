import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import type { StatsSample } from '../../rtc/stats/sample.ts';
import type { Entry } from '../../rtc/timeline.ts';
import type { Point } from './curve.ts';
import { personOf } from './people.ts';

/** How many samples of each end a measured point is the mean of; they come once a second. */
export const SAMPLES = 3;
/** Samples at the start of a connection that do not count: it still looks for its bitrate. */
const WARM_UP = 2;

/** What is known of one end of one connection. */
export interface End {
  readonly isConnected: boolean;
  readonly isOpen: boolean;
  /** The last ones, the newest last; none of the warm-up. */
  readonly samples: readonly StatsSample[];
  readonly heard: number;
}

/** What one person pays for the meeting, by the last sample of each of their connections. */
export interface PersonCost {
  readonly person: string;
  readonly connections: number;
  /** Streams that are being encoded and sent: one for each picture and each sound, in each connection. */
  readonly encoders: number;
  readonly upBps: number;
  readonly downBps: number;
  /** Frames a second of the slowest picture that is sent; undefined while there is none. */
  readonly slowestFps: number | undefined;
}

/** The ends of a run, by their names. */
export function endsFold(): Fold<Map<string, End>> {
  return fold<Map<string, End>>(
    () => new Map(),
    (ends, entry: Entry) => {
      const { peer } = entry;
      const before = ends.get(peer) ?? { isConnected: false, isOpen: true, samples: [], heard: 0 };
      if (entry.kind === 'peer-opened') ends.set(peer, before);
      else if (entry.kind === 'connection-state')
        ends.set(peer, { ...before, isConnected: entry.state === 'connected' });
      else if (entry.kind === 'peer-closed') ends.set(peer, { ...before, isConnected: false, isOpen: false });
      else if (entry.kind === 'stats' && before.isConnected) {
        const heard = before.heard + 1;
        const samples = heard > WARM_UP ? [...before.samples, entry.sample].slice(-SAMPLES) : [];
        ends.set(peer, { ...before, heard, samples });
      }
    },
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** What one sample says was sent and received, in bit/s; everything on the pair where the browser counts it. */
const upOf = ({ candidatePair, outbound }: StatsSample): number =>
  candidatePair?.sendBitrateBps ?? sum(outbound.map(({ bitrateBps = 0 }) => bitrateBps));
const downOf = ({ candidatePair, inbound }: StatsSample): number =>
  candidatePair?.receiveBitrateBps ?? sum(inbound.map(({ bitrateBps = 0 }) => bitrateBps));

/** What each person pays now. */
export function costOf(ends: ReadonlyMap<string, End>): readonly PersonCost[] {
  const names = [...new Set([...ends.keys()].map(personOf))];
  return names.map((person) => {
    const own = [...ends].filter(([end, { isConnected }]) => isConnected && personOf(end) === person);
    const samples = own.flatMap(([, end]) => end.samples.at(-1) ?? []);
    const sent = samples.flatMap(({ outbound }) => outbound);
    const rates = sent.flatMap(({ kind, framesPerSecond }) =>
      kind === 'video' && framesPerSecond !== undefined ? [framesPerSecond] : [],
    );
    return {
      person,
      connections: own.length,
      encoders: sent.filter(({ bitrateBps = 0 }) => bitrateBps > 0).length,
      upBps: sum(samples.map(upOf)),
      downBps: sum(samples.map(downOf)),
      slowestFps: rates.length > 0 ? Math.min(...rates) : undefined,
    };
  });
}

/**
 * The point of the learner's curve that this run makes: the mean over all people and the last samples.
 *
 * Undefined until each end has been measured {@link SAMPLES} times while all of them were connected.
 */
export function pointOf(ends: ReadonlyMap<string, End>): Point | undefined {
  const all = [...ends.values()];
  const people = new Set([...ends.keys()].map(personOf)).size;
  const isWhole = people > 1 && all.length === people * (people - 1);
  if (!isWhole || all.some(({ isConnected, samples }) => !isConnected || samples.length < SAMPLES))
    return undefined;
  const perEnd = (of: (sample: StatsSample) => number) =>
    mean(all.map(({ samples }) => mean(samples.map(of))));
  const rates = all.flatMap(({ samples }) =>
    samples.flatMap(({ outbound }) =>
      outbound.flatMap(({ kind, framesPerSecond }) =>
        kind === 'video' && framesPerSecond !== undefined ? [framesPerSecond] : [],
      ),
    ),
  );
  return {
    people,
    upBps: perEnd(upOf) * (people - 1),
    downBps: perEnd(downOf) * (people - 1),
    ...(rates.length > 0 && { fps: mean(rates) }),
  };
}
