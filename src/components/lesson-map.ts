/** A lesson as the map draws it. */
export interface Node {
  readonly number: string;
  readonly needs: readonly string[];
}

/** An arrow from a lesson to one that builds on it, as paths of SVG. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly line: string;
  readonly head: string;
}

/** Sizes in units of 1/16 rem; the page's stylesheet has the same ones. */
const BOX = { width: 208, height: 64, gap: 12, top: 44 };
const COLUMN_GAP = 64;
const MARGIN = 36;

/**
 * The arrows of a map whose chapters stand side by side, the lessons of each below one another.
 * What a lesson needs and does not exist is left out.
 *
 * @returns the arrows, and the size of the whole in units of 1/16 rem
 */
export function drawMap(chapters: readonly (readonly Node[])[]): {
  arrows: Arrow[];
  width: number;
  height: number;
} {
  const places = new Map(
    chapters.flatMap((lessons, column) =>
      lessons.map(({ number }, row) => [
        number,
        {
          column,
          left: MARGIN + column * (BOX.width + COLUMN_GAP),
          middle: BOX.top + row * (BOX.height + BOX.gap) + BOX.height / 2,
        },
      ]),
    ),
  );
  const arrows = chapters.flat().flatMap(({ number, needs }) =>
    needs.flatMap((need, at) => {
      const [start, end] = [places.get(need), places.get(number)];
      if (!start || !end) return [];
      const y = end.middle + spread(at, needs.length);
      const tip = end.left - 1;
      const head = `M${tip - 7} ${y - 4.5} L${tip} ${y} L${tip - 7} ${y + 4.5}`;
      const bend = Math.min(30, 16 + Math.abs(end.middle - start.middle) / 24);
      const line =
        start.column === end.column
          ? `M${start.left} ${start.middle} C${start.left - bend} ${start.middle} ${tip - bend} ${y} ${tip} ${y}`
          : across(start, end.left, y);
      return [{ from: need, to: number, line, head }];
    }),
  );
  const rows = Math.max(0, ...chapters.map(({ length }) => length));
  return {
    arrows,
    width: MARGIN + chapters.length * (BOX.width + COLUMN_GAP) - COLUMN_GAP,
    height: BOX.top + rows * (BOX.height + BOX.gap) - BOX.gap,
  };
}

/** From one column to a later one. On its way past others it runs between two rows, behind no box. */
function across(start: { left: number; middle: number }, endLeft: number, y: number): string {
  const from = start.left + BOX.width;
  const tip = endLeft - 1;
  const begin = `M${from} ${start.middle}`;
  if (endLeft - from <= COLUMN_GAP)
    return `${begin} C${from + COLUMN_GAP} ${start.middle} ${tip - COLUMN_GAP} ${y} ${tip} ${y}`;
  const lane = start.middle + (BOX.height + BOX.gap) / 2;
  const [first, last] = [from + COLUMN_GAP, endLeft - COLUMN_GAP];
  const half = COLUMN_GAP / 2;
  return `${begin} C${from + half} ${start.middle} ${first - half} ${lane} ${first} ${lane} L${last} ${lane} C${last + half} ${lane} ${tip - half} ${y} ${tip} ${y}`;
}

/** Several arrows to one box do not end in one point. */
const spread = (at: number, count: number) => (at - (count - 1) / 2) * 12;
