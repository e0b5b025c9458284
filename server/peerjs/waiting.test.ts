import { expect, test } from 'vitest';
import { Waiting } from './waiting.ts';

const rules = {
  perSource: { messages: 3, sizeBytes: 100 },
  total: { messages: 5, sizeBytes: 150 },
  lifetimeMs: 5_000,
};

test('keeps what is for an absent peer, in order of arrival and whoever sent it', () => {
  const waiting = new Waiting(rules);
  waiting.put('alice', 'bob', '1', 0);
  waiting.put('carol', 'bob', '2', 0);
  waiting.put('alice', 'dave', '3', 0);
  waiting.put('alice', 'bob', '4', 0);
  expect(waiting.take('bob').map(({ src, text }) => `${src} ${text}`)).toEqual([
    'alice 1',
    'carol 2',
    'alice 4',
  ]);
  expect(waiting.take('bob')).toEqual([]);
  expect(waiting.take('dave')).toHaveLength(1);
});

test('one sender fills its own share, all together the whole; what is taken or forgotten makes room', () => {
  const waiting = new Waiting(rules);
  const put = (src: string, text = 'x') => waiting.put(src, 'nobody', text, 0);
  expect([1, 2, 3, 4].map(() => put('alice'))).toEqual([true, true, true, false]);
  expect(put('bob', 'é'.repeat(51))).toBe(false); // 102 bytes
  expect(put('bob', 'é'.repeat(50))).toBe(true);
  expect(put('carol', 'x'.repeat(50))).toBe(false);
  expect(put('carol')).toBe(true);
  expect(put('dave')).toBe(false);
  waiting.forget('alice');
  expect(put('dave')).toBe(true);
  expect(waiting.take('nobody').map(({ src }) => src)).toEqual(['bob', 'carol', 'dave']);
  expect([1, 2, 3, 4].map(() => put('alice'))).toEqual([true, true, true, false]);
});

test('gives up all that one sent to another when the first of it has waited long enough', () => {
  const waiting = new Waiting(rules);
  waiting.put('alice', 'bob', 'offer', 0);
  waiting.put('carol', 'bob', 'offer', 1_000);
  waiting.put('alice', 'bob', 'candidate', 4_900);
  expect(waiting.expire(4_999)).toEqual([]);
  expect(waiting.expire(5_000)).toEqual([{ src: 'alice', dst: 'bob' }]);
  expect(waiting.take('bob')).toMatchObject([{ src: 'carol' }]);
});
