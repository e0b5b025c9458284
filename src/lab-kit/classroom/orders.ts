import type { FromHost, ToHost } from '../../protocol/classroom/frames.ts';
import type { Output } from '../exercise/realm.ts';
import type { CodeError } from '../exercise/sandbox.ts';

/** A package that the code imports: its name lies between these places of the text. */
export interface Import {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What the page tells the worker, or the process on the site, in which a learner's server runs. */
export type Order =
  | { readonly load: string; readonly imports: readonly Import[] }
  | { readonly frame: ToHost }
  /** Answered when everything before it has been done. */
  | { readonly ping: number };

/** What it tells the page. */
export type Report =
  | { readonly loaded: true }
  /** It cannot go on: it was not read, it threw, or a loop did not end. */
  | { readonly ended: Output }
  | { readonly frame: FromHost }
  | { readonly output: Output }
  | { readonly pong: number };

/** Whatever a learner's server runs in. What is ordered is done in its order. */
export interface Runner {
  readonly order: (message: Order) => void;
  /** Ends it at once. */
  readonly end: () => void;
}

export interface RunnerEvents {
  readonly report: (report: Report) => void;
  /** It runs no more. */
  readonly fail: (why: CodeError) => void;
}
