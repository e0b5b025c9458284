import type { InboundSample, OutboundSample, StatsSample } from '../../../rtc/stats/sample.ts';
import type { PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';
import { inBitrate, inMs, inPercent } from './format.ts';

export interface PeerStats {
  readonly last: StatsSample;
}

/** The latest sample of each peer. */
export function statsFold(): Fold<Map<PeerLabel, PeerStats>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      if (entry.kind === 'stats') peers.set(entry.peer, { last: entry.sample });
    },
  );
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
