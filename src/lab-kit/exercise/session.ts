import { computed, signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import { RtcError } from '../../rtc/errors.ts';
import { toRecording } from '../../rtc/recording/save.ts';
import type { Recording } from '../../rtc/recording/schema.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import type { MediaSource } from '../media-source.ts';
import { randomOf } from '../random.ts';
import type { LabView, RunState, Target } from '../view.ts';
import { isRight } from './answers.ts';
import type { Attempted, Result } from './attempt.ts';
import type { CodeExercise, ExerciseDefinition } from './define.ts';
import { CHANGED } from './done.ts';
import type { Output } from './frame.ts';
import { brokenRules, shuffledCards } from './order.ts';
import type { Progress, ProgressStore } from './store.ts';

export type State = 'idle' | 'checking' | 'passed' | 'failed';

/** What can bring an exercise to life; all of it is fetched when it is needed. */
export interface Means {
  readonly store: ProgressStore;
  attempt(...args: Parameters<typeof import('./attempt.ts').attempt>): Promise<Attempted>;
  solution(): Promise<string>;
}

/**
 * One exercise on one page: what the learner wrote, chose or ordered, and what came of the last check.
 *
 * Its last run can be looked into like a lab's: it is a {@link LabView}.
 */
export class ExerciseSession implements LabView {
  readonly id: string;
  readonly definition: ExerciseDefinition;
  readonly starter: string;
  readonly #means: Means | undefined;
  #kept: Progress;

  /** How many times the usual time its checks are given: more than 1 where a machine has other things to do. */
  patience = 1;
  /** The learner's own text. */
  readonly mine = signal('');
  /** The solution, while it is shown in place of the learner's text. */
  readonly solution = signal<string | null>(null);
  readonly order = signal<readonly string[]>([]);
  readonly answers = signal<Readonly<Record<string, string>>>({});
  readonly seed = signal(1);

  readonly progress = signal<State>('idle');
  readonly results = signal<readonly Result[]>([]);
  readonly problem = signal<Attempted['problem'] | null>(null);
  /** Where the last check has run the code: in this page, or as a process on the server of this site. */
  readonly place = signal<'page' | 'site'>('page');
  readonly output = signal<readonly Output[]>([]);
  readonly hints = signal(0);
  readonly done = signal<Progress['done'] | null>(null);
  /** The question that has to be answered before something is thrown away or given away. */
  readonly asking = signal<'solve' | 'reset' | null>(null);
  readonly source = signal<MediaSource>('synthetic');
  /** What a screen reader is told. */
  readonly news = signal('');
  readonly #end = signal<AbortController | null>(null);

  // The last run, for the panels.
  readonly lab: string;
  readonly peers = signal<readonly PeerLabel[]>([]);
  readonly hosted = signal<readonly PeerLabel[]>([]);
  readonly entries = signal<{ version: number; list: readonly Entry[] }>({ version: 0, list: [] });
  readonly focus = signal<number | null>(null);
  readonly bench = signal<Bench | null>(null);
  readonly state = signal<RunState>('idle');
  readonly target = signal<Target | null>(null);
  readonly faults = null;

  /** Without means it is as the build writes it into the page. */
  constructor(id: string, definition: ExerciseDefinition, starter: string, means?: Means) {
    this.id = id;
    this.lab = id;
    this.definition = definition;
    this.starter = starter;
    this.#means = means;
    this.#kept = means?.store.read(id) ?? {};
    this.mine.value = this.#kept.code ?? starter;
    this.hints.value = this.#kept.hints ?? 0;
    this.done.value = this.#kept.done ?? null;
    this.seed.value = this.#kept.seed ?? 1;
    this.answers.value = this.#kept.answers ?? {};
    if (definition.kind === 'order')
      this.order.value = this.#firstOrder(definition.cards.map((card) => card.id));
    if (isCode(definition)) {
      this.peers.value = definition.peers;
      this.hosted.value = definition.peers;
    }
  }

  /** The text that a check runs: the solution while it is shown. */
  readonly code = computed(() => this.solution.value ?? this.mine.value);

  get userAgent(): string {
    return navigator.userAgent;
  }

  edit(text: string): void {
    if (this.solution.value !== null || text === this.mine.value) return;
    this.mine.value = text;
    if (text === this.starter) {
      const { code: _, ...rest } = this.#kept;
      this.#replace(rest);
    } else this.#keep({ code: text });
  }

  /** Puts a card elsewhere. @param to its new place, from 0 */
  move(card: string, to: number): void {
    const rest = this.order.value.filter((id) => id !== card);
    const place = Math.min(Math.max(to, 0), rest.length);
    this.order.value = [...rest.slice(0, place), card, ...rest.slice(place)];
    this.#keep({ order: [...this.order.value] });
    this.#forget();
    this.news.value = `Place ${place + 1} of ${rest.length + 1}`;
  }

  answer(id: string, text: string): void {
    this.answers.value = { ...this.answers.value, [id]: text };
    this.#keep({ answers: { ...this.answers.value } });
    this.#forget();
  }

  /** Checks what is there now; a check that is still going on ends. */
  async check(place: 'page' | 'site' = 'page'): Promise<void> {
    this.stop();
    const { definition } = this;
    this.place.value = place;
    this.#forget();
    this.asking.value = null;
    if (isCode(definition)) await this.#checkCode(definition);
    else this.#settle(this.#judge(definition));
  }

  stop(): void {
    this.#end.value?.abort(new RtcError('stopped'));
    this.#end.value = null;
    if (this.progress.value === 'checking') this.progress.value = 'idle';
    if (this.state.value === 'running') this.state.value = 'ended';
  }

  hint(): void {
    this.hints.value = Math.min(this.hints.value + 1, 3);
    this.#keep({ hints: this.hints.value });
    this.news.value = `Hint ${this.hints.value} of 3`;
  }

  /** Shows the solution in place of the learner's text, which is kept. */
  async solve(): Promise<void> {
    this.asking.value = null;
    const { definition } = this;
    if (definition.kind === 'order') this.order.value = definition.cards.map(({ id }) => id);
    else if (definition.kind === 'answer')
      this.answers.value = Object.fromEntries(this.rows().map(({ id, right }) => [id, right]));
    else if (definition.kind === 'predict')
      this.answers.value = Object.fromEntries(
        definition.questions.map(({ id, choices }) => [id, String(choices.findIndex(({ right }) => right))]),
      );
    else this.solution.value = (await this.#means?.solution()) ?? null;
    this.#keep({ seen: true });
    this.#forget();
    this.news.value = 'The solution is shown. Your own work is kept.';
  }

  /** Back to what the learner has written. */
  back(): void {
    this.solution.value = null;
    this.order.value = this.#kept.order ?? this.order.value;
    this.answers.value = this.#kept.answers ?? {};
    this.#forget();
  }

  /** As it was at first; what is done stays done. */
  reset(): void {
    this.stop();
    this.asking.value = null;
    this.solution.value = null;
    const { done, seen } = this.#kept;
    const seed = this.definition.kind === 'answer' ? Math.floor(Math.random() * 2 ** 32) : undefined;
    this.#replace({ ...(done && { done }), ...(seen && { seen }), ...(seed !== undefined && { seed }) });
    this.mine.value = this.starter;
    this.answers.value = {};
    this.hints.value = 0;
    this.seed.value = seed ?? 1;
    if (this.definition.kind === 'order') this.order.value = shuffledCards(this.definition, this.seed.value);
    this.#forget();
    this.news.value = 'As it was at the start.';
  }

  /** The rows of the problem that the seed makes. */
  rows() {
    return this.definition.kind === 'answer' ? this.definition.make(randomOf(this.seed.value)).rows : [];
  }

  record(): Recording {
    const { id, definition, peers, hosted, entries, userAgent } = this;
    const facts = { lab: id, title: definition.title, source: this.code.value, userAgent };
    return toRecording(
      entries.value.list,
      { ...facts, peers: peers.value, hosted: hosted.value },
      new Date(),
    );
  }

  async #checkCode(definition: CodeExercise): Promise<void> {
    if (!this.#means) return;
    const end = new AbortController();
    this.#end.value = end;
    this.progress.value = 'checking';
    this.output.value = [];
    this.news.value = 'Checking.';
    let isFirst = true;
    try {
      const attempted = await this.#means.attempt(definition, {
        id: this.id,
        source: this.code.value,
        media: this.source.value,
        onSite: this.place.value === 'site',
        signal: end.signal,
        patience: this.patience,
        onBench: (bench) => {
          if (isFirst) this.#show(bench, end.signal);
          isFirst = false;
        },
        onOutput: (line) => (this.output.value = [...this.output.value, line]),
        onResult: (result) => (this.results.value = [...this.results.value, result]),
      });
      if (end.signal.aborted) return;
      this.#end.value = null;
      this.state.value = 'ended';
      this.#settle(attempted);
    } catch (error) {
      if (end.signal.aborted) return;
      this.#end.value = null;
      this.#settle({ passed: false, results: [], problem: { text: String(error) } });
    }
  }

  #settle({ passed, results, problem }: Attempted): void {
    this.results.value = results;
    this.problem.value = problem ?? null;
    this.progress.value = passed ? 'passed' : 'failed';
    const held = results.filter(({ ok }) => ok).length;
    const where = this.place.value === 'site' ? ' on the server of this site' : '';
    this.news.value = passed
      ? `All checks hold${where}.`
      : `${held} of ${results.length} checks hold${where}.`;
    // What somebody else wrote is not the learner's: the solution passes, and nothing is done by it.
    const isOwn = this.solution.value === null && !this.#showsSolution();
    if (!passed || !isOwn || this.done.value) return;
    this.done.value = { atMs: Date.now(), seen: this.#kept.seen ?? false };
    this.#keep({ done: this.done.value });
    dispatchEvent(new Event(CHANGED));
  }

  /** Whether cards or answers were put there by {@link solve}. */
  #showsSolution(): boolean {
    const { kind } = this.definition;
    if (kind === 'order') return this.order.value.join() !== (this.#kept.order ?? []).join();
    if (kind === 'answer' || kind === 'predict')
      return JSON.stringify(this.answers.value) !== JSON.stringify(this.#kept.answers ?? {});
    return false;
  }

  #judge(definition: Exclude<ExerciseDefinition, CodeExercise>): Attempted {
    const results = this.#resultsOf(definition);
    return { passed: results.every(({ ok }) => ok), results };
  }

  #resultsOf(definition: Exclude<ExerciseDefinition, CodeExercise>): readonly Result[] {
    if (definition.kind === 'order') {
      const broken = brokenRules(definition.rules, this.order.value);
      const [first] = broken;
      const text = (id: string) => definition.cards.find((card) => card.id === id)?.text ?? id;
      const verdict = first
        ? { saw: `“${text(first.later)}” stands before “${text(first.first)}”.`, wanted: first.why }
        : { saw: 'Every step has what it needs before it.', wanted: 'An order that works.' };
      return [{ id: 'order', title: 'The order works', ok: !first, ...verdict }];
    }
    if (definition.kind === 'predict')
      return definition.questions.map(({ id, text, choices }) => {
        const chosen = choices[Number(this.answers.value[id] ?? -1)];
        const saw = chosen ? `You chose “${chosen.text}”. ${chosen.why}` : 'Nothing is chosen yet.';
        return { id, title: text, ok: chosen?.right === true, saw, wanted: 'The one that happens.' };
      });
    return this.rows().map((row, index) => {
      const written = this.answers.value[row.id] ?? '';
      const ok = isRight(row, written);
      const saw = written.trim() === '' ? 'Nothing is written yet.' : `You wrote ${written.trim()}.`;
      return {
        id: row.id,
        title: `${index + 1}. ${row.cells[0] ?? ''}`,
        ok,
        saw,
        wanted: ok ? 'This number.' : row.why,
      };
    });
  }

  /** Hands the record of a run to the panels, at most once a frame. */
  #show(bench: Bench, ended: AbortSignal): void {
    const { timeline } = bench;
    this.focus.value = null;
    this.bench.value = bench;
    this.state.value = 'running';
    this.entries.value = { version: 0, list: timeline.entries };
    let isDue = false;
    const draw = () => {
      isDue = false;
      if (this.bench.value === bench && !ended.aborted)
        this.entries.value = { version: timeline.entries.length, list: timeline.entries };
    };
    timeline.subscribe(() => {
      if (isDue) return;
      isDue = true;
      requestAnimationFrame(draw);
    });
  }

  /** A new answer makes the old verdict meaningless. */
  #forget(): void {
    this.results.value = [];
    this.problem.value = null;
    if (this.progress.value !== 'checking') this.progress.value = 'idle';
  }

  #firstOrder(cards: readonly string[]): readonly string[] {
    const kept = this.#kept.order;
    const isWhole = kept?.length === cards.length && cards.every((id) => kept.includes(id));
    return isWhole || this.definition.kind !== 'order'
      ? (kept ?? [])
      : shuffledCards(this.definition, this.seed.value);
  }

  #keep(news: Progress): void {
    this.#replace({ ...this.#kept, ...news });
  }

  #replace(progress: Progress): void {
    this.#kept = progress;
    this.#means?.store.write(this.id, progress);
  }
}

export function isCode(definition: ExerciseDefinition): definition is CodeExercise {
  return definition.kind === 'complete' || definition.kind === 'repair';
}
