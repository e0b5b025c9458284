import { expect, test } from 'vitest';
import { Line } from './line.ts';

test('an estimate that only lags behind what is sent is no limit', () => {
  const line = new Line();
  line.remb(300_000, 150_000, 0);
  line.remb(320_000, 1_500_000, 1_000);
  line.remb(300_000, 1_500_000, 2_000);
  expect(line.budgetBps(2_000)).toBe(Infinity);
});

test('a line is full when the estimate falls far below what is sent: for a while that is the limit', () => {
  const line = new Line();
  line.remb(2_000_000, 1_500_000, 0);
  line.remb(400_000, 1_500_000, 1_000);
  expect(line.budgetBps(1_000)).toBe(400_000);
  expect(line.budgetBps(2_900)).toBe(400_000);
  expect(line.budgetBps(4_000)).toBeGreaterThan(400_000);
  for (let nowMs = 4_000; nowMs < 60_000; nowMs += 200) line.budgetBps(nowMs);
  expect(line.budgetBps(60_000)).toBe(Infinity);
});

test('trying more in vain makes the next try wait longer', () => {
  const line = new Line();
  const waits: number[] = [];
  let nowMs = 0;
  for (let times = 0; times < 8; times++) {
    line.remb(1_000_000, 900_000, nowMs);
    line.remb(400_000, 900_000, nowMs);
    const fullMs = nowMs;
    while (line.budgetBps(nowMs) <= 400_000) nowMs += 100;
    waits.push(nowMs - fullMs);
  }
  expect(waits).toEqual([2_100, 4_100, 8_100, 16_100, 16_100, 16_100, 16_100, 16_100]);
});

test('two reports of much loss in a row mean the same, one does not', () => {
  const line = new Line();
  line.lost(0.5, 1_000_000, 0);
  line.lost(0.02, 1_000_000, 1_000);
  line.lost(0.5, 1_000_000, 2_000);
  expect(line.budgetBps(2_000)).toBe(Infinity);
  line.lost(0.4, 1_000_000, 3_000);
  expect(line.budgetBps(3_000)).toBe(600_000);
});
