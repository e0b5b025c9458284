import { useSignal } from '@preact/signals';
import { ErrorNote } from '../error-note.tsx';
import { mediaSources } from '../media-source.ts';
import { CopyButton } from '../panels/parts.tsx';
import { PresentButton, usePresenter } from '../presenter.tsx';
import { WithCode } from '../exercise/with-code.tsx';
import { ColumnView, Files, type CodeHtml } from './column-view.tsx';
import { columnWords, thirdColumns } from './column-words.ts';
import { Figures } from './figures.tsx';
import { Hidden } from './hidden.tsx';
import { LockstepPace } from './pace.tsx';
import { columnsOf } from './registry.ts';
import { panelsOf, SharedTabs, useOneMoment } from './panels.tsx';
import type { Stage } from './stage.ts';
import '../app.css';
import './compare.css';

interface Props {
  readonly stage: Stage;
  /** Highlighted when the site was built. */
  readonly code: CodeHtml;
}

/** The comparison: one task, two columns or three, one clock. */
export function CompareApp({ stage, code }: Props) {
  const { problem, presenting } = stage;
  const chosen = useSignal('ladder');
  const presented = useSignal('differences');
  usePresenter(
    { presenting, isLooking: () => stage.columns.peek().some(({ focus }) => focus.peek() !== null) },
    true,
  );
  useOneMoment(stage);
  const columns = stage.columns.value;
  const presents = presenting.value;
  return (
    <div class="lab compare" data-state={stage.state.value} data-present={presents || undefined}>
      <Toolbar stage={stage} />
      <Task stage={stage} />
      <LockstepPace stage={stage} />
      {problem.value && <ErrorNote error={problem.value} onClose={() => (problem.value = null)} />}
      {presents ? (
        <SharedTabs stage={stage} tabs={slides({ stage, code })} chosen={presented} numbered />
      ) : (
        <div class="compare-body">
          <div class="compare-columns compare-main" data-columns={columns.length}>
            {columns.map((column) => (
              <ColumnView key={column.id} stage={stage} column={column} code={code} />
            ))}
          </div>
          <Figures stage={stage} />
          <Hidden stage={stage} />
          <section class="compare-look" aria-labelledby="compare-records">
            <h2 id="compare-records">The record of each column</h2>
            <SharedTabs stage={stage} tabs={panelsOf(stage)} chosen={chosen} />
          </section>
        </div>
      )}
    </div>
  );
}

/** In presenter mode everything has a tab and a number key. */
function slides({ stage, code }: Props) {
  const columns = stage.columns.value;
  return [
    { id: 'differences', title: 'Differences', render: () => <Figures stage={stage} /> },
    {
      id: 'code',
      title: 'Code',
      render: () => (
        <div class="compare-columns" data-columns={columns.length}>
          {columns.map((column) => (
            <section key={column.id} class="compare-column" aria-label={columnWords[column.id].name}>
              <Files stage={stage} column={column} code={code} />
            </section>
          ))}
        </div>
      ),
    },
    {
      id: 'said',
      title: 'What they say',
      render: () => (
        <div class="compare-columns" data-columns={columns.length}>
          {columns.map((column) => (
            <ColumnView key={column.id} stage={stage} column={column} code={code} presents />
          ))}
        </div>
      ),
    },
    { id: 'hidden', title: 'What is hidden', render: () => <Hidden stage={stage} /> },
    ...panelsOf(stage),
  ];
}

function Toolbar({ stage }: { stage: Stage }) {
  const { definition, id } = stage.task.value;
  const isRunning = stage.state.value === 'running';
  const has = columnsOf(id);
  return (
    <div class="lab-toolbar" role="group" aria-label="The comparison: controls">
      <button
        type="button"
        class="lab-run"
        data-run
        data-busy={isRunning || undefined}
        onClick={() => (isRunning ? stage.stop() : void stage.start())}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={isRunning ? 'M4 4h8v8H4z' : 'M4.5 2.5 13 8l-8.5 5.5z'} />
        </svg>
        {isRunning ? 'Stop' : stage.state.value === 'idle' ? 'Run all columns' : 'Run again'}
      </button>
      <label class="lab-choice">
        <span>Task</span>
        <select
          name="task"
          value={id}
          onChange={({ currentTarget }) => stage.chooseTask(currentTarget.value)}
        >
          {stage.tasks.map((task) => (
            <option key={task.id} value={task.id}>
              {task.title}
            </option>
          ))}
        </select>
      </label>
      <label class="lab-choice">
        <span>Third column</span>
        <select
          name="third"
          value={stage.third.value ?? ''}
          onChange={({ currentTarget }) =>
            stage.chooseThird(thirdColumns.find((third) => third === currentTarget.value) ?? null)
          }
        >
          <option value="">none</option>
          {thirdColumns.map((third) => (
            <option key={third} value={third} disabled={!has.includes(third)}>
              {columnWords[third].name}
            </option>
          ))}
        </select>
      </label>
      {definition.media && (
        <label class="lab-choice">
          <span>Picture and sound</span>
          <select
            name="source"
            value={stage.media.value}
            onChange={({ currentTarget }) =>
              (stage.media.value = mediaSources.find((one) => one === currentTarget.value) ?? 'synthetic')
            }
          >
            {mediaSources.map((source) => (
              <option key={source} value={source}>
                {source === 'synthetic' ? 'Synthetic' : 'Camera'}
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="lab-status" role="status">
        <span class="lab-dot" aria-hidden="true" />
        {statusWords(stage)}
      </p>
      <CopyButton label="Copy the link" text={() => stage.link.peek()} />
      <PresentButton presenting={stage.presenting} />
    </div>
  );
}

/** What is to be done, and the buttons of its moments. */
function Task({ stage }: { stage: Stage }) {
  const { definition } = stage.task.value;
  const moments = stage.moments.value;
  return (
    <div class="compare-task">
      <p>
        <WithCode text={definition.summary} />
      </p>
      {moments.length > 0 && (
        <div class="compare-moments" role="group" aria-label="In the middle of the run">
          {moments.map(({ id, button, state }) => (
            <button
              key={id}
              type="button"
              class="lab-button"
              data-moment={id}
              data-state={state}
              // Not `disabled`: it keeps the focus after it was pressed.
              aria-disabled={state !== 'ready'}
              onClick={() => state === 'ready' && stage.press(id)}
            >
              {button}
              {state === 'pressed' && <small> done</small>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function statusWords(stage: Stage): string {
  const columns = stage.columns.value;
  const done = columns.filter(({ how }) => how.value === 'done').map(({ id }) => columnWords[id].name);
  switch (stage.state.value) {
    case 'idle':
      return 'Ready';
    case 'running':
      return done.length === 0 ? 'Running' : `Running. Done: ${done.join(', ')}`;
    case 'finished':
      return done.length === columns.length
        ? 'Done in every column'
        : `Over. Done: ${done.join(', ') || 'none'}`;
    case 'ended':
      return 'Stopped';
    default:
      return 'Failed';
  }
}
