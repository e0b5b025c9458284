import { expect, test } from 'vitest';
import { layout } from './drawing.ts';

test.each([
  [0, 320],
  [1, 320],
  [3, 390],
  [8, 390],
  [8, 900],
])('%i others stand apart from each other, from us and from the edges in %i px', (count, widthPx) => {
  const { heightPx, server, self, others } = layout(count, widthPx);
  const all = [server, self, ...others];
  for (const [index, { x, y }] of all.entries()) {
    expect(x).toBeGreaterThanOrEqual(40);
    expect(x).toBeLessThanOrEqual(widthPx - 40);
    expect(y).toBeGreaterThan(20);
    expect(y).toBeLessThan(heightPx - 60);
    for (const other of all.slice(index + 1))
      expect(Math.hypot(x - other.x, y - other.y)).toBeGreaterThan(56);
  }
});
