import { expect, test } from 'vitest';
import { costOf } from './cost.ts';
import { StrainGauge } from './strain.ts';

const limits = { encodeShare: 0.5, upstreamBps: 1_000 };
/** Two links, each with half of it. */
const cost = (encodeShare: number, upstreamBps = 0) =>
  costOf([1, 2].map(() => ({ encodeShare: encodeShare / 2, upstreamBps: upstreamBps / 2 })));

test('a mesh is too much when it has been for five seconds, and says so once', () => {
  const gauge = new StrainGauge(limits);
  expect(gauge.take(cost(0.6), 0)).toBeUndefined();
  expect(gauge.take(cost(0.6), 4_999)).toBeUndefined();
  expect(gauge.take(cost(0.6), 5_000)).toEqual({ links: 2, encodeShare: 0.6, upstreamBps: 0 });
  expect(gauge.take(cost(0.6), 6_000)).toBeUndefined();
  expect(gauge.take(cost(0.6), 35_000)).toBeDefined();
});

test('a moment of ease begins it anew; either limit counts, and nothing measured is no strain', () => {
  const gauge = new StrainGauge(limits);
  gauge.take(cost(0.6), 0);
  gauge.take(cost(0.4), 3_000);
  expect(gauge.take(cost(0.6), 6_000)).toBeUndefined();
  expect(gauge.take(cost(0, 1_001), 11_000)).toMatchObject({ upstreamBps: 1_001 });
  expect(new StrainGauge({ encodeShare: -1, upstreamBps: 0 }).take(costOf([{}]), 9_000)).toBeUndefined();
});
