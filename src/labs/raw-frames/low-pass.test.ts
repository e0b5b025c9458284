import { expect, test } from 'vitest';
import { dbfs, rms } from '../../rtc/media/levels.ts';
import { LowPass } from './low-pass.ts';

const RATE = 48_000;
const sine = (hz: number) =>
  Float32Array.from({ length: RATE }, (_, index) => Math.sin((2 * Math.PI * hz * index) / RATE));

/** What is left of a tone, dB, when the filter has settled. */
function leftOf(hz: number, pieces: number): number {
  const samples = sine(hz);
  const filter = new LowPass(500);
  const size = RATE / pieces;
  for (let at = 0; at < RATE; at += size) filter.filter(samples.subarray(at, at + size), 0, RATE);
  return dbfs(rms(samples.subarray(RATE / 2))) - dbfs(Math.SQRT1_2);
}

test.each([
  [50, 0],
  [500, -3],
  [4_000, -18],
])('a tone of %d Hz is left with %d dB', (hz, wantedDb) => {
  expect(Math.abs(leftOf(hz, 1) - wantedDb)).toBeLessThan(1);
});

test('a sound that comes in blocks is filtered as one, and channels do not mix', () => {
  expect(leftOf(440, 100)).toBeCloseTo(leftOf(440, 1), 3);
  const filter = new LowPass(500);
  filter.filter(new Float32Array(100).fill(1), 0, RATE);
  const other = new Float32Array(100);
  filter.filter(other, 1, RATE);
  expect(other.every((sample) => sample === 0)).toBe(true);
});
