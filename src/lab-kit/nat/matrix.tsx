import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { natKinds, type NatKind, type ServerChoice } from '../../rtc/nat-sim/plan.ts';
import { reaches } from '../../rtc/nat-sim/simulate.ts';
import { kindNames, reachNames } from '../../rtc/nat-sim/words.ts';
import { Segments } from '../panels/parts.tsx';
import { putOnStage } from './chosen.ts';
import {
  planOfCell,
  reachOfCell,
  readIndex,
  replayHref,
  type IndexAnswer,
  type RecordedCell,
  type RecordingIndex,
} from './recordings.ts';
import { ReachWord } from './reach-word.tsx';
import { why } from './why.ts';
import '../panels/panel.css';
import './nat.css';

const serverOptions = [
  ['stun', 'STUN only'],
  ['turn', 'STUN and TURN'],
] as const;

/** The recordings of real browsers behind real NATs: A × B, and the special networks below. */
export function Matrix({ initial }: { readonly initial?: RecordingIndex | undefined }) {
  const answer = useSignal<IndexAnswer | null>(initial ? { ok: true, index: initial } : null);
  const load = async () => {
    answer.value = null;
    answer.value = await readIndex();
  };
  useEffect(() => void (answer.value ?? load()), []);
  if (!answer.value) return <p role="status">The list of recordings is on its way …</p>;
  if (!answer.value.ok)
    return (
      <div class="ps-panel" role="alert">
        <p>{answer.value.problem}</p>
        <p>
          <button type="button" class="ps-button" onClick={() => void load()}>
            Try again
          </button>
        </p>
      </div>
    );
  return <Recorded index={answer.value.index} />;
}

function Recorded({ index }: { index: RecordingIndex }) {
  const servers = useSignal<'stun' | 'turn'>('stun');
  const plain = index.cells.filter(
    (cell) => cell.special === undefined && cell.browserB === 'chromium' && cell.servers === servers.value,
  );
  const kinds = natKinds.filter((kind) => plain.some(({ a, b }) => a === kind || b === kind));
  const specials = index.cells.filter(
    ({ special, browserB }) => special !== undefined || browserB !== 'chromium',
  );
  const { a: alices, b: bobs } = index.browsers;
  return (
    <section class="nat-recorded ps-panel" aria-label="Recordings of real browsers">
      <p class="nat-label" data-real>
        <strong>Recorded.</strong> Real browsers behind real NATs, each home a network namespace of one Linux
        computer. {dateWords(index.made)}; alice used {alices}, bob {bobs}.
      </p>
      <Segments
        label="Servers that both knew"
        options={serverOptions}
        value={servers.value}
        onChange={(next) => (servers.value = next)}
      />
      <Grid key={servers.value} cells={plain} kinds={kinds} servers={servers.value} />
      <ul class="nat-legend">
        {reaches.map((reach) => (
          <li key={reach}>
            <ReachWord reach={reach} /> {reachNames[reach].meaning}
          </li>
        ))}
      </ul>
      {specials.length > 0 && (
        <details>
          <summary>More networks: carriers, hairpins, one home, Firefox ({specials.length})</summary>
          <ul class="nat-specials">
            {specials.map((cell) => (
              <li key={cell.id}>
                <ReachWord reach={reachOfCell(cell)} /> <span>{specialTitle(cell)}</span>
                <Actions cell={cell} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const serverWords: Readonly<Record<ServerChoice, string>> = {
  none: 'no server',
  stun: 'STUN only',
  turn: 'STUN and TURN',
};

function specialTitle({ special, a, b, browserB, servers }: RecordedCell): string {
  const what = special ?? `alice ${kindNames[a].short}, bob ${kindNames[b].short}`;
  return `${what}; ${serverWords[servers]}${browserB === 'firefox' ? '; bob uses Firefox' : ''}`;
}

function dateWords(made: string): string {
  const date = new Date(made);
  return Number.isNaN(date.getTime())
    ? 'The date is not known'
    : `On ${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })}`;
}

interface GridProps {
  readonly cells: readonly RecordedCell[];
  readonly kinds: readonly NatKind[];
  readonly servers: ServerChoice;
}

/** alice's NAT in rows, bob's in columns (WAI-ARIA grid pattern: one stop for Tab, arrow keys within). */
function Grid({ cells, kinds, servers }: GridProps) {
  const at = useSignal<{ row: number; column: number } | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const stop = at.value ?? { row: 0, column: 0 };
  const cellAt = (row: number, column: number) =>
    cells.find(({ a, b }) => a === kinds[row] && b === kinds[column]);
  const onKeyDown = (event: KeyboardEvent) => {
    const [down, right] =
      {
        ArrowDown: [1, 0],
        ArrowUp: [-1, 0],
        ArrowRight: [0, 1],
        ArrowLeft: [0, -1],
        Home: [0, -kinds.length],
        End: [0, kinds.length],
      }[event.key] ?? [];
    if (down === undefined || right === undefined) return;
    event.preventDefault();
    const bound = (place: number) => Math.max(0, Math.min(kinds.length - 1, place));
    const next = { row: bound(stop.row + down), column: bound(stop.column + right) };
    at.value = next;
    grid.current?.querySelector<HTMLElement>(`[data-place="${next.row} ${next.column}"]`)?.focus();
  };
  const chosen = at.value && cellAt(at.value.row, at.value.column);
  return (
    <>
      <div class="nat-matrix-scroll">
        <table
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- a grid is a table that one moves in
          role="grid"
          class="nat-matrix"
          ref={grid}
          aria-label={`Who reached whom, with ${serverWords[servers]}`}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr>
              <td>
                <span aria-hidden="true">alice ↓ bob →</span>
              </td>
              {kinds.map((kind) => (
                <th key={kind} scope="col">
                  {kindNames[kind].short}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind, row) => (
              <tr key={kind}>
                <th scope="row">{kindNames[kind].short}</th>
                {kinds.map((_, column) => {
                  const cell = cellAt(row, column);
                  const isStop = row === stop.row && column === stop.column;
                  const isShown = at.value !== null && isStop;
                  return (
                    <td key={column} data-shown={isShown || undefined}>
                      <button
                        type="button"
                        data-place={`${row} ${column}`}
                        tabIndex={isStop ? 0 : -1}
                        onFocus={() => (at.value = { row, column })}
                        onClick={() => (at.value = { row, column })}
                      >
                        {cell ? <ReachWord reach={reachOfCell(cell)} /> : 'not recorded'}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="ps-details" aria-live="polite">
        {chosen ? (
          <Explained cell={chosen} />
        ) : (
          <p class="ps-hint">Choose a cell for what happened there, and for its recording.</p>
        )}
      </div>
    </>
  );
}

function Explained({ cell }: { cell: RecordedCell }) {
  const { a, b, outcome } = cell;
  const end = (one: RecordedCell['outcome']['a']) =>
    one
      ? `${one.local}${one.local === 'relay' ? ` (${one.relayProtocol ?? '?'})` : ''} → ${one.remote}`
      : 'no pair';
  return (
    <>
      <p>
        <strong>
          alice {kindNames[a].short}, bob {kindNames[b].short}:
        </strong>{' '}
        <ReachWord reach={reachOfCell(cell)} />
      </p>
      {outcome.connected && (
        <p>
          alice’s pair: {end(outcome.a)}; bob’s: {end(outcome.b)}
          {outcome.afterMs !== undefined && `; connected ${Math.round(outcome.afterMs)} ms after the offer`}.
        </p>
      )}
      <p>{why(a, b, reachOfCell(cell))}</p>
      <Actions cell={cell} />
    </>
  );
}

function Actions({ cell }: { cell: RecordedCell }) {
  const plan = planOfCell(cell);
  return (
    <p class="nat-cell-actions">
      <a href={replayHref(cell)}>Open the recording</a>
      {plan && (
        <button type="button" class="ps-button" onClick={() => putOnStage(plan)}>
          What does the simulator say?
        </button>
      )}
    </p>
  );
}
