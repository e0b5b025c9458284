import { batch, computed, signal } from '@preact/signals';
import { RtcError, toRtcError } from '../../rtc/errors.ts';
import { paceModes, SLOW_STEP_MS, type PaceMode } from '../../rtc/pace.ts';
import { mediaSources, type MediaSource } from '../media-source.ts';
import { readCompareAddress, linkToCompare } from './compare-address.ts';
import { Column } from './column.ts';
import type { ThirdColumn } from './column-words.ts';
import type { ColumnId, CompareTask, Moment } from './define.ts';
import { columnsOf, loadSource, loadTask, taskIds } from './registry.ts';
import { RunClock } from './run-clock.ts';
import type { MomentState, Stage } from './stage.ts';

/** How long a moment waits for a person before it presses its own button. */
const AUTO_PRESS_MS = 1_000;

interface Wish {
  readonly id: string;
  readonly third: ThirdColumn | null;
}

type State = 'idle' | 'running' | 'finished' | 'ended' | 'failed';

/**
 * The page of the comparison: one task, its columns, one clock.
 *
 * `start()` opens the pages of all participants of all columns, and lets them begin in the same moment; they stay until
 * `stop()`, which may be called at any time. All columns share the pace and the moments of the task.
 */
export class CompareSession implements Stage {
  readonly tasks;
  readonly task;
  readonly third = signal<ThirdColumn | null>(null);
  readonly media = signal<MediaSource>('synthetic');
  readonly columns = signal<readonly Column[]>([]);
  readonly state = signal<State>('idle');
  readonly mode = signal<PaceMode>('run');
  readonly presenting;
  readonly problem = signal<RtcError | null>(null);
  readonly taken = computed(() => Math.max(0, ...this.columns.value.map((one) => one.stepping.taken.value)));
  readonly link = computed(() =>
    linkToCompare(location.origin, {
      task: this.task.value.id,
      third: this.third.value,
      pace: this.mode.value,
    }),
  );
  readonly moments = computed((): readonly (Moment & { readonly state: MomentState })[] =>
    this.task.value.definition.moments.map((moment) => ({
      ...moment,
      state: this.#pressed.value.has(moment.id)
        ? 'pressed'
        : this.#ready.value === moment.id
          ? 'ready'
          : 'early',
    })),
  );

  readonly #definitions: ReadonlyMap<string, CompareTask>;
  /** Moments of this run that were pressed, and the one that may be. */
  readonly #pressed = signal<ReadonlySet<string>>(new Set());
  readonly #ready = signal<string | null>(null);
  /** The columns in which the next moment has come. */
  #come = new Set<Column>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;
  /** What was chosen last: its code may still be on its way. */
  #wish: Wish;
  /** Another choice or run makes what was being prepared for the one before superfluous. */
  #turn = 0;

  private constructor(definitions: ReadonlyMap<string, CompareTask>, first: string, presents: boolean) {
    this.#definitions = definitions;
    this.tasks = [...definitions].map(([id, { title }]) => ({ id, title }));
    this.task = signal({ id: first, definition: definitionOf(definitions, first) });
    this.#wish = { id: first, third: null };
    this.presenting = signal(presents);
  }

  /**
   * Loads the tasks, and the code of the one that the address asks for. What the address says wrongly is told in
   * {@link problem}.
   *
   * @throws {RtcError} `signaling-lost` when the server does not deliver them
   */
  static async open(search = new URLSearchParams()): Promise<CompareSession> {
    const address = readCompareAddress(search, taskIds);
    try {
      const definitions = new Map(
        await Promise.all(taskIds.map(async (id) => [id, await loadTask(id)] as const)),
      );
      const first = address.task ?? taskIds[0] ?? '';
      const session = new CompareSession(definitions, first, address.presents);
      const third = address.third && columnsOf(first).includes(address.third) ? address.third : null;
      await session.#choose({ id: first, third });
      if (address.pace) session.choosePace(address.pace);
      if (address.problems.length > 0)
        session.problem.value = new RtcError('bad-input', address.problems.join(' '));
      return session;
    } catch (cause) {
      throw new RtcError('signaling-lost', 'The server did not deliver the tasks.', { cause });
    }
  }

  /** Another task; the run ends. Names that there are not are ignored. */
  chooseTask(id: string): void {
    if (id !== this.#wish.id && this.#definitions.has(id)) void this.#choose({ ...this.#wish, id });
  }

  /** Puts a column beside the first two, or takes it away; the run ends. */
  chooseThird(id: ThirdColumn | null): void {
    if (id !== this.#wish.third) void this.#choose({ ...this.#wish, third: id });
  }

  /** What the participants send in the next run. Others are ignored. */
  chooseMedia(name: string): void {
    this.media.value = mediaSources.find((known) => known === name) ?? this.media.value;
  }

  choosePace(mode: PaceMode): void {
    this.mode.value = paceModes.find((known) => known === mode) ?? 'run';
    this.#pace();
    this.#look();
  }

  /** Presses the button of a moment that has come, in all columns at once. */
  press(id: string): void {
    const moment = this.task.value.definition.moments.find((one) => one.id === id);
    if (!moment || this.#ready.value !== id || this.state.value === 'ended') return;
    this.#clearTimer();
    batch(() => {
      this.#pressed.value = new Set([...this.#pressed.value, id]);
      this.#ready.value = null;
    });
    this.#come = new Set();
    for (const column of this.columns.value) void column.happen(moment);
    this.#look();
  }

  /** Lets the step that waits go in every column. */
  go(): void {
    for (const column of this.columns.value) column.stepping.go();
  }

  /** Starts a run; the one before ends. Errors end up in {@link problem} and in the records. */
  async start(): Promise<void> {
    this.stop('restarted');
    const turn = ++this.#turn;
    this.#wish = { id: this.task.value.id, third: this.third.value }; // what was still on its way is given up
    const clock = new RunClock();
    const columns = this.columns.value;
    batch(() => {
      this.problem.value = null;
      this.#pressed.value = new Set();
      this.#ready.value = null;
      this.state.value = 'running';
    });
    this.#come = new Set();
    this.#pace();
    const run = {
      clock,
      media: this.media.value,
      onChange: () => turn === this.#turn && this.#look(),
      isFree: () => this.mode.value === 'run',
    };
    await Promise.all(columns.map((column) => column.prepare(run)));
    if (turn !== this.#turn) return;
    clock.start();
    for (const column of columns) column.begin();
  }

  stop(why: 'stopped' | 'restarted' = 'stopped'): void {
    this.#turn += 1;
    this.#clearTimer();
    clearTimeout(this.#slow);
    this.#slow = undefined;
    for (const column of this.columns.value) column.stop(why);
    if (this.state.value === 'running' || this.state.value === 'finished') this.state.value = 'ended';
  }

  async #choose(wish: Wish): Promise<void> {
    this.stop();
    this.#wish = wish;
    const { id, third } = wish;
    const turn = this.#turn;
    const has = columnsOf(id);
    const wanted: readonly ColumnId[] = ['raw', 'peerjs', ...(third ? [third] : [])];
    try {
      const definition = definitionOf(this.#definitions, id);
      const columns = await Promise.all(
        wanted
          .filter((column) => has.includes(column))
          .map(async (column) => new Column(id, definition, column, await loadSource(id, column))),
      );
      if (turn !== this.#turn) return;
      batch(() => {
        this.task.value = { id, definition };
        this.third.value = third;
        this.columns.value = columns;
        this.state.value = 'idle';
        this.problem.value = null;
        this.#pressed.value = new Set();
        this.#ready.value = null;
      });
      this.#pace();
      for (const column of columns) column.stepping.pace.subscribe(() => this.#countDown());
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#wish = { id: this.task.value.id, third: this.third.value };
      this.problem.value = toRtcError(error, 'signaling-lost');
    }
  }

  /** Columns are slowed together, so that none is a step ahead: each of them waits, and one timer lets all go. */
  #pace(): void {
    const mode = this.mode.value === 'run' ? 'run' : 'step';
    for (const column of this.columns.value) column.stepping.choose(mode);
    this.#countDown();
  }

  #countDown(): void {
    const waits = this.columns.value.some(({ stepping }) => stepping.pace.next !== undefined);
    if (this.mode.value !== 'slow' || !waits) {
      clearTimeout(this.#slow);
      this.#slow = undefined;
      return;
    }
    this.#slow ??= setTimeout(() => {
      this.#slow = undefined;
      this.go();
      this.#countDown();
    }, SLOW_STEP_MS);
  }

  /** Whether the next moment has come, and whether the run has. */
  #look(): void {
    const columns = this.columns.value;
    if (this.state.value !== 'running' && this.state.value !== 'finished') return;
    if (columns.every(({ isSettled }) => isSettled))
      this.state.value = columns.every(({ how }) => how.value === 'failed') ? 'failed' : 'finished';
    const next = this.task.value.definition.moments.find(({ id }) => !this.#pressed.value.has(id));
    if (!next) return;
    for (const column of columns) {
      const { how } = column;
      const isOver = how.value === 'failed' || how.value === 'late' || how.value === 'ended';
      if (!this.#come.has(column) && (isOver || next.after(column.list))) this.#come.add(column);
    }
    const isReady = columns.every((column) => this.#come.has(column));
    if (!isReady || columns.every(({ how }) => how.value === 'failed')) return;
    this.#ready.value = next.id;
    if (this.mode.value !== 'run') this.#clearTimer();
    else this.#timer ??= setTimeout(() => this.press(next.id), AUTO_PRESS_MS);
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function definitionOf(definitions: ReadonlyMap<string, CompareTask>, id: string): CompareTask {
  const definition = definitions.get(id);
  if (!definition) throw new RangeError(`There is no task “${id}”.`);
  return definition;
}
