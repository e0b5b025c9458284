/** A point in the drawing, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everybody stands. */
export interface Layout {
  readonly heightPx: number;
  readonly server: Point;
  /** Below, in the middle. */
  readonly self: Point;
  /** The others, from the left around the top to the right. */
  readonly others: readonly Point[];
}

/** Room for a name and two lines of figures at each side, in pixels. */
const SIDE_PX = 76;
const SERVER_PX = 40;
/** From the middle of a node to the next one above it, at least. */
const ROW_PX = 96;

/**
 * Everybody in a ring, ourselves below, and the signaling server above the ring.
 *
 * @param count  how many others there are
 * @param widthPx room across, 240 or more
 */
export function layout(count: number, widthPx: number): Layout {
  const middle = widthPx / 2;
  const acrossPx = Math.max(40, Math.min(middle - SIDE_PX, 300));
  const upPx = Math.max(90, Math.min(220, (Math.ceil((count + 1) / 2) * ROW_PX) / 2));
  const top = SERVER_PX + 76;
  const at = (turn: number): Point => ({
    // 0 is below, and it goes round by the left.
    x: middle - acrossPx * Math.sin(turn),
    y: top + upPx + upPx * Math.cos(turn),
  });
  const step = (2 * Math.PI) / (count + 1);
  return {
    heightPx: top + 2 * upPx + 80,
    server: { x: middle, y: SERVER_PX },
    self: at(0),
    others: Array.from({ length: count }, (_, index) => at(step * (index + 1))),
  };
}
