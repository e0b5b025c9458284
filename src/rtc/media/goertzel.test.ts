import { expect, test } from 'vitest';
import { toneDb } from './goertzel.ts';

const rateHz = 48_000;
const tones = (...parts: [hz: number, amplitude: number][]) =>
  Float32Array.from({ length: rateHz }, (_, index) =>
    parts.reduce(
      (sum, [hz, amplitude]) => sum + amplitude * Math.sin((2 * Math.PI * hz * index) / rateHz),
      0,
    ),
  );

test('a tone is as loud as it was made, beside others, and what is not there is far below', () => {
  const samples = tones([440, 0.1], [554.37, 0.1], [659.26, 0.01]);
  expect(toneDb(samples, rateHz, 440)).toBeCloseTo(-20, 0);
  expect(toneDb(samples, rateHz, 554.37)).toBeCloseTo(-20, 0);
  expect(toneDb(samples, rateHz, 659.26)).toBeCloseTo(-40, 0);
  expect(toneDb(samples, rateHz, 900)).toBeLessThan(-70);
});

test('one that lasts half of the time is about 6 dB quieter; of nothing there is nothing', () => {
  const half = tones([440, 0.1]);
  half.fill(0, rateHz / 2);
  expect(Math.round(toneDb(half, rateHz, 440) / 3)).toBe(-8); // to a block's length

  expect(toneDb(new Float32Array(0), rateHz, 440)).toBe(-Infinity);
  expect(toneDb(new Float32Array(rateHz), rateHz, 440)).toBe(-Infinity);
});
