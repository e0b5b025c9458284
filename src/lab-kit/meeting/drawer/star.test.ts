import { expect, test } from 'vitest';
import { beside, star } from './star.ts';

test.each([
  [0, 320],
  [3, 390],
  [8, 900],
])(
  '%i others stand around the server, apart from it, from each other and from the edges, in %i px',
  (count, widthPx) => {
    const { heightPx, server, self, others } = star(count, widthPx);
    const all = [server, self, ...others];
    for (const [index, { x, y }] of all.entries()) {
      expect(x).toBeGreaterThanOrEqual(30);
      expect(x).toBeLessThanOrEqual(widthPx - 30);
      expect(y).toBeGreaterThan(20);
      expect(y).toBeLessThan(heightPx - 60);
      for (const other of all.slice(index + 1))
        expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThan(56);
    }
  },
);

test('the line up and the line down stand beside each other and end before what they connect', () => {
  const options = { offsetPx: 7, fromPx: 20, toPx: 30 };
  const [a, b] = beside({ x: 0, y: 0 }, { x: 100, y: 0 }, options);
  expect([a, b]).toEqual([
    { x: 20, y: 7 },
    { x: 70, y: 7 },
  ]);
  const [c] = beside({ x: 100, y: 0 }, { x: 0, y: 0 }, options);
  expect(c).toEqual({ x: 80, y: -7 });
});
