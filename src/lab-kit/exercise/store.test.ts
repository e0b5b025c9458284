import { expect, test } from 'vitest';
import { ProgressStore, type Shelf } from './store.ts';

function shelf(limit = Infinity): Shelf {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > limit) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
    removeItem: (key) => void kept.delete(key),
  };
}

test('what is written is read, and an empty progress leaves nothing behind', () => {
  const store = new ProgressStore(shelf());
  expect(store.write('a', { code: 'x', hints: 2 })).toBe(true);
  expect(store.read('a')).toEqual({ code: 'x', hints: 2 });
  store.write('a', {});
  expect(store.ids()).toEqual([]);
});

test('progress goes out as a file and comes back in another browser; what else is there stays', () => {
  const [here, there] = [new ProgressStore(shelf()), new ProgressStore(shelf())];
  here.write('a', { code: 'mine', done: { atMs: 1, seen: false } });
  here.write('b', { order: ['x', 'y'] });
  there.write('a', { code: 'older' });
  there.write('c', { hints: 1 });
  expect(there.import(here.export())).toBe(2);
  expect(there.read('a')).toEqual({ code: 'mine', done: { atMs: 1, seen: false } });
  expect(there.ids()).toEqual(['a', 'b', 'c']);
});

test.each([
  ['no JSON', 'hello'],
  ['another file', '{"format":"peerscope-recording"}'],
  ['an unknown field', '{"format":"peerscope-progress","version":1,"exercises":{"a":{"admin":true}}}'],
  ['a name that leads elsewhere', '{"format":"peerscope-progress","version":1,"exercises":{"../a":{}}}'],
  ['a number where text belongs', '{"format":"peerscope-progress","version":1,"exercises":{"a":{"code":1}}}'],
])('%s is refused in words, and nothing is changed', (_, text) => {
  const store = new ProgressStore(shelf());
  store.write('a', { code: 'mine' });
  expect(() => store.import(text)).toThrow(/not a file of progress/);
  expect(store.read('a')).toEqual({ code: 'mine' });
});

test('damaged or forbidden storage forgets, and does not throw', () => {
  const damaged = shelf();
  damaged.setItem('peerscope-exercise:a', '{"code":');
  expect(new ProgressStore(damaged).read('a')).toEqual({});
  const full = new ProgressStore(shelf(10));
  expect(full.write('a', { code: 'longer than ten characters' })).toBe(false);
  const none = new ProgressStore(undefined);
  expect(none.read('a')).toEqual({});
  expect(none.ids()).toEqual([]);
});
