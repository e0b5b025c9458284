import { expect, test } from 'vitest';
import { readAnswer } from './solution.ts';
import { vectors } from './vectors.ts';

test('there are twenty, of both families, others each time, and the solution reads them', () => {
  const list = vectors(Math.random);
  expect(list).toHaveLength(20);
  expect(list.filter(({ address }) => address.includes(':')).length).toBeGreaterThan(3);
  expect(list.slice(2)).not.toEqual(vectors(Math.random).slice(2));
  for (const { message, address, port } of list) expect(readAnswer(message)).toEqual({ address, port });
});

test('the first is that of RFC 5769', () => {
  const [first] = vectors(() => 0.5);
  expect(Buffer.from(first!.message.subarray(-8)).toString('hex')).toBe('0001a147e112a643');
});
