import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

const calm = { lateSounds: 0, busy: 0.2, encoded: 15, given: 15 };

const after = (pace: Pace, seconds: number, seen: Parameters<Pace['second']>[0]) => {
  for (let second = 0; second < seconds; second++) pace.second(seen);
  return pace.framesPerSec;
};

test.each([
  ['sound that is late', { ...calm, lateSounds: 30 }],
  ['a thread without a pause', { ...calm, busy: 0.95 }],
  ['encoders that leave pictures out', { ...calm, encoded: 9 }],
])('makes fewer pictures after two seconds of %s', (_, seen) => {
  const pace = new Pace();
  expect(after(pace, 1, seen)).toBe(15);
  expect(after(pace, 1, seen)).toBe(12);
  expect(after(pace, 20, seen)).toBe(5);
});

test('one bad second changes nothing', () => {
  const pace = new Pace();
  for (let round = 0; round < 5; round++) {
    after(pace, 1, { ...calm, busy: 1 });
    expect(after(pace, 3, calm)).toBe(15);
  }
});

test('tries more again after some calm, and waits longer each time that fails', () => {
  const pace = new Pace();
  const strained = { ...calm, busy: 1 };
  expect(after(pace, 2, strained)).toBe(12);
  expect(after(pace, 9, calm)).toBe(12);
  expect(after(pace, 1, calm)).toBe(15);
  expect(after(pace, 2, strained)).toBe(12);
  expect(after(pace, 19, calm)).toBe(12);
  expect(after(pace, 1, calm)).toBe(15);
});
