import { expect, test } from 'vitest';
import { knobsOf, turn } from './knobs.ts';

test('ranges and lists become knobs; what cannot be turned does not', () => {
  expect(
    knobsOf({
      zoom: { min: 1, max: 5, step: 0.5 },
      pan: { min: 0, max: 0 },
      exposureMode: ['manual', 'continuous'],
      focusMode: ['manual'],
      width: { min: 1, max: 640 },
    }),
  ).toEqual([
    { name: 'zoom', min: 1, max: 5, step: 0.5 },
    { name: 'exposureMode', choices: ['manual', 'continuous'] },
  ]);
});

test('a value that the camera would set by itself comes with its mode', () => {
  expect(turn('exposureTime', 30)).toEqual({ exposureMode: 'manual', exposureTime: 30 });
  expect(turn('zoom', 2)).toEqual({ zoom: 2 });
});
