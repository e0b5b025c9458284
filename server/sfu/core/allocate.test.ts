import { expect, test } from 'vitest';
import { allocate, type LayerState, type Wish } from './allocate.ts';

const layer = (bitsPerSec: number, width: number): LayerState => ({
  isSent: true,
  bitsPerSec,
  baseBitsPerSec: bitsPerSec / 2,
  width,
  height: (width * 9) / 16,
});
const layers = [layer(150_000, 320), layer(500_000, 640), layer(1_500_000, 1280)];
const silent = (one: LayerState): LayerState => ({ ...one, isSent: false });
const shown = (width: number, pinned = false) => ({ width, height: (width * 9) / 16, pinned });
const wish = (width: number, more: Partial<Wish> = {}): Wish => ({
  layers,
  isActive: true,
  shown: shown(width),
  current: null,
  ...more,
});
const chosen = (wishes: readonly Wish[], budgetBps = Infinity) =>
  allocate(wishes, budgetBps).map(({ layer, reason, isThinned }) => [
    layer,
    reason,
    ...(isThinned ? ['thinned'] : []),
  ]);

test('a tile is sent the lowest layer that fills it', () => {
  expect(chosen([wish(200), wish(400), wish(500), wish(800), wish(1_600)])).toEqual([
    [0, 'tile'],
    [0, 'tile'],
    [1, 'tile'],
    [1, 'tile'],
    [2, null],
  ]);
});

test('what is not shown or turned off is not sent', () => {
  const hidden = { shown: undefined };
  expect(
    chosen([wish(1, hidden), wish(400, { isActive: false }), wish(1, { ...hidden, isActive: false })]),
  ).toEqual([
    [null, 'not-shown'],
    [null, 'off'],
    [null, 'off'],
  ]);
});

test('sizes that are not known yet are guessed from the order', () => {
  const unknown = layers.map((one) => ({ ...one, width: null, height: null }));
  expect(chosen([wish(200, { layers: unknown }), wish(640, { layers: unknown })])).toEqual([
    [0, 'tile'],
    [1, 'tile'],
  ]);
});

test('in place of a layer that is not sent comes the next lower one, or a higher one', () => {
  const [low, middle, high] = layers as [LayerState, LayerState, LayerState];
  expect(chosen([wish(1_600, { layers: [low, middle, silent(high)] })])).toEqual([[1, 'not-sent']]);
  expect(chosen([wish(200, { layers: [silent(low), middle, high] })])).toEqual([[1, 'not-sent']]);
  expect(chosen([wish(200, { layers: layers.map(silent) })])).toEqual([[0, 'not-sent']]);
  expect(chosen([wish(200, { layers: [silent(high)] })])).toEqual([[0, null]]);
});

test('a thin line holds the lowest layers first, then more for what is pinned or large', () => {
  const pinned = wish(800, { shown: shown(800, true) });
  expect(chosen([wish(1_600), pinned], 900_000)).toEqual([
    [0, 'bandwidth'],
    [1, 'tile'],
  ]);
  expect(chosen([wish(400), wish(1_600)], 900_000)).toEqual([
    [0, 'tile'],
    [1, 'bandwidth'],
  ]);
});

test('where the lowest layer has no room, fewer of its pictures may, or none', () => {
  expect(chosen([wish(400), wish(300), wish(200)], 280_000)).toEqual([
    [0, 'tile'],
    [0, 'bandwidth', 'thinned'],
    [null, 'bandwidth'],
  ]);
  expect(chosen([wish(400)], -1)).toEqual([[null, 'bandwidth']]);
});

test('more than now must fit well, what is there may stay', () => {
  const budget = 1_550_000;
  expect(chosen([wish(1_600, { current: 1 })], budget)).toEqual([[1, 'bandwidth']]);
  expect(chosen([wish(1_600, { current: 2 })], budget)).toEqual([[2, null]]);
});
