import { expect, test } from 'vitest';
import { Impairment } from '../../../protocol/impairment.ts';
import { directionsOf, queueSlider, sliders, stopOf, wireOf, wirePresets, withWire } from './wire.ts';

const plan = { seed: 1, rules: [] };
const [there, back] = directionsOf(['alice', 'bob']) as [
  { from: string; to: string },
  { from: string; to: string },
];

test('each pair has two directions', () => {
  expect(directionsOf(['alice', 'bob', 'carol', 'dave']).map(({ from, to }) => `${from}→${to}`)).toEqual([
    'alice→bob',
    'bob→alice',
    'carol→dave',
    'dave→carol',
  ]);
  expect(directionsOf(['alice'])).toEqual([]);
});

test('a direction is set by itself, and what does nothing is left out of the plan', () => {
  const one = withWire(plan, [there], { lossPct: 5, delayMs: 0, queueMs: 500 });
  expect(one.wire).toEqual([{ ...there, lossPct: 5 }]);
  const both = withWire(one, [back], { rateKbps: 300, queueMs: 500 });
  expect(wireOf(both, back)).toEqual({ rateKbps: 300, queueMs: 500 });
  expect(wireOf(both, there)).toEqual({ lossPct: 5 });
  expect(withWire(both, [there, back], { lossPct: 0 })).toEqual(plan);
});

test('every stop and every preset is something that the server takes', () => {
  for (const { name, stops } of [...sliders, queueSlider])
    for (const stop of stops)
      if (stop > 0) expect(Impairment.safeParse({ [name]: stop }).error).toBeUndefined();
  for (const { impairment } of wirePresets) expect(Impairment.safeParse(impairment).error).toBeUndefined();
});

test('a value between two stops stands at the nearer one', () => {
  const [loss] = sliders;
  expect(loss!.stops[stopOf(loss!, 4.2)]).toBe(5);
  expect(loss!.stops[stopOf(loss!, 99)]).toBe(100);
});
