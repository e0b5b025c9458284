import { expect, test } from 'vitest';
import { AddressLimit } from './address-limit.ts';

test('strangers are limited by address, in memory that does not grow', () => {
  const limit = new AddressLimit({ burst: 2, perSec: 10 }, 0);
  expect([1, 2, 3].map(() => limit.take('192.0.2.1', 0))).toEqual([true, true, false]);
  expect(limit.take('192.0.2.2', 0)).toBe(true);
  expect(limit.take('192.0.2.1', 100)).toBe(true);
  expect(limit.take('192.0.2.1', 100)).toBe(false);
  expect([1, 2, 3].map(() => limit.take('192.0.2.1', 60_000))).toEqual([true, true, false]);
});
