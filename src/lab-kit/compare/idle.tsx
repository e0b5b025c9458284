import { signal } from '@preact/signals';
import type { RtcError } from '../../rtc/errors.ts';
import type { PaceMode } from '../../rtc/pace.ts';
import { toRecording } from '../../rtc/recording/save.ts';
import type { MediaSource } from '../media-source.ts';
import type { Held } from '../stepping.ts';
import type { Target } from '../view.ts';
import { CompareApp } from './app.tsx';
import type { CodeHtml } from './column-view.tsx';
import type { ThirdColumn } from './column-words.ts';
import type { ColumnId, CompareTask } from './define.ts';
import type { ColumnSource, Measures } from './measures.ts';
import { loadSource, loadTask, taskIds } from './registry.ts';
import type { ColumnState, Stage, StageColumn } from './stage.ts';

interface Idle {
  readonly tasks: Stage['tasks'];
  readonly task: { readonly id: string; readonly definition: CompareTask };
  readonly sources: readonly (readonly [ColumnId, ColumnSource])[];
}

/** The first task with its first two columns, for {@link IdleCompare}. */
export async function loadIdle(): Promise<Idle> {
  const tasks = await Promise.all(taskIds.map(async (id) => ({ id, definition: await loadTask(id) })));
  const [task] = tasks;
  if (!task) throw new Error('There is no task to compare.');
  return {
    tasks: tasks.map(({ id, definition: { title } }) => ({ id, title })),
    task,
    sources: await Promise.all(
      (['raw', 'peerjs'] as const).map(async (id) => [id, await loadSource(task.id, id)] as const),
    ),
  };
}

/** The comparison before anybody touches it: what the build writes into the page. */
export function IdleCompare({ idle, code }: { idle: Idle; code: CodeHtml }) {
  const { tasks, task, sources } = idle;
  const nothing = () => {};
  const stage: Stage = {
    tasks,
    task: signal(task),
    third: signal<ThirdColumn | null>(null),
    media: signal<MediaSource>('synthetic'),
    columns: signal(sources.map(([id, source]) => idleColumn(id, source, task.definition))),
    state: signal('idle'),
    moments: signal(task.definition.moments.map((moment) => ({ ...moment, state: 'early' }))),
    mode: signal<PaceMode>('run'),
    taken: signal(0),
    presenting: signal(false),
    problem: signal<RtcError | null>(null),
    link: signal(''),
    chooseTask: nothing,
    chooseThird: nothing,
    choosePace: nothing,
    press: nothing,
    go: nothing,
    start: () => Promise.resolve(),
    stop: nothing,
  };
  return <CompareApp stage={stage} code={code} />;
}

const idleColumn = (
  id: ColumnId,
  source: ColumnSource,
  { participants, title }: CompareTask,
): StageColumn => ({
  id,
  source,
  lab: `compare-${id}`,
  peers: signal(participants),
  hosted: signal(participants),
  entries: signal({ version: 0, list: [] }),
  focus: signal<number | null>(null),
  bench: signal(null),
  state: signal('idle'),
  target: signal<Target | null>(null),
  faults: null,
  how: signal<ColumnState>('idle'),
  held: signal<Held | null>(null),
  problem: signal<RtcError | null>(null),
  measures: signal<Measures | undefined>(undefined),
  userAgent: '',
  record: () =>
    toRecording(
      [],
      { lab: 'compare', title, source: source.own, peers: participants, hosted: participants, userAgent: '' },
      new Date(),
    ),
});
