import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { units, type Line, type Unit } from './model/charts.ts';
import type { Limitation, Mark } from './model/series.ts';

/** Everything that a chart draws. */
export interface ChartData {
  readonly atSec: readonly number[];
  readonly lines: readonly Line[];
  /** The colour of a line, as the name of a token: `--ps-offerer`. */
  readonly colourOf: (line: Line) => string;
  /** The time axis, the same for all charts of a peer. Seconds of the run. */
  readonly untilSec: number;
  readonly marks: readonly Mark[];
  readonly limitations: readonly Limitation[];
}

interface Options {
  readonly height: number;
  /** Index of the sample that the pointer is at, or null when it has left. */
  readonly onHover: (index: number | null) => void;
  /** A click, at a time of the run in seconds. */
  readonly onPick: (sec: number) => void;
}

/** Width of the axes at both sides, in rem: the same for all charts, so that their times stand above each other. */
export const AXIS_REM = { left: 4.25, right: 3.25 } as const;

const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
export const dashOf = ({ dash }: Line): readonly number[] => dashes[dash % dashes.length] ?? [];

const remPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/**
 * One chart on a canvas. Lines that are not there yet make it anew; new samples only move it on.
 *
 * The library draws; what a person reads and presses is beside it, as text.
 */
export class Chart {
  readonly #place: HTMLElement;
  readonly #options: Options;
  #plot: uPlot | undefined;
  #data: ChartData | undefined;
  #shape = '';
  #colours = new Map<string, string>();

  constructor(place: HTMLElement, options: Options) {
    this.#place = place;
    this.#options = options;
  }

  draw(data: ChartData): void {
    this.#data = data;
    const shape = JSON.stringify([data.lines.map(({ key }) => key), remPx(), this.#options.height]);
    if (!this.#plot || shape !== this.#shape) {
      this.#shape = shape;
      this.#open(data);
    } else this.#plot.setData(aligned(data));
    this.resize();
  }

  resize(): void {
    const width = this.#place.clientWidth;
    if (this.#plot && width > 0 && this.#plot.width !== width)
      this.#plot.setSize({ width, height: this.#options.height });
  }

  /** The colours of the page have changed. */
  recolour(): void {
    this.#colours.clear();
    this.#plot?.redraw(false, true);
  }

  /** Puts the crosshair on a sample; null takes it away. */
  point(index: number | null): void {
    const sec = index === null ? undefined : this.#data?.atSec[index];
    if (!this.#plot) return;
    const left = sec === undefined ? -10 : this.#plot.valToPos(sec, 'x');
    this.#plot.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
  }

  close(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #open(data: ChartData): void {
    this.close();
    const rem = remPx();
    const font = `${Math.round(0.8125 * rem)}px ${this.#token('--ps-font-ui')}`;
    const axis = { stroke: () => this.#token('--ps-muted'), font, ticks: { show: false } };
    const grid = { stroke: () => this.#token('--ps-line'), width: 1 };
    const unitAt = (isRight: boolean) => data.lines.find((line) => line.isRight === isRight)?.unit;
    const range =
      (isRight: boolean): uPlot.Range.Function =>
      (_, __, max) => [0, Math.max(max * 1.15, units[unitAt(isRight) ?? 'count'].least)];
    this.#plot = new uPlot(
      {
        width: Math.max(1, this.#place.clientWidth),
        height: this.#options.height,
        legend: { show: false },
        padding: [8, 0, 0, 0],
        cursor: {
          y: false,
          drag: { x: false, y: false },
          points: { size: 7 },
          bind: {
            mousedown: (plot) => (event) => {
              if (event.button !== 0) return null;
              this.#options.onPick(
                plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x'),
              );
              return null;
            },
          },
        },
        scales: {
          x: { time: false, range: () => [0, Math.max(1, this.#data?.untilSec ?? 1)] },
          left: { range: range(false) },
          right: { range: range(true) },
        },
        series: [
          {},
          ...data.lines.map((line): uPlot.Series => ({
            scale: line.isRight ? 'right' : 'left',
            stroke: () => this.#token(data.colourOf(line)),
            width: 2,
            dash: [...dashOf(line)],
            points: { show: data.atSec.length < 3 },
          })),
        ],
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 1.6 * rem,
            values: (_, secs) => secs.map((sec) => `${sec} s`),
          },
          { ...axis, grid, scale: 'left', size: AXIS_REM.left * rem, values: ticks(unitAt(false)) },
          {
            ...axis,
            grid: { show: false },
            scale: 'right',
            // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the library's enum has no values at run time
            side: 1,
            size: AXIS_REM.right * rem,
            values: ticks(unitAt(true)),
          },
        ],
        hooks: {
          drawClear: [(plot) => this.#drawBehind(plot)],
          setCursor: [(plot) => this.#options.onHover(plot.cursor.idx ?? null)],
        },
      },
      aligned(data),
      this.#place,
    );
  }

  /** What happened, as lines from top to bottom; and the times at which the quality was limited. */
  #drawBehind(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const data = this.#data;
    if (!data) return;
    const xOf = (sec: number) => Math.round(plot.valToPos(sec, 'x', true));
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.globalAlpha = 0.18;
    ctx.fillStyle = this.#token('--ps-warn');
    for (const { fromSec, toSec } of data.limitations)
      ctx.fillRect(xOf(fromSec), bbox.top, Math.max(2, xOf(toSec) - xOf(fromSec)), bbox.height);
    ctx.lineWidth = uPlot.pxRatio;
    for (const { atSec, isBad } of data.marks) {
      ctx.globalAlpha = isBad ? 0.9 : 0.45;
      ctx.strokeStyle = this.#token(isBad ? '--ps-error' : '--ps-muted');
      ctx.setLineDash(isBad ? [] : [2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      ctx.beginPath();
      ctx.moveTo(xOf(atSec) + 0.5, bbox.top);
      ctx.lineTo(xOf(atSec) + 0.5, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  #token(name: string): string {
    const known = this.#colours.get(name);
    if (known !== undefined) return known;
    const value = getComputedStyle(this.#place).getPropertyValue(name).trim();
    this.#colours.set(name, value);
    return value;
  }
}

const aligned = ({ atSec, lines }: ChartData): uPlot.AlignedData => [
  [...atSec],
  ...lines.map(({ values }) => values),
];

const ticks = (unit: Unit | undefined) => (_: uPlot, values: number[]) =>
  values.map((value) => (unit ? units[unit].words(value).replace(/\.0(?= )/, '') : ''));
