import type { ColumnId } from './define.ts';
import type { Difference, Measure, Measures } from './measures.ts';

/** What each measure is called in a table: what is counted, and its unit where it has one. */
export const measureTitles: Readonly<Record<Measure, string>> = {
  lines: 'Lines of code',
  sharedLines: 'Lines that all tasks share',
  messages: 'Messages to the server',
  messageBytes: 'Bytes to the server',
  requests: 'HTTP requests besides',
  connections: 'Peer connections opened',
  descriptions: 'Descriptions sent',
  candidates: 'Candidates sent',
  roundTrips: 'Round trips until connected',
  calls: 'Calls of the API',
  connectedMs: 'Until both ends are connected (ms)',
  firstDataMs: 'Until the first data (ms)',
  firstFrameMs: 'Until the first frame (ms)',
  channelMessages: 'Messages on channels',
  channelBytes: 'Bytes on channels',
};

/** The measures in the order of a table. */
export const measureNames = Object.keys(measureTitles) as readonly Measure[];

/** How a sentence calls a column. */
const columnNames: Readonly<Record<ColumnId, string>> = {
  raw: 'the raw API',
  peerjs: 'PeerJS',
  helper: 'our helper',
  'simple-peer': 'simple-peer',
};

/** Every measure of two columns, in the order of a table: those too in which they are equal. */
export function differences(left: Measures, right: Measures): readonly Difference[] {
  return measureNames.map((measure): Difference => {
    const [one, other] = [left[measure], right[measure]];
    const by = one === undefined || other === undefined ? undefined : other - one;
    return { measure, left: one, right: other, by };
  });
}

type Words =
  | {
      readonly unit: 'count';
      /** What the column did to what is counted: `sent`. */
      readonly verb: string;
      readonly one: string;
      readonly many: string;
      readonly rest?: string;
    }
  | {
      readonly unit: 'ms';
      /** What one column did: `was connected`. */
      readonly did: string;
      /** What both did. */
      readonly both: string;
      /** What one did not do. */
      readonly never: string;
    };

const count = (verb: string, one: string, rest = '', many = `${one}s`): Words => ({
  unit: 'count',
  verb,
  one,
  many,
  rest,
});

const wordsOf: Readonly<Record<Measure, Words>> = {
  lines: count('takes', 'line of code', '', 'lines of code'),
  sharedLines: count('shares', 'line', ' among all tasks'),
  messages: count('sent', 'message'),
  messageBytes: count('sent', 'byte', ' to the server'),
  requests: count('made', 'HTTP request'),
  connections: count('opened', 'peer connection'),
  descriptions: count('sent', 'description'),
  candidates: count('sent', 'candidate'),
  roundTrips: count('waited for', 'round trip', ' until it was connected'),
  calls: count('made', 'call'),
  connectedMs: {
    unit: 'ms',
    did: 'was connected',
    both: 'were connected',
    never: 'was never connected',
  },
  firstDataMs: {
    unit: 'ms',
    did: 'had its first data',
    both: 'had their first data',
    never: 'never had any data',
  },
  firstFrameMs: {
    unit: 'ms',
    did: 'showed its first frame',
    both: 'showed their first frame',
    never: 'never showed a frame',
  },
  channelMessages: count('put', 'message', ' on channels'),
  channelBytes: count('put', 'byte', ' on channels'),
};

/**
 * A difference as a sentence: “PeerJS sent 4 messages more.” Times are told in whole milliseconds.
 *
 * @param left, right whose measures they are
 */
export function differenceWords(difference: Difference, left: ColumnId, right: ColumnId): string {
  const words = wordsOf[difference.measure];
  const sentence =
    words.unit === 'ms'
      ? timeWords(difference, words, columnNames[left], columnNames[right])
      : countWords(difference, words, columnNames[right]);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function countWords(
  { left = 0, right = 0 }: Difference,
  { verb, one, many, rest = '' }: Words & { unit: 'count' },
  subject: string,
): string {
  const by = right - left;
  if (by !== 0)
    return `${subject} ${verb} ${grouped(Math.abs(by))} ${Math.abs(by) === 1 ? one : many} ${by > 0 ? 'more' : 'fewer'}${rest}`;
  const both = verb === 'takes' ? 'take' : verb === 'shares' ? 'share' : verb;
  return left === 0
    ? `both ${both} no ${one}${rest}`
    : `both ${both} ${grouped(left)} ${left === 1 ? one : many}${rest}`;
}

function timeWords(
  { left, right, by }: Difference,
  { did, both, never }: Words & { unit: 'ms' },
  one: string,
  other: string,
): string {
  if (left === undefined && right === undefined) return `both ${never}`.replace('was ', 'were ');
  if (right === undefined) return `${other} ${never}; ${one} ${did} after ${inWholeMs(left)}`;
  if (left === undefined) return `${other} ${did} after ${inWholeMs(right)}; ${one} ${never}`;
  const rounded = Math.round(by ?? 0);
  if (rounded === 0) return `both ${both} at the same time`;
  return `${other} ${did} ${inWholeMs(Math.abs(rounded))} ${rounded > 0 ? 'later' : 'earlier'}`;
}

const inWholeMs = (ms = 0): string => `${grouped(Math.round(ms))} ms`;

/** `12 345`, with a narrow space that does not break. */
const grouped = (value: number): string => value.toString().replace(/\B(?=(\d{3})+$)/g, '\u202f');
