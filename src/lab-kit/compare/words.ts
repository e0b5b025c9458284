import { inMs } from '../panels/model/format.ts';
import type { Difference, Measure } from './measures.ts';

/** Where a measure stands on the page; those of time stand on the clock. */
export const measureGroups = [
  { title: 'Code', measures: ['lines', 'sharedLines'] },
  {
    title: 'Through the server',
    measures: ['requests', 'messages', 'messageBytes', 'descriptions', 'candidates', 'roundTrips'],
  },
  { title: 'In the browser', measures: ['connections', 'calls', 'channelMessages', 'channelBytes'] },
] as const satisfies readonly { readonly title: string; readonly measures: readonly Measure[] }[];

type Unit = 'count' | 'bytes' | 'ms';

export function unitOf(measure: Measure): Unit {
  if (measure.endsWith('Bytes')) return 'bytes';
  return measure.endsWith('Ms') ? 'ms' : 'count';
}

/** Bytes as a person reads them: `318 B`, `4.1 kB`, `2.0 MB` (thousands, not 1024s). */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A value with its unit. */
export function written(value: number, unit: Unit): string {
  if (unit === 'bytes') return inBytes(value);
  return unit === 'ms' ? `${inMs(value)} ms` : String(value);
}

/** From this ratio on it is said, too. */
const TELLING_RATIO = 1.5;

/** How the right column stands to the left one, in few words: `46 fewer`, `1.2 kB more (3.1 times)`, `63 ms later`. */
export function inShort({
  left,
  right,
  by,
  unit,
}: Pick<Difference, 'left' | 'right' | 'by'> & { unit: Unit }): string {
  if (left === undefined && right === undefined) return '';
  if (right === undefined) return 'not here';
  if (left === undefined || by === undefined) return 'only here';
  if (unit === 'ms') {
    const rounded = Math.round(by);
    if (rounded === 0) return 'at the same time';
    return `${inMs(Math.abs(rounded)).replace(/\.0$/, '')} ms ${by > 0 ? 'later' : 'earlier'}`;
  }
  if (by === 0) return 'the same';
  const fewer = unit === 'bytes' ? 'less' : 'fewer';
  const ratio = left > 0 && right > 0 ? right / left : 0;
  const howMany = ratio >= TELLING_RATIO ? ` (${ratio.toFixed(1)} times)` : '';
  return `${written(Math.abs(by), unit)} ${by > 0 ? 'more' : fewer}${howMany}`;
}
