import type { Bench, BenchOptions } from '../../rtc/bench.ts';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { LearnersServer } from '../classroom/server.ts';
import type { Tools } from './tools.ts';
import type { Witness } from './witness.ts';

/** What a check has found out, in a sentence each: what it saw, and what it wanted to see. */
export interface Verdict {
  readonly ok: boolean;
  readonly saw: string;
  readonly wanted: string;
  /** It cannot become true any more: nobody has to wait for the end of the time. */
  readonly final?: boolean;
}

/**
 * One thing that must hold. It looks at what the connection did, never at the console; at the text of the code only
 * through a linter, beside checks of behaviour.
 */
export interface Check<F> {
  readonly id: string;
  readonly title: string;
  /**
   * `soon`: it has to become true before the time is over, and is looked at again and again.
   * `end`: it is looked at once, when our half has been played and the others are settled.
   */
  readonly when?: 'soon' | 'end';
  pass(witness: Witness<F>): Verdict | Promise<Verdict>;
  /** One sentence for whoever fails it: where to look. */
  readonly hint: string | ((witness: Witness<F>) => string);
}

/** What an exercise's own half of a run is given. */
export interface Play<F> {
  readonly bench: Bench;
  readonly tools: Tools;
  /** What it notes here, checks read. */
  readonly facts: F;
  /** The learner's text: for a linter, where a browser still does what the standard has dropped. */
  readonly source: string;
  /** Ends with the attempt. */
  readonly signal: AbortSignal;
  /** Calls a function that the learner's module exports; throws what it throws. */
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** Starts the server that the learner has written, of an exercise that `runs` one; each call a fresh one. */
  readonly startServer: () => Promise<LearnersServer>;
  /** Another bench that ends with the attempt, for exercises that connect more than once. */
  readonly openBench: (options?: Partial<Pick<BenchOptions<unknown>, 'interference' | 'openMedia'>>) => {
    readonly bench: Bench;
    readonly tools: Tools;
  };
}

interface Common {
  readonly title: string;
  /** What to do, a paragraph each; `code` between backticks. */
  readonly task: readonly string[];
  /** From a nudge to nearly the answer. */
  readonly hints: readonly [string, string, string];
  /** Whether it is judged in Firefox too; only a feature that Firefox lacks is a reason not to. */
  readonly firefox: boolean;
}

/**
 * Code that is completed or repaired. `starter.ts` and `solution.ts` lie beside it, and `wrong-*.ts`, at least three
 * for a repair.
 */
export interface CodeExercise<F = unknown> extends Common {
  readonly kind: 'complete' | 'repair';
  /** What the code is: functions that the page calls, or a server that runs in a thread of its own. */
  readonly runs: 'page' | 'server';
  /** A server that may also be tried on the server of this site, once it has passed here. Its clients send 64 kB at most. */
  readonly onSite: boolean;
  /** Both ends, alice and bob, unless it says otherwise. */
  readonly peers: readonly [PeerLabel, PeerLabel, ...PeerLabel[]];
  /** Whether the camera can be chosen instead of the drawn picture. */
  readonly media: boolean;
  /** Milliseconds for all checks together, also in a slow browser. */
  readonly limitMs: number;
  facts(): F;
  /** Our half: calls the learner's functions and does what the other end does. */
  play(play: Play<F>): void | Promise<void>;
  readonly checks: readonly Check<F>[];
}

/** A question with choices, one of them right. */
export interface PredictExercise extends Common {
  readonly kind: 'predict';
  readonly questions: readonly {
    readonly id: string;
    readonly text: string;
    readonly choices: readonly { readonly text: string; readonly right?: true; readonly why: string }[];
  }[];
}

/** Cards to be put in order. Only what the rules say matters: what is free may stand either way. */
export interface OrderExercise extends Common {
  readonly kind: 'order';
  /** In an order that works; they are shown shuffled. */
  readonly cards: readonly { readonly id: string; readonly text: string }[];
  /** Which card comes before which one, and why. */
  readonly rules: readonly { readonly first: string; readonly later: string; readonly why: string }[];
}

/** Numbers or words to be worked out from data that are other ones each time. */
export interface AnswerExercise extends Common {
  readonly kind: 'answer';
  /** Makes a problem. @param random gives numbers from 0 up to 1; the same seed makes the same problem */
  make(random: () => number): {
    /** A text that the rows ask about, shown above them as it stands: a description, a log. */
    readonly text?: string;
    /** A table: its head, and a row for each field. */
    readonly head: readonly string[];
    readonly rows: readonly AnswerRow[];
  };
}

export interface AnswerRow {
  readonly id: string;
  /** The given ones, one for each column but the last, which is the answer. */
  readonly cells: readonly string[];
  readonly right: string;
  /** How far a number may be off; 0 when left out. */
  readonly tolerance?: number;
  /** What to say of an answer that is wrong, without giving it away. */
  readonly why: string;
}

export type ExerciseDefinition = CodeExercise | PredictExercise | OrderExercise | AnswerExercise;

type Given<F> = Omit<
  CodeExercise<F>,
  'runs' | 'onSite' | 'peers' | 'media' | 'limitMs' | 'facts' | 'firefox'
> &
  Partial<Pick<CodeExercise<F>, 'runs' | 'onSite' | 'peers' | 'media' | 'limitMs' | 'facts' | 'firefox'>>;
type Plain<E extends Common> = Omit<E, 'firefox'> & { readonly firefox?: boolean };

/** Says what an exercise is. The registry finds it by its folder; nothing else is to be edited. */
export function defineExercise<F = Record<string, never>>(
  exercise: Given<F> | Plain<PredictExercise> | Plain<OrderExercise> | Plain<AnswerExercise>,
): ExerciseDefinition {
  if (exercise.kind === 'predict' || exercise.kind === 'order' || exercise.kind === 'answer')
    return { firefox: true, ...exercise };
  return {
    firefox: true,
    runs: 'page',
    onSite: false,
    peers: ['alice', 'bob'],
    media: false,
    limitMs: 8_000,
    facts: () => ({}) as F,
    ...exercise,
  } as CodeExercise<F> as CodeExercise;
}
