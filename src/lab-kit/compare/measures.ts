import type { Entry } from '../../rtc/timeline.ts';

/** What one column's code is, as text. */
export interface ColumnSource {
  /** The file of the task. */
  readonly own: string;
  /** Files that all tasks of this column share (its signaling, its helper); empty where there are none. */
  readonly shared: readonly { readonly name: string; readonly text: string }[];
}

/**
 * What one run of one column came to, read from its record and its source alone. Times are milliseconds since the
 * column's run began; undefined is what did not happen.
 */
export interface Measures {
  /** Lines of code: not empty, and not only a comment. */
  readonly lines: number;
  readonly sharedLines: number;
  /** Messages that participants sent to their server over a socket, and their bytes. */
  readonly messages: number;
  readonly messageBytes: number;
  /** HTTP requests besides. */
  readonly requests: number;
  readonly connections: number;
  readonly descriptions: number;
  readonly candidates: number;
  /**
   * How often the participant that began had to wait for its server before it was connected: the longest alternation
   * of what it sent and what it then received.
   */
  readonly roundTrips: number;
  /** Calls on `RTCPeerConnection` and what belongs to it, by whomever. */
  readonly calls: number;
  /** Those of them that do not stand in the column's own file: method names, each once, in the order of their first call. */
  readonly hidden: readonly string[];
  readonly connectedMs: number | undefined;
  readonly firstDataMs: number | undefined;
  readonly firstFrameMs: number | undefined;
  /** Messages and bytes that data channels carried, as they were handed to `send()`. */
  readonly channelMessages: number;
  readonly channelBytes: number;
}

export type Measure = Exclude<keyof Measures, 'hidden'>;

/** One measure in which columns differ, or do not. */
export interface Difference {
  readonly measure: Measure;
  readonly left: number | undefined;
  readonly right: number | undefined;
  /** right − left, where both are there. */
  readonly by: number | undefined;
}

export type MeasureColumn = (entries: readonly Entry[], source: ColumnSource) => Measures;
