import { computed, signal } from '@preact/signals';
import type { RtcError } from '../../rtc/errors.ts';
import type { PaceMode } from '../../rtc/pace.ts';
import type { RtcEvent } from '../../rtc/timeline.ts';
import type { MediaSource } from '../media-source.ts';
import type { Held } from '../stepping.ts';
import { viewOf } from '../panels/view.fixture.tsx';
import type { ThirdColumn } from './column-words.ts';
import { defineTask, type ColumnId } from './define.ts';
import { measure, type Measures } from './measures.ts';
import type { ColumnState, MomentState, Stage, StageColumn } from './stage.ts';

/** What a column is in a test, and the ways to move it on. */
export function columnOf(id: ColumnId, own: string) {
  const view = viewOf([]);
  const how = signal<ColumnState>('idle');
  const held = signal<Held | null>(null);
  const source = { own, shared: [{ name: 'signaling.ts', text: 'export const join = () => {};\n' }] };
  const column = {
    ...view,
    lab: `test-${id}`,
    id,
    source: id === 'peerjs' ? { own, shared: [] } : source,
    how,
    held,
    problem: signal<RtcError | null>(null),
    measures: computed((): Measures | undefined =>
      how.value === 'idle' ? undefined : measure(view.entries.value.list, source),
    ),
  } satisfies StageColumn;
  /** Puts events on its record, each so many milliseconds after the beginning. */
  const record = (...events: readonly (readonly [atMs: number, peer: string, event: RtcEvent])[]) =>
    view.show(events.map(([atMs, peer, event], seq) => ({ ...event, atMs, peer, seq })));
  return { column, how, held, record };
}

/** A page of the comparison without anything behind it; it notes what is asked of it. */
export function stageOf(columns: readonly StageColumn[], moments: readonly string[] = []) {
  const asked: string[] = [];
  const mode = signal<PaceMode>('run');
  const state = signal<'idle' | 'running' | 'finished' | 'ended' | 'failed'>('idle');
  const momentState = signal<MomentState>('early');
  const definition = defineTask({
    title: 'A text',
    summary: 'alice sends a text, `bob` answers.',
    isDone: () => false,
    limits: {
      peerjs: [{ text: 'A channel has no `maxPacketLifeTime`.', source: 'peerjs 1.5.5, negotiator.ts' }],
    },
  });
  const stage: Stage = {
    tasks: [
      { id: 'text', title: 'A text' },
      { id: 'call', title: 'A call' },
    ],
    task: signal({ id: 'text', definition }),
    third: signal<ThirdColumn | null>(null),
    media: signal<MediaSource>('synthetic'),
    columns: signal(columns),
    state,
    moments: computed(() =>
      moments.map((id) => ({ id, button: `Do ${id}`, after: () => true, state: momentState.value })),
    ),
    mode,
    taken: signal(0),
    presenting: signal(false),
    problem: signal<RtcError | null>(null),
    link: signal('http://localhost/compare/?task=text'),
    chooseTask: (id) => void asked.push(`task ${id}`),
    chooseThird: (id) => void asked.push(`third ${id}`),
    choosePace: (next) => (mode.value = next),
    press: (id) => void asked.push(`press ${id}`),
    go: () => void asked.push('go'),
    start: async () => void asked.push('start'),
    stop: () => void asked.push('stop'),
  };
  return { stage, state, mode, momentState, asked };
}
