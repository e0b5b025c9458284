import { inBitrate, inMs, inPercent } from './format.ts';
import { column, type Column, type Metric, type PeerSeries, type Source } from './series.ts';

/** What a number is in, how it is written, and how far an axis reaches at least: silence is a line at the bottom. */
export const units = {
  bitrate: { least: 1000, words: inBitrate },
  ms: { least: 2, words: (value: number) => `${inMs(value)} ms` },
  share: { least: 0.05, words: inPercent },
  count: { least: 2, words: (value: number) => `${Math.round(value * 10) / 10}` },
  pixels: { least: 100, words: (value: number) => `${Math.round(value)} px` },
} as const satisfies Record<string, { least: number; words: (value: number) => string }>;
export type Unit = keyof typeof units;

interface Part {
  readonly metric: Metric;
  readonly way?: Source['way'];
  /** In the name of the line, after the stream: `sends video, target`. */
  readonly name?: string;
  readonly unit: Unit;
  /** On an axis of its own, at the right. */
  readonly isRight?: boolean;
}

export interface ChartSpec {
  readonly title: string;
  readonly parts: readonly Part[];
  /** Shown unless the person chooses otherwise. */
  readonly isDefault?: boolean;
  /** What the browser has to tell for it. */
  readonly needs: string;
}

export const charts = {
  bitrate: {
    title: 'Bitrate',
    parts: [{ metric: 'bitrateBps', unit: 'bitrate' }],
    isDefault: true,
    needs: 'how many bytes each stream has',
  },
  delay: {
    title: 'Round trip and jitter',
    parts: [
      { metric: 'currentRoundTripTimeMs', unit: 'ms', name: 'round trip' },
      { metric: 'rttMs', unit: 'ms', name: 'round trip by RTCP' },
      { metric: 'jitterMs', unit: 'ms', name: 'jitter' },
    ],
    isDefault: true,
    needs: 'round trips and jitter',
  },
  loss: {
    title: 'Loss',
    parts: [{ metric: 'lossFraction', unit: 'share' }],
    isDefault: true,
    needs: 'how many packets were lost',
  },
  frames: {
    title: 'Frames per second, size',
    parts: [
      { metric: 'framesPerSecond', unit: 'count' },
      { metric: 'frameHeight', unit: 'pixels', name: 'height', isRight: true },
    ],
    isDefault: true,
    needs: 'frames',
  },
  bandwidth: {
    title: 'Bandwidth',
    parts: [
      { metric: 'availableOutgoingBitrateBps', unit: 'bitrate', name: 'available' },
      { metric: 'targetBitrateBps', unit: 'bitrate', name: 'target' },
      { metric: 'bitrateBps', unit: 'bitrate', way: 'out' },
    ],
    needs: 'what it takes the bandwidth to be',
  },
  buffer: {
    title: 'Jitter buffer',
    parts: [{ metric: 'jitterBufferDelayMs', unit: 'ms', name: 'waits' }],
    needs: 'how long packets wait',
  },
  lost: {
    title: 'Packets lost',
    parts: [{ metric: 'packetsLost', unit: 'count' }],
    needs: 'how many packets were lost',
  },
  repair: {
    title: 'Freezes and concealment',
    parts: [
      { metric: 'freezeCount', unit: 'count', name: 'freezes' },
      { metric: 'concealedFraction', unit: 'share', name: 'concealed', isRight: true },
    ],
    needs: 'freezes and concealed samples',
  },
} as const satisfies Record<string, ChartSpec>;
export type ChartId = keyof typeof charts;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys() forgets which names it was given
export const allCharts = Object.keys(charts) as ChartId[];

/** One line of a chart. */
export interface Line {
  readonly key: string;
  /** `sends video · mid 1, target`. */
  readonly name: string;
  readonly source: Source;
  readonly unit: Unit;
  readonly isRight: boolean;
  /** Place among the lines of one colour: each is dashed in another way. */
  readonly dash: number;
  readonly values: Column;
}

/** Which streams are looked at: all, those of an m-section, or one. */
export type Choice = 'all' | `mid ${string}` | `ssrc ${string}`;

const isChosen = (choice: Choice, { id, mid, way }: Source): boolean =>
  choice === 'all' || way === 'path' || choice === `mid ${mid}` || choice === `ssrc ${id}`;

/** What a person can choose to see of a peer: each m-section, and each layer where one has several. */
export function choicesOf({ sources }: PeerSeries): [Choice, string][] {
  const streams = [...sources.values()].filter(({ way }) => way !== 'path');
  const mids = new Map(streams.flatMap(({ mid, kind }) => (mid === undefined ? [] : [[mid, kind ?? '']])));
  const layers = streams.filter(({ rid }) => rid !== undefined);
  return [
    ['all', 'All streams'],
    ...[...mids].map(([mid, kind]): [Choice, string] => [`mid ${mid}`, `mid ${mid}: ${kind}`]),
    ...layers.map((source): [Choice, string] => [`ssrc ${source.id}`, nameOf(source, true)]),
  ];
}

/** The lines of a chart, as far as the browser has told something for them. */
export function linesOf(series: PeerSeries, spec: ChartSpec, choice: Choice): Line[] {
  const sources = [...series.sources.values()].filter((source) => isChosen(choice, source));
  const names = sources.map((source) => nameOf(source, false));
  const lines: Line[] = [];
  for (const { metric, way, name, unit, isRight = false } of spec.parts)
    for (const source of sources) {
      if (way !== undefined && way !== source.way) continue;
      const values = column(series, source.id, metric);
      if (!values) continue;
      const short = nameOf(source, false);
      const stream = names.filter((one) => one === short).length > 1 ? nameOf(source, true) : short;
      const dash = lines.filter((line) => line.source.way === source.way).length;
      lines.push({
        key: `${source.id} ${metric}`,
        name: [stream, name].filter(Boolean).join(', '),
        source,
        unit,
        isRight,
        dash,
        values,
      });
    }
  return lines;
}

/** `sends video`, and with its m-section and layer where there are several. */
function nameOf({ way, kind, mid, rid }: Source, isFull: boolean): string {
  if (way === 'path') return '';
  const parts = [`${way === 'out' ? 'sends' : 'receives'} ${kind ?? 'media'}`];
  if (isFull && mid !== undefined) parts.push(`mid ${mid}`);
  if (rid !== undefined) parts.push(`rid ${rid}`);
  return parts.join(' · ');
}

/** `Firefox`, `Chromium`, `Safari`, as a user agent calls itself; `This browser` when it says nothing we know. */
export function browserName(userAgent: string): string {
  if (/Firefox\//.test(userAgent)) return 'Firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'Chromium';
  return /Safari\//.test(userAgent) ? 'Safari' : 'This browser';
}
