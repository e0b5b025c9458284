import type { InboundSample, OutboundSample, StatsSample } from '../../../rtc/stats/sample.ts';
import type { PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';
import { inBitrate, inMs, inPercent } from './format.ts';

/** Samples kept for the small curves: a minute at one a second. */
export const HISTORY = 60;

export interface PeerStats {
  last: StatsSample;
  /** Media bits per second over all streams, oldest first; at most {@link HISTORY}. */
  readonly sendBps: number[];
  readonly receiveBps: number[];
}

/** The latest sample of each peer, and what the bitrates were before it. */
export function statsFold(): Fold<Map<PeerLabel, PeerStats>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      if (entry.kind !== 'stats') return;
      const stats: PeerStats = peers.get(entry.peer) ?? { last: entry.sample, sendBps: [], receiveBps: [] };
      stats.last = entry.sample;
      keep(stats.sendBps, sum(entry.sample.outbound));
      keep(stats.receiveBps, sum(entry.sample.inbound));
      peers.set(entry.peer, stats);
    },
  );
}

const sum = (streams: readonly { readonly bitrateBps?: number }[]): number =>
  streams.reduce((total, { bitrateBps = 0 }) => total + bitrateBps, 0);

function keep(values: number[], value: number): void {
  values.push(value);
  if (values.length > HISTORY) values.shift();
}

/** One number with its name. `title` says where it comes from. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly title: string;
}

/** What a stream that we send or receive says about itself; only what this browser measures. */
export function streamFigures(stream: OutboundSample | InboundSample): Figure[] {
  const figures: Figure[] = [];
  const add = (name: string, value: string | undefined, title: string) => {
    if (value !== undefined) figures.push({ name, value, title });
  };
  add('bitrate', ifKnown(stream.bitrateBps, inBitrate), 'payload bits per second');
  add('loss', ifKnown(stream.lossFraction, inPercent), 'packets lost between two samples');
  add('jitter', ifKnown(stream.jitterMs, ms), 'variation of the packets’ travel time');
  if ('rttMs' in stream) add('RTT', ifKnown(stream.rttMs, ms), 'round trip by the receiver’s RTCP reports');
  if ('jitterBufferDelayMs' in stream)
    add('buffer', ifKnown(stream.jitterBufferDelayMs, ms), 'mean wait in the jitter buffer');
  if (stream.kind === 'video') {
    add('frames/s', ifKnown(stream.framesPerSecond, Math.round), 'frames encoded or decoded per second');
    if (stream.frameWidth && stream.frameHeight)
      add('size', `${stream.frameWidth}×${stream.frameHeight}`, 'pixels of the latest frame');
  }
  return figures;
}

const ms = (value: number): string => `${inMs(value)} ms`;
const ifKnown = (value: number | undefined, words: (value: number) => string | number): string | undefined =>
  value === undefined ? undefined : String(words(value));

/** `video/VP8` as people say it. */
export const codecName = (mimeType: string | undefined): string =>
  mimeType?.split('/').at(-1) ?? 'codec not known yet';

/**
 * A curve through the values, as the `d` of a path.
 *
 * @param values oldest first; each 0 or more
 * @param slots  how many values fill the width
 */
export function sparkline(values: readonly number[], width: number, height: number, slots = HISTORY): string {
  if (values.length < 2) return '';
  const highest = Math.max(...values, 1);
  const step = width / (slots - 1);
  const left = width - (values.length - 1) * step;
  return values
    .map((value, index) => {
      const x = (left + index * step).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${(height - (value / highest) * height).toFixed(1)}`;
    })
    .join('');
}
