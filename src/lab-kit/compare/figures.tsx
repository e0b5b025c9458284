import type { ComponentChildren } from 'preact';
import { inMs } from '../panels/model/format.ts';
import { axisOf, clockOf, clockWords, stepsOf, type ClockStep } from './clock.ts';
import { columnWords } from './column-words.ts';
import type { ColumnId } from './define.ts';
import { differences, differenceWords, measureTitles } from './differences.ts';
import { ColumnMark } from './mark.tsx';
import { countLines } from './lines.ts';
import type { Measure, Measures } from './measures.ts';
import type { Stage, StageColumn } from './stage.ts';
import { inShort, measureGroups, unitOf, written } from './words.ts';
import './figures.css';

/** The clock's steps that are measures as well: under these names others ask for them. */
const measureOfStep: Readonly<Partial<Record<ClockStep, Measure>>> = {
  connected: 'connectedMs',
  'first-data': 'firstDataMs',
  'first-frame': 'firstFrameMs',
};

/** What the sentence above the figures tells of, the first that there is of each. */
const telling: readonly (readonly Measure[])[] = [
  ['lines'],
  ['messages'],
  ['connectedMs', 'firstDataMs', 'firstFrameMs'],
];

/** What differs between the columns: both values of each measure as bars on one scale, and the difference in words. */
export function Figures({ stage }: { stage: Stage }) {
  const columns = stage.columns.value;
  const isRunning = stage.state.value === 'running';
  const hasRun = columns.some(({ measures }) => measures.value !== undefined);
  return (
    <section class="compare-figures" aria-labelledby="compare-differences" data-live={isRunning || undefined}>
      <header>
        <h2 id="compare-differences">The differences</h2>
        <ul class="compare-key" aria-label="Columns">
          {columns.map(({ id }) => (
            <li key={id}>
              <ColumnMark id={id} /> {columnWords[id].name}
            </li>
          ))}
        </ul>
        <p class="compare-told">{told(stage)}</p>
      </header>
      <div class="compare-tables">
        <Clock
          columns={columns}
          hasRun={hasRun}
          paused={stage.taken.value > 0}
          steps={stepsOf(stage.task.value.definition)}
        />
        <Counts columns={columns} />
      </div>
    </section>
  );
}

/** What to do before a run, what is going on during it, and what came of it. */
function told({ state, columns, mode }: Stage): string {
  const [left, ...others] = columns.value;
  const measured = left?.measures.value;
  if (!left || !measured) {
    return mode.value === 'step'
      ? 'Run the task and step through it: what is measured appears here while it happens. Lines of code are known already.'
      : 'Run the task: every other figure here is measured in that run, in this browser. Lines of code are known already.';
  }
  const sentences = others.flatMap(({ id, measures }) => {
    if (!measures.value) return [];
    const all = differences(measured, measures.value);
    return telling.flatMap((group) => {
      const one = all.find(({ measure, by }) => group.includes(measure) && by !== undefined);
      return one ? [differenceWords(one, left.id, id)] : [];
    });
  });
  return state.value === 'running' ? `So far: ${sentences.join(' ')}` : sentences.join(' ');
}

interface CountsProps {
  readonly columns: readonly StageColumn[];
}

/** Lines are known from the files; everything else only from a run. */
const staticLines = ({ source }: StageColumn): Partial<Measures> => ({
  lines: countLines(source.own),
  sharedLines: source.shared.reduce((sum, { text }) => sum + countLines(text), 0),
});

function Counts({ columns }: CountsProps) {
  const values = columns.map((column): Partial<Measures> => column.measures.value ?? staticLines(column));
  return (
    <table class="compare-counts">
      <Head columns={columns} what="What is counted" />
      {measureGroups.map(({ title, measures }) => (
        <tbody key={title}>
          <tr class="compare-group">
            <th colSpan={columns.length * 2} scope="rowgroup">
              {title}
            </th>
          </tr>
          {measures.map((measure) => (
            <FigureRow
              key={measure}
              measure={measure}
              title={measureTitles[measure]}
              unit={unitOf(measure)}
              columns={columns}
              values={values.map((one) => one[measure])}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface ClockProps extends CountsProps {
  readonly hasRun: boolean;
  /** Whether steps waited in this run. */
  readonly paused: boolean;
  readonly steps: readonly ClockStep[];
}

/** The milestones of all columns, under each other on one axis. */
function Clock({ columns, hasRun, paused, steps }: ClockProps) {
  const clocks = columns.map(({ entries, measures }) =>
    measures.value ? clockOf(entries.value.list, measures.value) : {},
  );
  const { endMs, tickMs } = axisOf(Math.max(0, ...clocks.flatMap((clock) => Object.values(clock))));
  const ticks = Array.from({ length: Math.round(endMs / tickMs) + 1 }, (_, index) => index * tickMs);
  return (
    <div class="compare-clock">
      <div class="compare-plot">
        <table>
          <Head columns={columns} what="Moment" />
          <tbody>
            <tr class="compare-group">
              <th colSpan={columns.length * 2} scope="rowgroup">
                When, on one clock
              </th>
            </tr>
            {steps.map((step) => (
              <FigureRow
                key={step}
                step={step}
                measure={measureOfStep[step]}
                title={clockWords[step]}
                unit="ms"
                columns={columns}
                values={clocks.map((clock) => clock[step])}
                end={endMs}
              />
            ))}
          </tbody>
        </table>
        <div class="compare-axis" aria-hidden="true" data-unit={hasRun ? 'ms' : undefined}>
          {hasRun &&
            ticks.map((tick) => (
              <i key={tick} style={{ '--at': tick / endMs }}>
                <span>{inMs(tick).replace(/\.0$/, '')}</span>
              </i>
            ))}
        </div>
      </div>
      <p class="compare-note" data-paused={paused || undefined}>
        {paused
          ? 'This run was held before its steps, and its times hold the waiting too.'
          : 'The columns share this machine while they run: times differ from run to run, counts hardly do.'}
      </p>
    </div>
  );
}

/** For those who do not see the marks. */
function Head({ columns, what }: CountsProps & { what: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{what}</th>
        {columns.flatMap(({ id }, index) => [
          <th key={id} scope="col">
            {columnWords[id].name}
          </th>,
          index > 0 && (
            <th key={`${id} against`} scope="col">
              {columnWords[id].name} against {columnWords[columns[0]?.id ?? 'raw'].name}
            </th>
          ),
        ])}
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly title: ComponentChildren;
  readonly unit: 'count' | 'bytes' | 'ms';
  readonly measure?: Measure | undefined;
  readonly step?: ClockStep;
  readonly columns: readonly StageColumn[];
  readonly values: readonly (number | undefined)[];
  /** What the whole width stands for; the largest value when left out. */
  readonly end?: number;
}

function FigureRow({ title, unit, measure, step, columns, values, end }: RowProps) {
  const [left] = values;
  const widest = end ?? Math.max(0, ...values.map((value) => value ?? 0));
  const isOver = columns.every(({ how }) => how.value !== 'running' && how.value !== 'idle');
  return (
    <tr data-measure={measure} data-step={step} data-clock={end === undefined ? undefined : true}>
      <th scope="row">{title}</th>
      {columns.flatMap(({ id }, index) => {
        const value = values[index];
        const by = left === undefined || value === undefined ? undefined : value - left;
        const row = { '--row': index + 1, '--share': widest > 0 ? (value ?? 0) / widest : 0 };
        return [
          <td key={id} class="compare-value" data-column={id} data-value={value} style={row}>
            {end === undefined && <ColumnMark id={id} />}
            <span class="compare-bar" aria-hidden="true">
              {end !== undefined && value !== undefined && <ColumnMark id={id} />}
            </span>
            <span class="compare-number">
              {value === undefined ? <Missing id={id} isOver={isOver} /> : written(value, unit)}
            </span>
          </td>,
          index > 0 && (
            <td key={`${id} words`} class="compare-by" data-against={id} style={row}>
              {isOver || value !== undefined ? inShort({ unit, left, right: value, by }) : ''}
            </td>
          ),
        ];
      })}
    </tr>
  );
}

/** Nothing was measured: not yet, or not at all. */
function Missing({ id, isOver }: { id: ColumnId; isOver: boolean }) {
  return (
    <span class="compare-missing">
      <span aria-hidden="true">{isOver ? '—' : '·'}</span>
      <span class="ps-hidden">{isOver ? `never in ${columnWords[id].name}` : 'not yet'}</span>
    </span>
  );
}
