import { RtcError } from './errors.ts';
import type { PeerLabel, Signal } from './timeline.ts';

/** How a run goes on: by itself, with a pause before each step, or only when a person says so. */
export const paceModes = ['run', 'slow', 'step'] as const;
export type PaceMode = (typeof paceModes)[number];

/** Something that the lab's code is about to do, and has not done yet. */
export type NextStep = {
  readonly peer: PeerLabel;
  /** The line of `run.ts` that does it, counted from 1, where it is known. */
  readonly line?: number;
} & (
  | { readonly does: 'start' }
  | { readonly does: 'open-media' }
  | { readonly does: 'call'; readonly method: string; readonly args: readonly unknown[] }
  | { readonly does: 'send'; readonly to: PeerLabel; readonly signal: Signal }
  | { readonly does: 'receive'; readonly from: PeerLabel; readonly signal: Signal }
);

interface Waiting {
  readonly step: NextStep;
  readonly stops: boolean;
  readonly go: () => void;
}

/** Milliseconds before each step of a slowed run. */
export const SLOW_STEP_MS = 1_200;

/**
 * Holds a run's code back before each of its steps. Nothing is simulated: the code waits in front of the real call, and
 * the connection is as far as it has come.
 *
 * Steps are let go one at a time, in the order in which the code came to them, so nothing overtakes. Candidates do not
 * stop on their own, they follow the step before them.
 */
export class Pace {
  #mode: PaceMode = 'run';
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDraining = false;

  get mode(): PaceMode {
    return this.#mode;
  }

  /** Another mode holds from the next step on; `run` lets everything go that waits. */
  set mode(mode: PaceMode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drain();
    this.#changed();
  }

  /** The step that waits in front of its call; undefined when nothing does. */
  get next(): NextStep | undefined {
    return this.#waiting[0]?.step;
  }

  /** Calls `listener` after each change of {@link mode} and {@link next}, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Lets the waiting step happen. Without one it does nothing. */
  go(): void {
    const first = this.#waiting.shift();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    first?.go();
    this.#drain();
    this.#changed();
  }

  /**
   * What the bench asks before a step. Undefined: go on in this very task, as if nobody had asked.
   *
   * @returns a promise that resolves when the step may happen, and rejects with {@link RtcError} `stopped` when the run ends
   */
  before(step: NextStep, ended: AbortSignal): Promise<void> | undefined {
    if (this.#mode === 'run' && this.#waiting.length === 0) return undefined;
    return new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { step, stops: stepsAlone(step), go: resolve };
      ended.addEventListener(
        'abort',
        () => {
          const at = this.#waiting.indexOf(waiting);
          if (at >= 0) this.#waiting.splice(at, 1);
          reject(new RtcError('stopped'));
          this.#drain();
          this.#changed();
        },
        { once: true },
      );
      this.#waiting.push(waiting);
      this.#drain();
      this.#changed();
    });
  }

  /**
   * A time limit that does not count while a step waits: people are slower than networks.
   *
   * @param timeoutMs milliseconds, 1 or more
   */
  deadline(timeoutMs: number, ended: AbortSignal): AbortSignal {
    const late = new AbortController();
    let leftMs = timeoutMs;
    let sinceMs = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const count = () => {
      clearTimeout(timer);
      timer = undefined;
      if (this.next) return;
      sinceMs = performance.now();
      timer = setTimeout(() => (stop(), late.abort()), leftMs);
    };
    const unsubscribe = this.subscribe(() => {
      if (timer !== undefined) leftMs = Math.max(0, leftMs - (performance.now() - sinceMs));
      count();
    });
    const stop = () => (clearTimeout(timer), unsubscribe());
    ended.addEventListener('abort', stop, { once: true });
    if (!ended.aborted) count();
    return late.signal;
  }

  /** Lets go what need not wait: all of it in a run, else the steps that do not stop on their own. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (this.#mode !== 'run' && first.stops) break;
      this.#waiting.shift();
      first.go();
    }
    this.#isDraining = false;
    if (this.#mode === 'slow' && this.#waiting.length > 0)
      this.#timer ??= setTimeout(() => this.go(), SLOW_STEP_MS);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Descriptions stop, candidates follow; taking a signal from the channel does not stop, what is done with it does. */
export function stepsAlone(step: NextStep): boolean {
  switch (step.does) {
    case 'start':
    case 'open-media':
      return true;
    case 'call':
      return step.method !== 'addIceCandidate';
    case 'send':
      return 'description' in step.signal;
    case 'receive':
      return false;
    default:
      return never(step);
  }
}

function never(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
