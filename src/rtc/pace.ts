import { RtcError } from './errors.ts';
import type { PeerLabel, Signal } from './timeline.ts';
import { never } from './never.ts';

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
  readonly ended: AbortSignal;
  readonly go: () => void;
  readonly giveUp: () => void;
}

/** Milliseconds before each step of a slowed run. */
export const SLOW_STEP_MS = 1_200;

/**
 * Holds a run's code back before each of its steps. Nothing is simulated: the code waits in front of the real call, and
 * the connection is as far as it has come.
 *
 * Steps are let go one at a time, in the order in which the code came to them, and happen in the very task that lets
 * them go, so nothing overtakes. Candidates do not stop on their own, they follow the step before them.
 */
export class Pace {
  #mode: PaceMode = 'run';
  readonly #waiting: Waiting[] = [];
  readonly #listeners = new Set<() => void>();
  #slow: { readonly for: Waiting; readonly untilMs: number; readonly timer: Timer } | undefined;
  #isLettingGo = false;

  get mode(): PaceMode {
    return this.#mode;
  }

  /** Another mode holds from the next step on; `run` lets everything go that waits. */
  set mode(mode: PaceMode) {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#advance();
  }

  /** The step that waits in front of its call; undefined when nothing does. */
  get next(): NextStep | undefined {
    return this.#waiting[0]?.step;
  }

  /** All that waits, in the order in which it will happen; candidates too. */
  get waiting(): readonly NextStep[] {
    return this.#waiting.map(({ step }) => step);
  }

  /** When a slowed run goes on by itself, by the clock of `performance.now()`; undefined when it is not slowed or nothing waits. */
  get goesOnAtMs(): number | undefined {
    return this.#slow?.untilMs;
  }

  /** Calls `listener` after each change of {@link mode} and {@link next}, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Lets the waiting step happen. Without one it does nothing. */
  go(): void {
    this.#advance(this.#waiting[0]);
  }

  /**
   * Does a step when it may happen: now, in this very task, where nobody holds the run; else when it is let go.
   *
   * @param act the step itself; called once or, when the run ends before, never
   * @returns what `act` gives; a promise of it when it had to wait, which rejects with {@link RtcError} `stopped` when the run ends
   */
  take<T>(step: NextStep, ended: AbortSignal, act: (waited: boolean) => T): T | Promise<Awaited<T>> {
    if (this.#mode === 'run' && this.#waiting.length === 0) return act(false);
    const { promise, resolve, reject } = Promise.withResolvers<Awaited<T>>();
    const giveUp = () => reject(new RtcError('stopped'));
    if (ended.aborted) return (giveUp(), promise);
    const onEnd = () => this.#advance();
    const go = () => {
      ended.removeEventListener('abort', onEnd);
      // An executor hands on what `act` throws, too.
      resolve(new Promise<T>((done) => done(act(true))) as Promise<Awaited<T>>);
    };
    ended.addEventListener('abort', onEnd, { once: true });
    this.#waiting.push({ step, stops: stepsAlone(step), ended, go, giveUp });
    this.#advance();
    return promise;
  }

  /**
   * A time limit that does not count while a step waits: people are slower than networks.
   *
   * @param timeoutMs milliseconds, 1 or more
   */
  deadline(timeoutMs: number, ended: AbortSignal): AbortSignal {
    const late = new AbortController();
    let leftMs = timeoutMs;
    let running: { readonly sinceMs: number; readonly timer: Timer } | undefined;
    const count = () => {
      if (this.next ? !running : running) return;
      if (running) {
        clearTimeout(running.timer);
        leftMs = Math.max(0, leftMs - (performance.now() - running.sinceMs));
        running = undefined;
      } else {
        const timer = setTimeout(() => (stop(), late.abort()), leftMs);
        running = { sinceMs: performance.now(), timer };
      }
    };
    const unsubscribe = this.subscribe(count);
    const stop = () => (clearTimeout(running?.timer), unsubscribe());
    if (ended.aborted) stop();
    else ended.addEventListener('abort', stop, { once: true });
    if (!ended.aborted) count();
    return late.signal;
  }

  /** Lets go what need not wait: `chosen`, all of it in a run, else the steps that do not stop on their own. */
  #advance(chosen?: Waiting): void {
    // A step that is just happening may come to the next one: that one joins the queue, and the loop below sees it.
    if (this.#isLettingGo) return;
    this.#isLettingGo = true;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const mayGo = this.#mode === 'run' || !first.stops || first === chosen;
      if (!first.ended.aborted && !mayGo) break;
      this.#waiting.shift();
      if (first.ended.aborted) first.giveUp();
      else first.go();
    }
    this.#isLettingGo = false;
    this.#countDown();
    for (const listener of this.#listeners) listener();
  }

  /** In a slowed run each step waits for its own time, however the one before it was let go. */
  #countDown(): void {
    const first = this.#mode === 'slow' ? this.#waiting[0] : undefined;
    if (this.#slow?.for === first) return;
    clearTimeout(this.#slow?.timer);
    this.#slow = first && {
      for: first,
      untilMs: performance.now() + SLOW_STEP_MS,
      timer: setTimeout(() => this.#advance(first), SLOW_STEP_MS),
    };
  }
}

type Timer = ReturnType<typeof setTimeout>;

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
