import type { Cell } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';

/** Of a picture or a part of it, in pixels. All are even: a sample of colour covers two by two (I420). */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Whose picture is where. */
export interface Place {
  readonly peer: PeerId;
  readonly source: 'camera' | 'screen';
  readonly rect: Rect;
}

/** What a screen leaves to the people beside it. */
const STRIP = 1 / 4;
const ASPECT = 16 / 9;

const even = (value: number) => 2 * Math.floor(value / 2);

/**
 * Everybody's place in the picture: a grid, or one screen with the people in a strip beside it. A second screen is one of
 * those in the strip.
 *
 * @param size    both even
 * @param people  in the order of their coming: places change as little as they can
 * @param screens who shows one, the first to show it first
 */
export function layout(
  size: Size,
  people: readonly PeerId[],
  screens: readonly PeerId[] = [],
): readonly Place[] {
  const cameras = people.map((peer) => ({ peer, source: 'camera' as const }));
  const [large, ...more] = screens.map((peer) => ({ peer, source: 'screen' as const }));
  if (!large) return grid({ x: 0, y: 0, ...size }, cameras);
  const small = [...more, ...cameras];
  if (small.length === 0) return [{ ...large, rect: { x: 0, y: 0, ...size } }];
  const width = even(size.width * STRIP);
  const stage = { x: 0, y: 0, width: size.width - width, height: size.height };
  return [{ ...large, rect: stage }, ...column({ ...stage, x: stage.width, width }, small)];
}

type Shown = Omit<Place, 'rect'>;

/** As many columns as rows, or one more; the last row stands in the middle. */
function grid(area: Rect, shown: readonly Shown[]): readonly Place[] {
  const columns = Math.ceil(Math.sqrt(shown.length));
  const rows = Math.ceil(shown.length / columns);
  const width = even(area.width / columns);
  const height = even(area.height / rows);
  return shown.map((one, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, shown.length - row * columns);
    const left = even((area.width - inRow * width) / 2);
    const x = area.x + left + (index % columns) * width;
    return { ...one, rect: { x, y: area.y + row * height, width, height } };
  });
}

/** One below the other, none higher than it is wide. */
function column(area: Rect, shown: readonly Shown[]): readonly Place[] {
  const height = even(Math.min(area.width / ASPECT, area.height / shown.length));
  const top = even((area.height - height * shown.length) / 2);
  return shown.map((one, index) => ({
    ...one,
    rect: { x: area.x, y: area.y + top + index * height, width: area.width, height },
  }));
}

/** Places in parts of the picture, as pages are told them. */
export const cellsOf = (size: Size, places: readonly Place[]): Cell[] =>
  places.map(({ peer, source, rect }) => ({
    peer,
    source,
    x: rect.x / size.width,
    y: rect.y / size.height,
    width: rect.width / size.width,
    height: rect.height / size.height,
  }));
