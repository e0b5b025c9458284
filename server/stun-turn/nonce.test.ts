import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Nonces } from './nonce.ts';

test('a nonce is fresh for its address, for its time, at its server', () => {
  const nonces = new Nonces(1_000);
  const nonce = nonces.issue('192.0.2.1', 5_000);
  expect(nonces.isFresh(nonce, '192.0.2.1', 6_000)).toBe(true);
  expect(nonces.isFresh(nonce, '192.0.2.1', 6_001)).toBe(false);
  expect(nonces.isFresh(nonce, '192.0.2.1', 4_999)).toBe(false);
  expect(nonces.isFresh(nonce, '192.0.2.2', 5_000)).toBe(false);
  expect(new Nonces(1_000).isFresh(nonce, '192.0.2.1', 5_000)).toBe(false);
  fc.assert(fc.property(fc.string(), (any) => !nonces.isFresh(any, '192.0.2.1', 5_000)));
});
