import { expect, test } from 'vitest';
import { PeerId } from '../../../src/protocol/ids.ts';
import { cellsOf, layout } from './layout.ts';

const size = { width: 640, height: 360 };
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => PeerId.parse(String(index).padStart(22, 'a')));

test.each([1, 2, 3, 4, 5, 6, 9, 16])(
  'a grid of %d has cells inside the picture, even, none over another',
  (count) => {
    const places = layout(size, people(count));
    expect(places).toHaveLength(count);
    for (const { rect } of places) {
      expect([rect.x, rect.y, rect.width, rect.height].filter((side) => side % 2 !== 0)).toEqual([]);
      expect(rect.x + rect.width).toBeLessThanOrEqual(size.width);
      expect(rect.y + rect.height).toBeLessThanOrEqual(size.height);
    }
    const covered = new Set<number>();
    for (const { rect } of places)
      for (let y = rect.y; y < rect.y + rect.height; y += 2)
        for (let x = rect.x; x < rect.x + rect.width; x += 2) covered.add(y * size.width + x);
    const area = places.reduce((sum, { rect }) => sum + (rect.width * rect.height) / 4, 0);
    expect(covered.size).toBe(area);
  },
);

test('the last row of a grid stands in the middle', () => {
  const places = layout(size, people(3));
  expect(places.map(({ rect }) => rect)).toEqual([
    { x: 0, y: 0, width: 320, height: 180 },
    { x: 320, y: 0, width: 320, height: 180 },
    { x: 160, y: 180, width: 320, height: 180 },
  ]);
});

test('a screen takes the large place, and people stand beside it', () => {
  const [alice, bob] = people(2) as [PeerId, PeerId];
  const places = layout(size, [alice, bob], [bob]);
  expect(places[0]).toEqual({ peer: bob, source: 'screen', rect: { x: 0, y: 0, width: 480, height: 360 } });
  expect(places.slice(1).map(({ peer, source, rect }) => [peer, source, rect.x, rect.width])).toEqual([
    [alice, 'camera', 480, 160],
    [bob, 'camera', 480, 160],
  ]);
});

test('cells are told in parts of the picture', () => {
  const [alice] = people(1) as [PeerId];
  expect(cellsOf(size, layout(size, [alice], [alice]))).toEqual([
    { peer: alice, source: 'screen', x: 0, y: 0, width: 0.75, height: 1 },
    { peer: alice, source: 'camera', x: 0.75, y: 134 / 360, width: 0.25, height: 0.25 },
  ]);
});
