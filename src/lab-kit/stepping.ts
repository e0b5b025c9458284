import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Bench } from '../rtc/bench.ts';
import { Pace, type NextStep, type PaceMode } from '../rtc/pace.ts';
import { kindOfStep, stepReasons, stepWords } from '../rtc/step-words.ts';
import type { PeerLabel } from '../rtc/timeline.ts';
import { ask, type Option, type Question } from './predict.ts';

/** The step that waits, in words. */
export interface Held {
  readonly peer: PeerLabel;
  readonly text: string;
  readonly why: string;
  readonly line: number | undefined;
}

/** How long a browser's own clocks let a run be held after an answer is in force. */
export interface Patience {
  /** What gives up, and when: a sentence without its subject. */
  readonly words: string;
  /** Where that is too short for people: milliseconds after which a step is let go, to save the connection. */
  readonly letsGoAfterMs?: number;
}

/**
 * Measured by holding each step of a call (Firefox ESR 153, Chromium 156). Everything before the answer can be held for
 * as long as one likes.
 */
const patienceOf = (isFirefox: boolean): Patience =>
  isFirefox
    ? {
        words: 'ICE in Firefox gives up after 5 s, so this step goes on by itself.',
        letsGoAfterMs: 3_500,
      }
    : { words: 'its DTLS handshake gives up after about 3½ minutes.' };

/** What the stepper shows and does: the step that waits, the question before it, and the ways on. */
export class Stepping {
  readonly pace = new Pace();
  readonly mode = signal<PaceMode>('run');
  /** Whether each step is asked for before it is named. */
  readonly predicts = signal(false);
  /** The step that waits; null when nothing does. While a question is open, nobody should be told. */
  readonly held = signal<Held | null>(null);
  /** Steps of this run that waited and happened. */
  readonly taken = signal(0);
  readonly question = signal<Question | null>(null);
  /** What was answered to {@link question}. */
  readonly chosen = signal<Option | null>(null);
  readonly score = signal<{ readonly right: number; readonly asked: number }>({ right: 0, asked: 0 });
  /** Whose browser has begun to look for a path and does not wait with the code; null when nobody's. */
  readonly clockOf = signal<PeerLabel | null>(null);
  /** When a slowed run goes on, by `performance.now()`. */
  readonly goesOnAtMs = signal<number | undefined>(undefined);
  /** The line that is about to be executed; undefined while it must not be given away. */
  readonly line: ReadonlySignal<number | undefined> = computed(() =>
    this.asks.value ? undefined : this.held.value?.line,
  );
  /** Whether a question waits for its answer: the step cannot go on before. */
  readonly asks: ReadonlySignal<boolean> = computed(() => this.question.value !== null && !this.chosen.value);
  readonly patience: Patience;

  readonly #bench: ReadonlySignal<Bench | null>;
  #next: NextStep | undefined;
  #seed = 0;
  #rescue: ReturnType<typeof setTimeout> | undefined;

  /** @param isFirefox only Firefox has this property, and asking for it beats asking for a name */
  constructor(bench: ReadonlySignal<Bench | null>, isFirefox = 'mozInnerScreenX' in globalThis) {
    this.#bench = bench;
    this.patience = patienceOf(isFirefox);
    this.pace.subscribe(() => this.#look());
  }

  choose(mode: PaceMode): void {
    this.pace.mode = mode;
  }

  /** Another run: its steps are counted from the beginning. */
  begin(): void {
    this.#seed = Math.floor(Math.random() * 2 ** 32);
    batch(() => {
      this.taken.value = 0;
      this.score.value = { right: 0, asked: 0 };
    });
  }

  /** Lets the step go, unless a question waits for its answer. */
  go(): void {
    if (!this.asks.value) this.pace.go();
  }

  /** Keeps an answer and says what is right; the first one counts. @param index of the option, from 0 */
  answer(index: number): void {
    const question = this.question.value;
    const chosen = question?.options[index];
    if (!question || !chosen || this.chosen.value) return;
    const { happens, options } = question;
    this.#bench.value?.timeline.append(this.#next?.peer ?? 'lab', {
      kind: 'prediction',
      chosen: chosen.text,
      happened: happens,
      options: options.map(({ text }) => text),
    });
    const { right, asked } = this.score.value;
    batch(() => {
      this.chosen.value = chosen;
      this.score.value = { right: right + (chosen.text === happens ? 1 : 0), asked: asked + 1 };
    });
  }

  /** What a wait has cost, when a connection failed while a step waited; undefined when that was not the reason. */
  get cost(): string | undefined {
    const peer = this.clockOf.value;
    if (!this.pace.next || !peer) return undefined;
    return `A step was waiting at that moment. The code waits with us, but ICE and DTLS of ${peer} do not: ${this.patience.words}`;
  }

  #look(): void {
    const { next, mode, goesOnAtMs } = this.pace;
    batch(() => {
      this.mode.value = mode;
      this.goesOnAtMs.value = goesOnAtMs;
      if (next === this.#next) return;
      this.#next = next;
      const bench = this.#bench.value;
      this.held.value = next && bench ? words(next, bench) : null;
      this.clockOf.value = next && bench ? (clockOf(bench) ?? null) : null;
      this.taken.value = bench?.steps ?? 0;
      this.chosen.value = null;
      this.question.value = next && bench && this.predicts.value && mode === 'step' ? this.#ask(bench) : null;
    });
    this.#watchClock();
  }

  #ask(bench: Bench): Question | null {
    const { waiting } = this.pace;
    const other = bench.seats.find(({ self }) => self === waiting[0]?.peer)?.other;
    if (!other) return null;
    const hosted = bench.seats.map(({ self }) => self);
    return ask(waiting, other, bench.timeline.entries, hosted, this.#seed + bench.steps) ?? null;
  }

  /** Lets go what waits before the browser gives up, where that is a matter of seconds. */
  #watchClock(): void {
    clearTimeout(this.#rescue);
    const bench = this.#bench.value;
    const { letsGoAfterMs } = this.patience;
    if (!this.pace.next || !bench || letsGoAfterMs === undefined || this.clockOf.value === null) return;
    const sinceMs = bench.timeline.nowMs - stableSinceMs(bench, this.clockOf.value);
    this.#rescue = setTimeout(() => this.pace.go(), Math.max(0, letsGoAfterMs - sinceMs));
  }
}

function words(next: NextStep, bench: Bench): Held {
  const state = bench.connections.get(next.peer)?.signalingState;
  const { peer, line } = next;
  return { peer, text: stepWords(next, state), why: stepReasons[kindOfStep(next, state)], line };
}

/** A peer of this page whose session is agreed and whose connection is not up yet. */
function clockOf(bench: Bench): PeerLabel | undefined {
  for (const [peer, pc] of bench.connections)
    if (
      pc.signalingState === 'stable' &&
      pc.remoteDescription &&
      (pc.connectionState === 'new' || pc.connectionState === 'connecting')
    )
      return peer;
  return undefined;
}

function stableSinceMs(bench: Bench, peer: PeerLabel): number {
  const last = bench.timeline.entries.findLast(
    (entry) => entry.peer === peer && entry.kind === 'signaling-state' && entry.state === 'stable',
  );
  return last?.atMs ?? bench.timeline.nowMs;
}
