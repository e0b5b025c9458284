import { expect, test } from 'vitest';
import { dbfs, LevelMeter, peak, rms, tonesIn } from './levels.ts';

const sine = (amplitude: number, length = 4800) =>
  Float32Array.from({ length }, (_, index) => amplitude * Math.sin((2 * Math.PI * index) / 48));

test.each([
  ['a full-scale sine', sine(1), -3.01, 0],
  ['a sine with an RMS of 0.1', sine(0.1 * Math.SQRT2), -20, -16.99],
  ['a square wave, whose RMS is its peak', Float32Array.from([0.25, -0.25, 0.25, -0.25]), -12.04, -12.04],
])('%s', (_, samples, rmsDb, peakDb) => {
  expect(dbfs(rms(samples))).toBeCloseTo(rmsDb, 2);
  expect(dbfs(peak(samples))).toBeCloseTo(peakDb, 2);
});

test('silence, and no samples at all, are −Infinity and never NaN', () => {
  expect(dbfs(rms(new Float32Array(100)))).toBe(-Infinity);
  expect(dbfs(rms([]))).toBe(-Infinity);
});

test('the slow needle follows the instant one, and what reaches full scale is counted as clipped', () => {
  const meter = new LevelMeter();
  meter.take(sine(0.5));
  expect(meter.slow).toBeLessThan(meter.instant / 10);
  for (let turn = 0; turn < 100; turn++) meter.take(sine(0.5));
  expect(meter.slow / meter.instant).toBeCloseTo(1, 1);
  expect(meter.clip).toBe(0);
  meter.take([1, -1, 0, 0]);
  expect(meter.clip).toBe(0.5);
});

test('tones are found where they stand out, loudest first, also between two bins', () => {
  const levels = new Float32Array(512).fill(-100);
  const put = (bin: number, db: number) => levels.set([db - 6, db, db - 6], bin - 1);
  put(100, -30);
  put(40, -20);
  levels.set([-39.5, -39.5], 200);
  expect(tonesIn(levels, 1024).map(({ frequencyHz }) => Math.round(frequencyHz * 2) / 2)).toEqual([
    40, 100, 200.5,
  ]);
  expect(tonesIn(new Float32Array(512).fill(-Infinity), 1024)).toEqual([]);
});
