import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ErrorNote } from '../error-note.tsx';
import { CodePane } from '../panels/index.ts';
import { PeerName } from '../panels/peer.tsx';
import { plural } from '../panels/model/format.ts';
import { columnWords } from './column-words.ts';
import type { ColumnId } from './define.ts';
import { countLines } from './lines.ts';
import { ColumnMark } from './mark.tsx';
import { Pictures } from './pictures.tsx';
import type { ColumnState, Stage, StageColumn } from './stage.ts';

/** The highlighted text of a file, by its path below src/compare: `text/raw.ts`, `_shared/signaling.ts`. */
export type CodeHtml = Readonly<Record<string, string>>;

interface Props {
  readonly stage: Stage;
  readonly column: StageColumn;
  readonly code: CodeHtml;
  readonly presents?: boolean;
}

const stateWords: Record<ColumnState, string> = {
  idle: 'Ready',
  running: 'Running',
  done: 'Done',
  late: 'Not done in time',
  failed: 'Failed',
  ended: 'Stopped',
};

/** One way to do the task: what it is, what it shows and says, and the code that runs. */
export function ColumnView({ stage, column, code, presents = false }: Props) {
  const { id, how, problem } = column;
  const { definition } = stage.task.value;
  const titleId = `compare-${id}`;
  return (
    <section class="compare-column" data-column={id} data-state={how.value} aria-labelledby={titleId}>
      <header>
        <h2 id={titleId}>
          <ColumnMark id={id} /> {columnWords[id].name}
        </h2>
        <p class="compare-how">{stateWords[how.value]}</p>
        <p class="compare-what">{columnWords[id].what}</p>
      </header>
      {problem.value && <ErrorNote error={problem.value} onClose={() => (problem.value = null)} />}
      {definition.media && <Pictures column={column} people={definition.participants} />}
      {!presents && <Files stage={stage} column={column} code={code} />}
      <Notes column={column} />
    </section>
  );
}

/** The task's file of this column and those that all its tasks share. The line of the step that waits is marked. */
export function Files({ stage, column, code }: Omit<Props, 'presents'>) {
  const { source, held, focus, entries } = column;
  const own = `${stage.task.value.id}/${column.id}.ts`;
  const files = [
    { name: `${column.id}.ts`, path: own, text: source.own },
    ...source.shared.map(({ name, text }) => ({ name, path: `_shared/${name}`, text })),
  ];
  const chosen = useSignal<string | null>(null);
  const step = held.value;
  // A step that waits opens the file of its line; between two steps the chosen one stays.
  const wanted = step?.line === undefined ? chosen.value : files[0]?.name;
  const file = files.find(({ name }) => name === wanted) ?? files[0];
  if (!file) return null;
  const entry = focus.value === null ? undefined : entries.value.list[focus.value];
  const focused = entry && 'line' in entry && file === files[0] ? entry.line : undefined;
  const line = step ? step.line : focused;
  const html = code[file.path];
  return (
    <div class="compare-files">
      <div class="compare-file-tabs" role="group" aria-label={`${columnWords[column.id].name}: files`}>
        {files.map(({ name, text }) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === file.name}
            onClick={() => (chosen.value = name)}
          >
            <code>{name}</code> <small>{plural(countLines(text), 'line')}</small>
          </button>
        ))}
      </div>
      <CodePane
        key={file.path}
        source={file.text}
        label={`${columnWords[column.id].name}: ${file.name}`}
        isWaiting={step?.line !== undefined}
        {...(html !== undefined && { html })}
        {...(line !== undefined && { highlightLines: [line] })}
      />
    </div>
  );
}

/** What its participants have said, the latest last. */
function Notes({ column }: { column: StageColumn }) {
  const { entries, peers, id } = column;
  const notes = entries.value.list.filter((entry) => entry.kind === 'note');
  const list = useRef<HTMLOListElement>(null);
  // The latest is in sight as long as nobody has scrolled away from the end.
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (list.current && follows.current) list.current.scrollTop = list.current.scrollHeight;
  }, [notes.length]);
  const onScroll = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: JSX.TargetedEvent<HTMLElement>) => void (follows.current = scrollTop + clientHeight > scrollHeight - 24);
  // Scrolled by hand where it is long: a keyboard needs a place in it.
  const scrolled = { ref: list, onScroll, tabIndex: 0 } as const;
  return (
    <div class="compare-notes">
      <h3>What they say</h3>
      {notes.length === 0 ? (
        <p class="lab-hint">{emptyWords(column.how.value, id)}</p>
      ) : (
        <ol {...scrolled} aria-label={`${columnWords[id].name}: what its participants say`}>
          {notes.map((note) => (
            <li key={note.seq}>
              <span class="compare-at">{Math.round(note.atMs)} ms</span>{' '}
              <span>
                {note.peer !== 'lab' && <PeerName peers={peers.value} peer={note.peer} />}{' '}
                {note.kind === 'note' && note.text}
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const emptyWords = (state: ColumnState, id: ColumnId): string =>
  state === 'idle'
    ? 'What alice and bob are told by the code above appears here while it runs.'
    : `Nothing so far in ${columnWords[id].name}.`;
