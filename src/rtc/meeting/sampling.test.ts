import { expect, test } from 'vitest';
import { sampleIntervalMs } from './sampling.ts';

const settled = { isSettled: true, isInspected: false };
const HOUR_MS = 3_600_000;

test('a connection that is young, not up or looked at is sampled every second', () => {
  expect(sampleIntervalMs({ ...settled, ageMs: 59_000 })).toBe(1_000);
  expect(sampleIntervalMs({ ...settled, ageMs: HOUR_MS, isSettled: false })).toBe(1_000);
  expect(sampleIntervalMs({ ...settled, ageMs: HOUR_MS, isInspected: true })).toBe(1_000);
});

test('a call that goes well leaves some hundred samples in an hour, and few more in a day', () => {
  const samplesOf = (hours: number) => {
    let count = 0;
    for (let atMs = 0; atMs < hours * HOUR_MS; atMs += sampleIntervalMs({ ...settled, ageMs: atMs })) count++;
    return count;
  };
  expect(samplesOf(1)).toBeLessThan(700);
  expect(samplesOf(24)).toBeLessThan(1_900);
});
