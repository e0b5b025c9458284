import { expect, test } from 'vitest';
import { Budget } from './budget.ts';

const second = (budget: Budget, from: number, ...losses: number[]) => {
  for (const [index, lost] of losses.entries()) budget.report(lost, from + (index * 1_000) / losses.length);
  budget.report(0, from + 1_000);
};

test('the worst of all lines makes it less, and no loss makes it more again, slowly', () => {
  const budget = new Budget();
  const most = budget.bps;
  second(budget, 0, 0, 0.4, 0);
  expect(budget.bps).toBe(most * 0.8);
  second(budget, 1_000, 0.05);
  expect(budget.bps).toBe(most * 0.8);
  second(budget, 2_000, 0);
  expect(budget.bps).toBeGreaterThan(most * 0.8);
  expect(budget.bps).toBeLessThan(most * 0.9);
  for (let count = 3; count < 30; count++) second(budget, count * 1_000, 1);
  expect(budget.bps).toBe(200_000);
  for (let count = 30; count < 90; count++) second(budget, count * 1_000, 0);
  expect(budget.bps).toBe(most);
});
