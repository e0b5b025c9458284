import type { Rect, Size } from './layout.ts';

/**
 * A picture as decoders give it and encoders take it: I420, 8 bits a sample. All luma, then the two planes of colour with
 * a quarter of the samples each; odd sides are rounded up there.
 */
export interface Picture extends Size {
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface Colour {
  /** 16 … 235 */
  readonly y: number;
  /** 16 … 240, 128 is grey */
  readonly u: number;
  readonly v: number;
}

const GROUND: Colour = { y: 24, u: 128, v: 128 };
const CELL: Colour = { y: 48, u: 130, v: 127 };
const FIGURE = 96;
/** Between cells, so that two dark ones can be told apart. */
const GAP = 2;

interface Plane {
  readonly offset: number;
  readonly width: number;
  readonly height: number;
}

export function planesOf({ width, height }: Size): readonly [Plane, Plane, Plane] {
  const half = { width: (width + 1) >> 1, height: (height + 1) >> 1 };
  const luma = width * height;
  const chroma = half.width * half.height;
  return [
    { offset: 0, width, height },
    { offset: luma, ...half },
    { offset: luma + chroma, ...half },
  ];
}

export const bytesOf = (size: Size): number => {
  const [, , { offset, width, height }] = planesOf(size);
  return offset + width * height;
};

/** The composed picture. What is drawn stays until something else is drawn over it. */
export class Canvas implements Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly #planes: readonly [Plane, Plane, Plane];

  /** @param size both even */
  constructor(size: Size) {
    this.width = size.width;
    this.height = size.height;
    this.data = new Uint8Array(bytesOf(size));
    this.#planes = planesOf(size);
    this.clear();
  }

  clear(): void {
    this.paint({ x: 0, y: 0, width: this.width, height: this.height }, GROUND);
  }

  /** @param rect even, inside the picture */
  paint(rect: Rect, { y, u, v }: Colour): void {
    for (const [index, value] of [y, u, v].entries()) {
      const { plane, area } = this.#part(rect, index);
      for (let row = 0; row < area.height; row++) {
        const start = plane.offset + (area.y + row) * plane.width + area.x;
        this.data.fill(value, start, start + area.width);
      }
    }
  }

  /** Somebody without a camera: head and shoulders. */
  drawNobody(cell: Rect): void {
    const rect = inset(cell);
    this.paint(rect, CELL);
    const unit = Math.min(rect.width, rect.height);
    const middle = rect.x + rect.width / 2;
    const top = rect.y + rect.height / 2;
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) {
        const across = (x + 0.5 - middle) / unit;
        const down = (y + 0.5 - top) / unit;
        const isHead = across ** 2 + (down + 0.12) ** 2 < 0.13 ** 2;
        const isShoulders = down < 0.34 && (across / 0.27) ** 2 + ((down - 0.34) / 0.26) ** 2 < 1;
        if (isHead || isShoulders) this.data[y * this.width + x] = FIGURE;
      }
    }
  }

  /**
   * Draws a picture, scaled, with its aspect ratio kept.
   *
   * @param fit `cover`: the cell is full, what does not fit is cut off evenly; `contain`: all of it is seen
   */
  draw(picture: Picture, cell: Rect, fit: 'cover' | 'contain'): void {
    const within = inset(cell);
    const { from, to } = fitted(picture, within, fit);
    if (to.width !== within.width || to.height !== within.height) this.paint(within, GROUND);
    for (const index of [0, 1, 2] as const) {
      const { plane, area } = this.#part(to, index);
      const source = planesOf(picture)[index];
      const half = index === 0 ? 1 : 2;
      const columns = taps(from.x / half, from.width / half, area.width, source.width);
      const rows = taps(from.y / half, from.height / half, area.height, source.height);
      scale(picture.data, source, columns, rows, this.data, plane, area);
    }
  }

  #part(rect: Rect, index: number): { plane: Plane; area: Rect } {
    const plane = this.#planes[index]!;
    if (index === 0) return { plane, area: rect };
    const area = { x: rect.x / 2, y: rect.y / 2, width: rect.width / 2, height: rect.height / 2 };
    return { plane, area };
  }
}

const inset = ({ x, y, width, height }: Rect): Rect =>
  width <= 4 * GAP || height <= 4 * GAP
    ? { x, y, width, height }
    : { x: x + GAP, y: y + GAP, width: width - 2 * GAP, height: height - 2 * GAP };

/** Which part of a picture goes to which part of its cell. */
function fitted(size: Size, cell: Rect, fit: 'cover' | 'contain'): { from: Rect; to: Rect } {
  const [x, y] = [cell.width / size.width, cell.height / size.height];
  if (fit === 'cover') {
    const by = Math.max(x, y);
    const [width, height] = [cell.width / by, cell.height / by];
    return { from: { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height }, to: cell };
  }
  const by = Math.min(x, y);
  const width = Math.max(2, 2 * Math.floor((size.width * by) / 2));
  const height = Math.max(2, 2 * Math.floor((size.height * by) / 2));
  const left = 2 * Math.floor((cell.width - width) / 4);
  const top = 2 * Math.floor((cell.height - height) / 4);
  return {
    from: { x: 0, y: 0, width: size.width, height: size.height },
    to: { x: cell.x + left, y: cell.y + top, width, height },
  };
}

/** For each sample that is made, the two that it is made of in this direction: a quarter and three quarters of its way in. */
function taps(start: number, length: number, count: number, limit: number): Int32Array {
  const found = new Int32Array(2 * count);
  const step = length / count;
  for (let index = 0; index < count; index++) {
    for (const part of [0, 1]) {
      const at = Math.floor(start + (index + 0.25 + part / 2) * step);
      found[2 * index + part] = Math.min(Math.max(at, 0), limit - 1);
    }
  }
  return found;
}

/** Each sample is the mean of four: enough against flicker down to a quarter of the size, and cheap. */
function scale(
  source: Picture['data'],
  from: Plane,
  columns: Int32Array,
  rows: Int32Array,
  target: Uint8Array,
  to: Plane,
  area: Rect,
): void {
  for (let y = 0; y < area.height; y++) {
    const first = from.offset + rows[2 * y]! * from.width;
    const second = from.offset + rows[2 * y + 1]! * from.width;
    let out = to.offset + (area.y + y) * to.width + area.x;
    for (let x = 0; x < columns.length; x += 2) {
      const left = columns[x]!;
      const right = columns[x + 1]!;
      target[out++] =
        (source[first + left]! +
          source[first + right]! +
          source[second + left]! +
          source[second + right]! +
          2) >>
        2;
    }
  }
}
