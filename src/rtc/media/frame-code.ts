/**
 * A frame number and a clock, written into the picture itself as black and white cells, and read back from pixels.
 *
 * A counter in the statistics says that a decoder ran. This one says which picture came out, whose it was and how
 * long it was on its way. The cells are proportional to the picture, so that it can be scaled; they are large enough
 * for a low bitrate; a check sum tells a readable strip from a smeared one.
 *
 * The strip fills the bottom of the picture: 3 rows of 32 cells. Most significant bit first, row by row:
 * 4 reference cells (white, black, white, black) · 24 frame · 27 clock · 25 peer · 16 check sum (CRC-16/CCITT).
 */
export interface FrameCode {
  /** Number of the frame, 0 … 2²⁴−1, then from 0 again (after six days at 30 frames a second). */
  readonly frame: number;
  /** When it was drawn, in milliseconds since midnight UTC, 0 … 86 399 999. See {@link clockNow}. */
  readonly clockMs: number;
  /** Whose picture it is, as {@link peerTag} shortens a name. Empty when it was not said. */
  readonly peer: string;
}

/** Pixels as `getImageData()` gives them: RGBA, 8 bit each, row by row. */
export type Pixels = Pick<ImageData, 'data' | 'width' | 'height'>;

const COLUMNS = 32;
const ROWS = 3;
/** The height of a row is the picture's height divided by this: square cells at 16:9. */
const ROWS_IN_PICTURE = 18;

const REFERENCE = [true, false, true, false] as const;
const FRAME_BITS = 24;
const CLOCK_BITS = 27;
const PEER_BITS = 25;
const CRC_BITS = 16;

/** Least difference of the references, 0 … 255, below which the strip is called unreadable. */
const MIN_CONTRAST = 48;

const DAY_MS = 86_400_000;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz12345';
const LETTERS = 5;

/** The share of the picture's height that the strip takes, at its bottom edge. */
export const STRIP_HEIGHT = ROWS / ROWS_IN_PICTURE;

/** The clock that goes into a picture: comparable between tabs of one computer, and finer than `Date.now()`. */
export function clockNow(): number {
  return Math.floor(performance.timeOrigin + performance.now()) % DAY_MS;
}

/** How old a picture is, in milliseconds; right across midnight. Negative when the clocks of two computers differ. */
export function ageMs(code: FrameCode, nowMs: number = clockNow()): number {
  const difference = nowMs - code.clockMs;
  if (difference < -DAY_MS / 2) return difference + DAY_MS;
  return difference > DAY_MS / 2 ? difference - DAY_MS : difference;
}

/** A peer's name as the strip can hold it: its first five characters out of a–z and 1–5; for 6–9 stand the letters f–i. */
export function peerTag(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[6-9]/g, (digit) => 'fghi'[Number(digit) - 6]!)
    .replaceAll(/[^a-z1-5]/g, '')
    .slice(0, LETTERS);
}

/**
 * The cells of a code; `true` is white.
 *
 * @throws {RangeError} when the frame or the clock is not an integer in its range
 */
export function encodeFrameCode({ frame, clockMs, peer }: FrameCode): boolean[] {
  if (!isIndex(frame, 2 ** FRAME_BITS)) throw new RangeError(`frame ${frame} is not in 0 … 2²⁴−1`);
  if (!isIndex(clockMs, DAY_MS)) throw new RangeError(`clockMs ${clockMs} is not within a day`);
  const payload = [
    ...toBits(frame, FRAME_BITS),
    ...toBits(clockMs, CLOCK_BITS),
    ...toBits(tagToNumber(peer), PEER_BITS),
  ];
  return [...REFERENCE, ...payload, ...toBits(crc16(payload), CRC_BITS)];
}

/** Paints the strip over the bottom of a picture. */
export function drawFrameCode(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  code: FrameCode,
): void {
  const { width, height } = context.canvas;
  const cellWidth = width / COLUMNS;
  const cellHeight = height / ROWS_IN_PICTURE;
  const top = height * (1 - STRIP_HEIGHT);
  context.fillStyle = '#000';
  context.fillRect(0, top, width, height - top);
  context.fillStyle = '#fff';
  // One path for all white cells: one fill instead of up to 96.
  context.beginPath();
  for (const [index, white] of encodeFrameCode(code).entries()) {
    if (!white) continue;
    const row = Math.floor(index / COLUMNS);
    context.rect((index % COLUMNS) * cellWidth, top + row * cellHeight, cellWidth, cellHeight);
  }
  context.fill();
}

/**
 * Reads the strip at the bottom of a picture.
 *
 * @param picture the whole picture; any size from 160 × 90 pixels up
 * @returns `undefined` when there is no strip, or when it is too damaged to be trusted
 */
export function decodeFrameCode(picture: Pixels): FrameCode | undefined {
  return decodeStrip(picture, picture.height * (1 - STRIP_HEIGHT), picture.height / ROWS_IN_PICTURE);
}

/**
 * Reads the strip from anything that can be drawn: a `<video>` that plays, a canvas, a `VideoFrame`.
 *
 * @returns `undefined` when nothing is shown yet, there is no strip, or it is too damaged to be trusted
 * @throws {DOMException} `SecurityError` when the picture comes from another origin
 */
export function readFrameCode(source: CanvasImageSource | Pixels): FrameCode | undefined {
  if ('data' in source) return decodeFrameCode(source);
  const { width, height } = sizeOf(source);
  const stripHeight = Math.round(height * STRIP_HEIGHT);
  if (width < COLUMNS || stripHeight < ROWS) return undefined;
  const context = scratch(width, stripHeight);
  context.drawImage(source, 0, height - stripHeight, width, stripHeight, 0, 0, width, stripHeight);
  return decodeStrip(context.getImageData(0, 0, width, stripHeight), 0, stripHeight / ROWS);
}

function decodeStrip(pixels: Pixels, top: number, cellHeight: number): FrameCode | undefined {
  const cellWidth = pixels.width / COLUMNS;
  const brightness: number[] = [];
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++)
      brightness.push(meanInside(pixels, column * cellWidth, top + row * cellHeight, cellWidth, cellHeight));

  // The references say what black and white have become on the way (limited range, a dimmed screen).
  const [white1 = 0, black1 = 0, white2 = 0, black2 = 0] = brightness;
  const white = (white1 + white2) / 2;
  const black = (black1 + black2) / 2;
  if (white - black < MIN_CONTRAST) return undefined;
  const bits = brightness.slice(REFERENCE.length).map((value) => value > (white + black) / 2);

  const payload = bits.slice(0, -CRC_BITS);
  if (fromBits(bits.slice(-CRC_BITS)) !== crc16(payload)) return undefined;
  const frame = fromBits(payload.slice(0, FRAME_BITS));
  const clockMs = fromBits(payload.slice(FRAME_BITS, FRAME_BITS + CLOCK_BITS));
  return { frame, clockMs, peer: numberToTag(fromBits(payload.slice(FRAME_BITS + CLOCK_BITS))) };
}

/** Mean brightness of the middle of a cell; its edges are where a codec smears. */
function meanInside(
  { data, width, height }: Pixels,
  left: number,
  top: number,
  cellWidth: number,
  cellHeight: number,
) {
  const across = middle(left, cellWidth, width);
  const down = middle(top, cellHeight, height);
  let sum = 0;
  for (let y = down.first; y < down.end; y++)
    for (let x = across.first; x < across.end; x++) {
      const at = (y * width + x) * 4;
      sum += (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
    }
  return sum / 3 / ((across.end - across.first) * (down.end - down.first));
}

/** The pixels from 30 % to 70 % of a cell, at least one. */
function middle(start: number, size: number, limit: number): { first: number; end: number } {
  const first = Math.min(Math.floor(start + size * 0.3), limit - 1);
  return { first, end: Math.min(Math.max(Math.ceil(start + size * 0.7), first + 1), limit) };
}

let canvas: OffscreenCanvas | undefined;

/** One canvas for all readers: it is written and read in one go. */
function scratch(width: number, height: number): OffscreenCanvasRenderingContext2D {
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // Kept in main memory: reading back from a GPU costs more than the drawing.
  return canvas.getContext('2d', { willReadFrequently: true })!;
}

function sizeOf(source: CanvasImageSource): { width: number; height: number } {
  if ('videoWidth' in source) return { width: source.videoWidth, height: source.videoHeight };
  if ('displayWidth' in source) return { width: source.displayWidth, height: source.displayHeight };
  if ('naturalWidth' in source) return { width: source.naturalWidth, height: source.naturalHeight };
  const { width, height } = source;
  if (typeof width === 'number' && typeof height === 'number') return { width, height };
  return { width: 0, height: 0 }; // an SVG image has no pixels of its own
}

const isIndex = (value: number, end: number) => Number.isInteger(value) && value >= 0 && value < end;

function toBits(value: number, count: number): boolean[] {
  return Array.from({ length: count }, (_, index) => ((value >>> (count - 1 - index)) & 1) === 1);
}

function fromBits(bits: readonly boolean[]): number {
  return bits.reduce((value, bit) => value * 2 + Number(bit), 0);
}

/** Five characters of 5 bits each, 0 for none. */
function tagToNumber(name: string): number {
  const tag = peerTag(name);
  let value = 0;
  for (let index = 0; index < LETTERS; index++) value = value * 32 + ALPHABET.indexOf(tag[index] ?? ' ') + 1;
  return value;
}

function numberToTag(value: number): string {
  return Array.from(
    { length: LETTERS },
    (_, index) => ALPHABET[((value >>> (5 * (LETTERS - 1 - index))) & 31) - 1],
  )
    .filter((letter) => letter !== undefined)
    .join('');
}

/** CRC-16/CCITT-FALSE over bits: polynomial x¹⁶ + x¹² + x⁵ + 1. It starts at all ones, so an all-black strip fails. */
function crc16(bits: readonly boolean[]): number {
  let crc = 0xffff;
  for (const bit of bits) {
    const out = (crc >>> 15) ^ Number(bit);
    crc = ((crc << 1) & 0xffff) ^ (out ? 0x1021 : 0);
  }
  return crc;
}
