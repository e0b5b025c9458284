import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { PeerLabel } from '../../rtc/timeline.ts';
import type { LabView } from '../view.ts';
import type { Chart, ChartData } from './chart-canvas.ts';
import {
  allCharts,
  browserName,
  charts,
  linesOf,
  units,
  type ChartId,
  type Choice,
  type Line,
} from './model/charts.ts';
import { lastAtOrBefore } from './model/fold.ts';
import { plural } from './model/format.ts';
import { cluster, nearest, summarise, type Mark, type PeerSeries, type Series } from './model/series.ts';

/** The library is fetched when the first chart is to be seen. */
const loadCanvas = () => import('./chart-canvas.ts');

interface Props {
  readonly view: LabView;
  readonly series: Series;
  readonly peer: PeerLabel;
  readonly own: PeerSeries;
  readonly choice: Signal<Choice>;
  readonly shown: Signal<ReadonlySet<ChartId>>;
}

/** The charts of one peer over one time axis, with what happened marked on it. */
export function Charts({ view, series, peer, own, choice, shown }: Props) {
  /** Index of the sample under the pointer or the slider. */
  const moment = useSignal<number | null>(null);
  const isTableOpen = useSignal(false);
  const focus = view.focus.value;
  const { list } = view.entries.value;
  const marks = series.marks.filter((mark) => mark.peer === peer || mark.peer === 'lab');
  const untilSec = Math.max(own.atSec.at(-1) ?? 1, marks.at(-1)?.atSec ?? 0);
  const focusSec =
    focus === null ? null : (list[lastAtOrBefore(list, focus, ({ seq }) => seq)]?.atMs ?? 0) / 1000;
  const count = own.atSec.length;
  const index = Math.min(
    moment.value ?? (focusSec === null ? count - 1 : nearest(own.atSec, focusSec)),
    count - 1,
  );
  const ids = allCharts.filter((id) => shown.value.has(id));

  const goTo = (sec: number) => {
    const at = nearest(own.atSec, sec);
    if (at >= 0) view.focus.value = own.seqs[at] ?? null;
  };

  return (
    <div class="ps-charts">
      <fieldset class="ps-toggles">
        <legend class="ps-hidden">Charts that are shown</legend>
        {allCharts.map((id) => (
          <button
            key={id}
            type="button"
            aria-pressed={shown.value.has(id)}
            onClick={() => {
              const next = new Set(shown.value);
              if (!next.delete(id)) next.add(id);
              shown.value = next;
            }}
          >
            {charts[id].title}
          </button>
        ))}
      </fieldset>
      <div class="ps-plots" style={{ '--until': untilSec }}>
        {ids.map((id) => (
          <ChartFigure
            key={id}
            {...{ id, view, peer, own, marks, untilSec, index, focusSec, goTo, moment }}
            lines={linesOf(own, charts[id], choice.value)}
          />
        ))}
      </div>
      <MarkStrip {...{ marks, untilSec, view }} />
      <div class="ps-moment">
        <label>
          <span class="ps-hidden">Moment of the charts</span>
          <input
            type="range"
            min={0}
            max={Math.max(0, count - 1)}
            value={index}
            aria-valuetext={momentWords(own, index)}
            onInput={(event) => (moment.value = event.currentTarget.valueAsNumber)}
          />
        </label>
        <p>
          <strong>{momentWords(own, index)}</strong>{' '}
          <button type="button" class="ps-button" onClick={() => goTo(own.atSec[index] ?? 0)}>
            Take every panel there
          </button>
          {focus !== null && (
            <button
              type="button"
              class="ps-button"
              onClick={() => {
                view.focus.value = null;
                moment.value = null;
              }}
            >
              Back to now
            </button>
          )}
        </p>
      </div>
      <details class="ps-numbers" onToggle={(event) => (isTableOpen.value = event.currentTarget.open)}>
        <summary>The same as a table</summary>
        {isTableOpen.value && <NumbersTable ids={ids} own={own} choice={choice.value} />}
      </details>
    </div>
  );
}

const momentWords = ({ atSec }: PeerSeries, index: number): string =>
  index < 0 ? 'no sample yet' : `${atSec[index]?.toFixed(1)} s, sample ${index + 1} of ${atSec.length}`;

interface FigureProps {
  readonly id: ChartId;
  readonly view: LabView;
  readonly peer: PeerLabel;
  readonly own: PeerSeries;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly untilSec: number;
  readonly index: number;
  readonly focusSec: number | null;
  readonly goTo: (sec: number) => void;
  readonly moment: Signal<number | null>;
}

/** Pixels at the usual size of type; the box is as high from the start. */
const HEIGHT_REM = 9.5;

function ChartFigure(props: FigureProps) {
  const { id, view, peer, own, lines, untilSec, index, focusSec, moment } = props;
  const { title, needs } = charts[id];
  const colourOf = colours(view.peers.value, peer);
  const limitations = id === 'frames' || id === 'bandwidth' ? own.limitations : [];
  const isTold = lines.length > 0;
  return (
    <figure class="ps-chart">
      <figcaption>
        <strong>{title}</strong>
        <ul>
          {lines.map((line) => (
            <li key={line.key} style={{ '--line': `var(${colourOf(line)})` }}>
              <Swatch line={line} /> {line.name} <b>{valueWords(line, index)}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      {isTold ? (
        <Canvas
          {...props}
          data={{ atSec: own.atSec, lines, colourOf, untilSec, marks: props.marks, limitations }}
          label={`${title}, ${plural(own.atSec.length, 'sample')}`}
        />
      ) : (
        <p class="ps-untold">
          {own.atSec.length < 3
            ? 'The first rates come with the second sample.'
            : `${browserName(view.userAgent)} does not tell ${needs} here.`}
        </p>
      )}
      {limitations.length > 0 && (
        <p class="ps-limits">
          Quality limited{' '}
          {limitations
            .slice(-3)
            .map(({ reason, fromSec, toSec }) => `by ${reason} ${fromSec.toFixed(0)}–${toSec.toFixed(0)} s`)
            .join(', ')}
        </p>
      )}
      {isTold && focusSec !== null && (
        <span
          class="ps-chart-focus"
          aria-hidden="true"
          style={{ '--at': Math.min(1, focusSec / untilSec) }}
        />
      )}
      <span class="ps-hidden">{moment.value === null ? '' : `at ${own.atSec[index]?.toFixed(1)} s`}</span>
    </figure>
  );
}

const valueWords = ({ values, unit }: Line, index: number): string =>
  values[index] === undefined || values[index] === null ? '–' : units[unit].words(values[index]);

/** A line has the colour of who sends it; the path that all take has none of them. */
function colours(peers: readonly PeerLabel[], peer: PeerLabel): (line: Line) => string {
  const tokens = ['--ps-offerer', '--ps-answerer', '--ps-peer-3', '--ps-peer-4'];
  const tokenOf = (name: PeerLabel | undefined) =>
    (name === undefined ? undefined : tokens[Math.min(peers.indexOf(name), tokens.length - 1)]) ??
    '--ps-text';
  const [other] = peers.filter((name) => name !== peer);
  return ({ source: { way } }) =>
    way === 'path' ? '--ps-accent' : tokenOf(way === 'out' ? peer : peers.length === 2 ? other : undefined);
}

const Swatch = ({ line }: { line: Line }) => (
  <svg class="ps-swatch" width="26" height="8" aria-hidden="true">
    <line x1="0" x2="26" y1="4" y2="4" stroke-dasharray={['', '7 4', '2 3', '10 3 2 3'][line.dash % 4]} />
  </svg>
);

function Canvas({ data, label, goTo, moment, index }: FigureProps & { data: ChartData; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const pick = useRef(goTo);
  pick.current = goTo;

  useEffect(() => {
    const element = place.current;
    const end = new AbortController();
    if (!element) return undefined;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    let isHovered = false;
    element.addEventListener('pointerenter', () => (isHovered = true), end);
    element.addEventListener(
      'pointerleave',
      () => {
        isHovered = false;
        moment.value = null;
      },
      end,
    );
    const resize = new ResizeObserver(() => chart.current?.resize());
    const recolour = new MutationObserver(() => chart.current?.recolour());
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    void loadCanvas().then((canvas) => {
      if (end.signal.aborted) return;
      chart.current = new canvas.Chart(element, {
        height: Math.round(HEIGHT_REM * rem),
        onHover: (at) => {
          if (isHovered) moment.value = at;
        },
        onPick: (sec) => pick.current(sec),
      });
      chart.current.draw(latest.current);
      resize.observe(element);
      recolour.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-present'] });
      scheme.addEventListener('change', () => chart.current?.recolour(), end);
    });
    return () => {
      end.abort();
      resize.disconnect();
      recolour.disconnect();
      chart.current?.close();
      chart.current = undefined;
    };
  }, []);

  const shape = data.lines.map(({ key }) => key).join();
  useEffect(
    () => chart.current?.draw(latest.current),
    [data.atSec.at(-1), data.atSec.length, shape, data.marks.length],
  );
  useEffect(() => chart.current?.point(moment.value === null ? null : index), [moment.value, index]);
  return <div class="ps-canvas" ref={place} role="img" aria-label={label} />;
}

/** Marks nearer than this stand together. Pixels. */
const MARK_PX = 14;

/** What happened, on the time axis: a button for each, that tells what it was and takes every panel there. */
function MarkStrip({ marks, untilSec, view }: { marks: readonly Mark[]; untilSec: number; view: LabView }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useSignal(600);
  const told = useSignal<readonly Mark[] | null>(null);
  useEffect(() => {
    if (!place.current) return undefined;
    const observer = new ResizeObserver(([entry]) => (width.value = entry?.contentRect.width ?? width.value));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  const clusters = useMemo(
    () => cluster(marks, (MARK_PX / Math.max(1, width.value)) * untilSec),
    [marks.length, marks.at(-1)?.seq, width.value, untilSec],
  );
  const current = useSignal(0);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step ? current.value + step : { Home: 0, End: clusters.length - 1 }[event.key];
    if (next === undefined || !clusters[next]) return;
    event.preventDefault();
    current.value = next;
    place.current?.querySelectorAll('button')[next]?.focus();
  };
  const tabStop = Math.min(current.value, clusters.length - 1);
  const words = (group: readonly Mark[]) => group.map((mark) => `${mark.peer}: ${mark.words}`);
  return (
    <div class="ps-marks-part">
      <div class="ps-marks" ref={place} role="group" aria-label="What happened, on the time axis">
        {clusters.map((group, index) => (
          <button
            key={group[0]!.seq}
            type="button"
            tabIndex={index === tabStop ? 0 : -1}
            data-bad={group.some(({ isBad }) => isBad) || undefined}
            style={{ insetInlineStart: `${(group[0]!.atSec / untilSec) * 100}%` }}
            onKeyDown={move}
            onFocus={() => {
              current.value = index;
              told.value = group;
            }}
            onPointerEnter={() => (told.value = group)}
            onClick={() => (view.focus.value = group[0]!.seq)}
          >
            <span class="ps-hidden">
              at {group[0]!.atSec.toFixed(1)} seconds: {words(group).join('; ')}
            </span>
            <span aria-hidden="true">{group.length > 1 ? Math.min(group.length, 99) : ''}</span>
          </button>
        ))}
      </div>
      <p class="ps-mark-words" aria-hidden="true">
        {told.value === null
          ? 'Each mark is something that happened: point at it, or go from one to the next with ← →.'
          : `${told.value[0]!.atSec.toFixed(1)} s  ${words(told.value).slice(0, 4).join(' · ')}${told.value.length > 4 ? ` · and ${told.value.length - 4} more` : ''}`}
      </p>
    </div>
  );
}

function NumbersTable({ ids, own, choice }: { ids: readonly ChartId[]; own: PeerSeries; choice: Choice }) {
  return (
    <div class="ps-table-scroll">
      <table>
        <thead>
          <tr>
            {['line', 'last', 'least', 'mean', 'most'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ids.flatMap((id) =>
            linesOf(own, charts[id], choice).map((line) => {
              const summary = summarise(line.values);
              return (
                <tr key={`${id} ${line.key}`}>
                  <th scope="row">
                    {charts[id].title}: {line.name}
                  </th>
                  {(['last', 'min', 'mean', 'max'] as const).map((name) => (
                    <td key={name}>{summary ? units[line.unit].words(summary[name]) : '–'}</td>
                  ))}
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}
