import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { paceModes } from '../../rtc/pace.ts';
import { Segments } from '../panels/parts.tsx';
import { PeerName } from '../panels/peer.tsx';
import { lineOf, modeNames, useStepKeys } from '../stepper.tsx';
import { columnWords } from './column-words.ts';
import { ColumnMark } from './mark.tsx';
import type { Stage, StageColumn } from './stage.ts';
import './pace.css';

/** How all columns go on, and what waits in each: one press lets the step of every column go. */
export function LockstepPace({ stage }: { stage: Stage }) {
  const mode = stage.mode.value;
  const columns = stage.columns.value;
  const next = useRef<HTMLButtonElement>(null);
  const isHeld = columns.some(({ held }) => held.value !== null);
  useStepKeys({
    isHeld: () => stage.columns.peek().some(({ held }) => held.peek() !== null),
    go: () => stage.go(),
  });
  useSignalEffect(() => {
    const first = stage.columns.value.some(({ held }) => held.value) && stage.taken.value === 0;
    if (!first || stage.mode.value !== 'step') return;
    // From the run button to the next step, so that Space means «next» and not «stop».
    const { activeElement } = document;
    const isRun = activeElement instanceof HTMLElement && 'run' in activeElement.dataset;
    if (isRun || activeElement === document.body) next.current?.focus({ preventScroll: true });
  });
  return (
    <section class="compare-pace" data-mode={mode} aria-label="Pace of the run">
      <div class="compare-pace-choice">
        <Segments
          label="Pace of the run"
          options={paceModes.map((id) => [id, modeNames[id]])}
          value={mode}
          onChange={(value) => stage.choosePace(value)}
        />
        {mode === 'run' && (
          <p class="lab-hint">All columns run at once. Or let them wait before each step, together.</p>
        )}
        {mode !== 'run' && (
          <button
            type="button"
            class="compare-next"
            ref={next}
            // Not `disabled`: it keeps the focus between two steps.
            aria-disabled={!isHeld}
            aria-keyshortcuts="Space PageDown"
            onClick={() => stage.go()}
          >
            Next step in each
            <kbd>Space</kbd>
          </button>
        )}
      </div>
      {mode !== 'run' && (
        <ul class="compare-held">
          {columns.map((column) => (
            <Waits key={column.id} column={column} />
          ))}
        </ul>
      )}
      <p class="ps-hidden" role="status">
        {mode === 'step' && isHeld ? spoken(columns) : ''}
      </p>
    </section>
  );
}

/** What waits in one column, or why nothing does. */
function Waits({ column }: { column: StageColumn }) {
  const held = column.held.value;
  const peers = column.peers.value;
  return (
    <li data-held={held !== null || undefined}>
      <p class="compare-held-name">
        <ColumnMark id={column.id} /> {columnWords[column.id].name}
      </p>
      {held ? (
        <>
          <p class="compare-held-text">
            {held.text.startsWith(`${held.peer} `) ? (
              <>
                <PeerName peers={peers} peer={held.peer} />
                {held.text.slice(held.peer.length)}
              </>
            ) : (
              held.text
            )}
          </p>
          {held.line === undefined ? (
            <p class="lab-hint">not from a line of the file: a callback of what was called before</p>
          ) : (
            <HeldLine column={column} line={held.line} />
          )}
        </>
      ) : (
        <p class="lab-hint">{quiet(column)}</p>
      )}
    </li>
  );
}

/** The line of the column's own file that leads to the step. Where a library goes on by itself there is none. */
function HeldLine({ column, line }: { column: StageColumn; line: number }) {
  const code = lineOf(column.source.own, line);
  if (code === undefined) return null;
  return (
    <p class="compare-held-line">
      <span>{line}</span>
      <code>{code}</code>
    </p>
  );
}

function quiet({ how }: StageColumn): string {
  switch (how.value) {
    case 'running':
      return 'Nothing waits here now: the browser is at work.';
    case 'done':
      return 'Done: nothing is left to wait for.';
    case 'idle':
      return 'Start the run: it waits before its first step.';
    default:
      return 'This column has ended.';
  }
}

function spoken(columns: readonly StageColumn[]): string {
  return columns
    .map(({ id, held }) => {
      const name = columnWords[id].name;
      return held.value ? `${name} waits: ${held.value.text}.` : `${name}: nothing waits.`;
    })
    .join(' ');
}
