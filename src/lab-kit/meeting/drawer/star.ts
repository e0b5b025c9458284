import type { Point } from './drawing.ts';

/** Where everybody stands around a server. */
export interface Star {
  readonly heightPx: number;
  readonly server: Point;
  /** Below, in the middle. */
  readonly self: Point;
  /** The others, from the left around the top to the right. */
  readonly others: readonly Point[];
}

/** Room for a name and two lines of figures at each side, in pixels. */
const SIDE_PX = 64;
const TOP_PX = 40;
/** Below the lowest node: its name and its figures. */
const BELOW_PX = 84;
/** From the middle of a node to the next one above it, at least. */
const ROW_PX = 96;

/**
 * Everybody in a ring around the server, ourselves below.
 *
 * @param count   how many others there are
 * @param widthPx room across, 240 or more
 */
export function star(count: number, widthPx: number): Star {
  const middle = widthPx / 2;
  const acrossPx = Math.max(40, Math.min(middle - SIDE_PX, 320));
  const upPx = Math.max(110, Math.min(320, (Math.ceil((count + 1) / 2) * ROW_PX) / 2));
  const at = (turn: number): Point => ({
    // 0 is below, and it goes round by the left.
    x: middle - acrossPx * Math.sin(turn),
    y: TOP_PX + upPx + upPx * Math.cos(turn),
  });
  const step = (2 * Math.PI) / (count + 1);
  return {
    heightPx: TOP_PX + 2 * upPx + BELOW_PX,
    server: { x: middle, y: TOP_PX + upPx },
    self: at(0),
    others: Array.from({ length: count }, (_, index) => at(step * (index + 1))),
  };
}

/** The two ends of a line between a node and the server, beside the straight one and short of both. */
export function beside(
  from: Point,
  to: Point,
  { offsetPx, fromPx, toPx }: { readonly offsetPx: number; readonly fromPx: number; readonly toPx: number },
): readonly [Point, Point] {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const move = ({ x, y }: Point, along: number): Point => ({
    x: x + dx * along - dy * offsetPx,
    y: y + dy * along + dx * offsetPx,
  });
  return [move(from, fromPx), move(to, -toPx)];
}
