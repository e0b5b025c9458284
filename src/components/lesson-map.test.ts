import { expect, test } from 'vitest';
import { drawMap } from './lesson-map.ts';

test('an arrow leads from each lesson to what builds on it; what does not exist has none', () => {
  const { arrows, width, height } = drawMap([
    [{ number: '0.1', needs: [] }],
    [
      { number: '2.1', needs: ['0.1'] },
      { number: '2.9', needs: ['2.1', '2.8'] },
    ],
  ]);
  expect(arrows.map(({ from, to }) => `${from} ${to}`)).toEqual(['0.1 2.1', '2.1 2.9']);
  expect([width, height]).toEqual([36 + 208 + 64 + 208, 44 + 64 + 12 + 64]);
  // From the right edge of the one box to the left edge of the other.
  expect(arrows[0]?.line).toMatch(/^M244 76 C.* 307 76$/);
  expect(arrows[1]?.line).toMatch(/^M308 76 C.* 307 146$/);
});

test('an arrow past a column runs between two rows', () => {
  const { arrows } = drawMap([
    [{ number: '0.1', needs: [] }],
    [{ number: '1.1', needs: [] }],
    [{ number: '2.1', needs: ['0.1'] }],
  ]);
  // The first box ends at 108, the next one would begin at 120.
  expect(arrows[0]?.line).toContain('308 114 L516 114');
});

test('a map of nothing is empty', () => {
  expect(drawMap([])).toMatchObject({ arrows: [] });
});
