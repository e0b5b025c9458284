import type { ReadonlySignal, Signal } from '@preact/signals';
import type { RtcError } from '../../rtc/errors.ts';
import type { PaceMode } from '../../rtc/pace.ts';
import type { MediaSource } from '../media-source.ts';
import type { Held } from '../stepping.ts';
import type { LabView } from '../view.ts';
import type { ThirdColumn } from './column-words.ts';
import type { ColumnId, CompareTask, Moment } from './define.ts';
import type { ColumnSource, Measures } from './measures.ts';

/** How far a column is. */
export type ColumnState = 'idle' | 'running' | 'done' | 'late' | 'failed' | 'ended';

/** One column of the page: a view of its own record, for every panel. */
export interface StageColumn extends LabView {
  readonly id: ColumnId;
  readonly source: ColumnSource;
  readonly how: ReadonlySignal<ColumnState>;
  /** The step that waits; its line is one of the column's own file. */
  readonly held: ReadonlySignal<Held | null>;
  /** What went wrong in this column. */
  readonly problem: Signal<RtcError | null>;
  /** From the record as it is now; undefined before a run. */
  readonly measures: ReadonlySignal<Measures | undefined>;
}

export type MomentState = 'early' | 'ready' | 'pressed';

/** What the page shows and does. */
export interface Stage {
  readonly tasks: readonly { readonly id: string; readonly title: string }[];
  readonly task: ReadonlySignal<{ readonly id: string; readonly definition: CompareTask }>;
  readonly third: ReadonlySignal<ThirdColumn | null>;
  readonly media: Signal<MediaSource>;
  readonly columns: ReadonlySignal<readonly StageColumn[]>;
  readonly state: ReadonlySignal<'idle' | 'running' | 'finished' | 'ended' | 'failed'>;
  readonly moments: ReadonlySignal<readonly (Moment & { readonly state: MomentState })[]>;
  readonly mode: ReadonlySignal<PaceMode>;
  /** Steps of this run that waited, in the column that has taken most. */
  readonly taken: ReadonlySignal<number>;
  readonly presenting: Signal<boolean>;
  readonly problem: Signal<RtcError | null>;
  readonly link: ReadonlySignal<string>;
  chooseTask(id: string): void;
  chooseThird(id: ThirdColumn | null): void;
  choosePace(mode: PaceMode): void;
  press(moment: string): void;
  /** Lets the step that waits go in every column. */
  go(): void;
  start(): Promise<void>;
  stop(): void;
}
