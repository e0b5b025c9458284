import type { ReadonlySignal, Signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Bench } from '../rtc/bench.ts';
import type { FaultBoard } from '../rtc/faults/board.ts';
import type { Recording } from '../rtc/recording/schema.ts';
import type { Entry, PeerLabel } from '../rtc/timeline.ts';
import type { PanelId } from './define.ts';
import type { Machine } from './panels/model/machines.ts';

/** What every panel is given. Panels are functions of the entries; they draw once per frame at most. */
export interface LabView {
  /** Id of the lab, its folder's name. */
  readonly lab: string;
  /** What the learner has chosen for the next run; absent in a replay. */
  readonly controls?: ReadonlySignal<Readonly<Record<string, string>>>;
  /** All peers of the run, in the order of their lifelines: offerer before answerer. */
  readonly peers: ReadonlySignal<readonly PeerLabel[]>;
  /** The peers that live in this page; the others are seen only by the signals they exchange with us. */
  readonly hosted: ReadonlySignal<readonly PeerLabel[]>;
  /** Everything recorded so far. The array is the same and grows; `version` changes when it did (once per frame). */
  readonly entries: ReadonlySignal<{ readonly version: number; readonly list: readonly Entry[] }>;
  /** `seq` of the entry that all panels show, or null for «now». */
  readonly focus: Signal<number | null>;
  /** The running (or last) bench. */
  readonly bench: ReadonlySignal<Bench | null>;
  readonly state: ReadonlySignal<RunState>;
  /** What one panel asks another one to show: its tab opens, and it marks the thing. Null when nobody asked. */
  readonly target: Signal<Target | null>;
  /** The browser of the run, as it calls itself. */
  readonly userAgent: string;
  /** The run as far as it has come, as a file holds it. */
  record(): Recording;
  /** What goes wrong on purpose; null in a replay, and where a person carries the messages. */
  readonly faults: LabFaults | null;
}

/** The fault board of a lab, and what its panel may ask of the page. */
export interface LabFaults {
  readonly board: FaultBoard;
  /** Starts a run; the one before ends. */
  again(): void;
  /** A link to this lab with its choices and its faults; absent where a run cannot be linked to. */
  link?(): string;
  /** What the button that starts a run says; “Run” when left out. */
  readonly button?: string;
  /** Why nothing can be done to the packets here, and where it can; absent where something may be. */
  readonly noWire?: { readonly text: string; readonly lesson: string };
}

/** A thing that a panel can be asked to show. */
export type Target =
  /** A candidate, by its text as it crossed. */
  | { readonly panel: 'candidates'; readonly peer: PeerLabel; readonly candidate: string }
  /** A state machine of a peer; without one, that which the panel shows already. */
  | { readonly panel: 'states'; readonly peer: PeerLabel; readonly machine?: Machine }
  /** The streams of an m-section; all of the peer's without a mid. */
  | { readonly panel: 'stats'; readonly peer: PeerLabel; readonly mid?: string }
  /** Only the tab. */
  | { readonly panel: Exclude<PanelId, 'tiles' | 'candidates' | 'states' | 'stats'> };

export type RunState = 'idle' | 'waiting' | 'running' | 'ended' | 'failed';

export type PanelProps = { readonly view: LabView };
export type Component = ComponentType<PanelProps>;
