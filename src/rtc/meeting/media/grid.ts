/** Where the tiles of a meeting stand. Pure geometry: the page, and the picture that is recorded, are laid out by it. */

/** `grid`: all alike. `speaker`: one large, the others in a strip below. `side`: one large, the others in a column. */
export const layouts = ['grid', 'speaker', 'side'] as const;
export type Layout = (typeof layouts)[number];

/** Any unit of length, as long as it is the same everywhere: CSS pixels on a page, pixels of a canvas. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

export interface GridOptions {
  /** Width of a tile divided by its height; 16/9 when left out. */
  readonly aspectRatio?: number;
  /** Between two tiles; 8 when left out. */
  readonly gap?: number;
  /** What a tile's width is not to fall below, as long as the area has room for one such tile; 160 when left out. */
  readonly minWidth?: number;
}

export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Of each tile. */
  readonly tile: Size;
}

export interface Arrangement {
  /** Where the featured tile stands; null in a grid. */
  readonly main: Rect | null;
  /** Where the (other) tiles of this page stand, in reading order. */
  readonly tiles: readonly Rect[];
  /** The index of the first of them among all (other) tiles. */
  readonly first: number;
  /** 0 … pages − 1: what was asked for, or the last one there is. */
  readonly page: number;
  readonly pages: number;
}

const RATIO = 16 / 9;
const GAP = 8;
const MIN_WIDTH = 160;
/** Share of the area's height that the strip below the speaker takes, and of its width the column at the side. */
const STRIP_SHARE = 0.2;
/** What a strip may take at most: the speaker is to be the largest. */
const MAX_STRIP_SHARE = 0.4;

/**
 * The rows and columns in which `count` tiles are largest.
 *
 * @param count 1 or more
 */
export function fitGrid(
  count: number,
  area: Size,
  { aspectRatio = RATIO, gap = GAP }: GridOptions = {},
): Grid {
  let best: Grid = { rows: 1, columns: 1, tile: { width: 0, height: 0 } };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = Math.min(share(area.width, columns, gap), share(area.height, rows, gap) * aspectRatio);
    // Of two that are equally good the one with fewer columns: the last row is fuller.
    if (columns === 1 || width > best.tile.width)
      best = { rows, columns, tile: { width, height: width / aspectRatio } };
  }
  return best;
}

/**
 * Lays `count` tiles out. Where they would become too small they are spread evenly over pages.
 *
 * No two tiles overlap, and none stands outside the area. An area without room has tiles without size.
 *
 * @param count 0 or more; in `speaker` and `side` the featured one is among them
 * @param options.page which page, from 0; beyond the last one it is the last
 */
export function arrange(
  layout: Layout,
  count: number,
  area: Size,
  { page = 0, ...options }: GridOptions & { readonly page?: number } = {},
): Arrangement {
  if (count <= 0) return { main: null, tiles: [], first: 0, page: 0, pages: 1 };
  const whole = { x: 0, y: 0, width: Math.max(0, area.width), height: Math.max(0, area.height) };
  if (layout === 'grid') return { main: null, ...inGrid(count, whole, page, options) };
  const { aspectRatio = RATIO, gap = GAP } = options;
  if (count === 1) return { main: fitInto(whole, aspectRatio), tiles: [], first: 0, page: 0, pages: 1 };
  return besideMain(layout, count - 1, whole, page, { ...options, aspectRatio, gap });
}

/** The largest rectangle of a ratio inside another one, in its middle. @param aspectRatio width / height */
export function fitInto({ x, y, width, height }: Rect, aspectRatio: number): Rect {
  const fitted = Math.min(width, height * aspectRatio);
  const size = { width: fitted, height: fitted / aspectRatio };
  return { x: x + (width - size.width) / 2, y: y + (height - size.height) / 2, ...size };
}

type Page = Omit<Arrangement, 'main'>;

function inGrid(count: number, area: Rect, page: number, options: GridOptions): Page {
  const { minWidth = MIN_WIDTH, gap = GAP } = options;
  let most = count;
  // What fits with the smallest tiles; one more is one too many. At least one.
  while (most > 1 && fitGrid(most, area, options).tile.width < minWidth) most -= 1;
  const spread = paged(count, most, page);
  const { columns, tile } = fitGrid(spread.perPage, area, options);
  return { ...spread.page, tiles: inRows(spread.here, columns, tile, gap, area) };
}

function besideMain(
  layout: 'speaker' | 'side',
  others: number,
  area: Rect,
  page: number,
  { aspectRatio, gap, minWidth = MIN_WIDTH }: GridOptions & { aspectRatio: number; gap: number },
): Arrangement {
  const isBelow = layout === 'speaker';
  const along = isBelow ? area.width : area.height;
  const across = isBelow ? area.height : area.width;
  const wanted = Math.max(across * STRIP_SHARE, isBelow ? minWidth / aspectRatio : minWidth);
  const thickness = Math.max(0, Math.min(wanted, (across - gap) * MAX_STRIP_SHARE));
  // One tile has to fit along the strip, too.
  const length = Math.min(along, isBelow ? thickness * aspectRatio : thickness / aspectRatio);
  const tile = isBelow
    ? { width: length, height: length / aspectRatio }
    : { width: length * aspectRatio, height: length };
  const most = length > 0 ? Math.max(1, Math.floor((along + gap) / (length + gap) + 1e-9)) : others;
  const { perPage: _, here, page: spread } = paged(others, most, page);
  const depth = isBelow ? tile.height : tile.width;
  const rest = Math.max(0, across - depth - gap);
  const strip = isBelow
    ? { x: 0, y: area.height - depth, width: area.width, height: depth }
    : { x: area.width - depth, y: 0, width: depth, height: area.height };
  return {
    main: fitInto({ ...area, ...(isBelow ? { height: rest } : { width: rest }) }, aspectRatio),
    ...spread,
    tiles: inRows(here, isBelow ? here : 1, tile, gap, strip),
  };
}

/** Spreads tiles evenly over as few pages as will do. @param most tiles that a page can hold, 1 or more */
function paged(count: number, most: number, wanted: number) {
  const pages = Math.ceil(count / most);
  const perPage = Math.ceil(count / pages);
  // Spread evenly, they may need a page less than they were counted for: 5 on pages of 2 are 2 + 2 + 1, never 2 + 2 + 1 + 0.
  const last = Math.ceil(count / perPage) - 1;
  const page = Math.max(0, Math.min(Math.trunc(wanted) || 0, last));
  const first = page * perPage;
  return { perPage, here: Math.min(perPage, count - first), page: { first, page, pages: last + 1 } };
}

/** Rows from the top, the whole in the middle of the area, and so is a row that is not full. */
function inRows(count: number, columns: number, tile: Size, gap: number, area: Rect): Rect[] {
  const rows = Math.ceil(count / columns);
  const top = area.y + (area.height - lengthOf(rows, tile.height, gap)) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const left = area.x + (area.width - lengthOf(inRow, tile.width, gap)) / 2;
    return {
      x: left + (index % columns) * (tile.width + gap),
      y: top + row * (tile.height + gap),
      ...tile,
    };
  });
}

/** What each of some things gets of a length, with gaps between them; 0 when the gaps take it all. */
const share = (length: number, parts: number, gap: number) =>
  Math.max(0, (length - gap * (parts - 1)) / parts);

const lengthOf = (parts: number, size: number, gap: number) => parts * size + (parts - 1) * gap;
