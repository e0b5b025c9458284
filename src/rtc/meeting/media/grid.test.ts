import { describe, expect, test } from 'vitest';
import { arrange, fitGrid, layouts, type Rect } from './grid.ts';

/** A pseudo-random number from 0 to 1 (mulberry32), the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const HAIR = 1e-6;
const overlap = (a: Rect, b: Rect) =>
  a.x + a.width > b.x + HAIR &&
  b.x + b.width > a.x + HAIR &&
  a.y + a.height > b.y + HAIR &&
  b.y + b.height > a.y + HAIR;

describe('whatever the number, the area and the layout', () => {
  const next = random(6);
  const cases = Array.from({ length: 100 }, () => ({
    layout: layouts[Math.floor(next() * 3)]!,
    count: 1 + Math.floor(next() * 40),
    area: { width: 200 + next() * 2000, height: 120 + next() * 1200 },
  }));

  test('tiles do not overlap, stand inside the area, have the ratio, and are each on one page', () => {
    for (const { layout, count, area } of cases) {
      const { pages } = arrange(layout, count, area);
      const seen: number[] = [];
      for (let page = 0; page < pages; page++) {
        const { main, tiles, first } = arrange(layout, count, area, { page });
        seen.push(...tiles.map((_, index) => first + index));
        expect(tiles.length).toBeGreaterThan(count === 1 && main ? -1 : 0);
        const rects = main ? [main, ...tiles] : tiles;
        expect(main === null).toBe(layout === 'grid');
        for (const [index, rect] of rects.entries()) {
          expect(rect.x).toBeGreaterThanOrEqual(-HAIR);
          expect(rect.y).toBeGreaterThanOrEqual(-HAIR);
          expect(rect.x + rect.width).toBeLessThanOrEqual(area.width + HAIR);
          expect(rect.y + rect.height).toBeLessThanOrEqual(area.height + HAIR);
          expect(rect.width / rect.height).toBeCloseTo(16 / 9);
          for (const other of rects.slice(index + 1)) expect(overlap(rect, other)).toBe(false);
        }
        if (main) for (const tile of tiles) expect(main.width).toBeGreaterThanOrEqual(tile.width - HAIR);
      }
      expect(seen).toEqual(
        Array.from({ length: layout === 'grid' ? count : count - 1 }, (_, index) => index),
      );
    }
  });

  test('no other rows and columns have larger tiles', () => {
    for (const { count, area } of cases) {
      const { tile } = fitGrid(count, area);
      for (let rows = 1; rows <= count; rows++)
        for (let columns = 1; columns <= count; columns++) {
          if (rows * columns < count) continue;
          const width = (area.width - 8 * (columns - 1)) / columns;
          const height = (area.height - 8 * (rows - 1)) / rows;
          expect(Math.min(width, (height * 16) / 9)).toBeLessThanOrEqual(tile.width + HAIR);
        }
    }
  });

  test('tiles are not narrower than the least width where one of that width fits', () => {
    for (const { count, area } of cases) {
      const [tile] = arrange('grid', count, area).tiles;
      const one = fitGrid(1, area).tile.width;
      expect(tile!.width).toBeGreaterThanOrEqual(Math.min(160, one) - HAIR);
    }
  });
});

test.each([
  [1, 1, 1],
  [2, 1, 2],
  [4, 2, 2],
  [6, 2, 3],
  [9, 3, 3],
])('%i tiles on a wide screen stand in %i rows and %i columns', (count, rows, columns) => {
  expect(fitGrid(count, { width: 1440, height: 700 })).toMatchObject({ rows, columns });
});

test('on a phone they stand below each other', () => {
  expect(fitGrid(3, { width: 390, height: 700 })).toMatchObject({ rows: 3, columns: 1 });
});

test('many are spread evenly over pages, and a page beyond the last is the last', () => {
  const small = { width: 340, height: 200 };
  const { pages, tiles } = arrange('grid', 5, small);
  expect([pages, tiles.length]).toEqual([2, 3]);
  expect(arrange('grid', 5, small, { page: 99 })).toMatchObject({ page: 1, first: 3, pages: 2 });
  expect(arrange('grid', 5, small, { page: -1 }).page).toBe(0);
});

test('a row that is not full stands in the middle', () => {
  const area = { width: 1440, height: 820 };
  const { tiles } = arrange('grid', 3, area);
  expect(tiles[2]!.x + tiles[2]!.width / 2).toBeCloseTo(area.width / 2);
});

test('nobody, and no room, are no trouble', () => {
  expect(arrange('speaker', 0, { width: 100, height: 100 })).toMatchObject({
    main: null,
    tiles: [],
    pages: 1,
  });
  for (const layout of layouts)
    for (const { width, height } of arrange(layout, 9, { width: 0, height: 0 }).tiles)
      expect([width, height]).toEqual([0, 0]);
});
