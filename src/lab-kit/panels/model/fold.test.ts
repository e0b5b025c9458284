import { expect, test } from 'vitest';
import { endAt, fold, lastAtOrBefore } from './fold.ts';
import { record } from './record.fixture.ts';

const texts = () =>
  fold<string[]>(
    () => [],
    (state, entry) => void (entry.kind === 'note' && state.push(entry.text)),
  );

test('goes on where it stopped: each entry is taken once', () => {
  let steps = 0;
  const count = fold<{ notes: number }>(
    () => ({ notes: 0 }),
    (state) => ((steps += 1), (state.notes += 1)),
  );
  const list = record(['alice', { kind: 'note', text: 'a' }], ['alice', { kind: 'note', text: 'b' }]);
  count(list);
  list.push(...record(['bob', { kind: 'note', text: 'c' }]));
  expect(count(list).notes).toBe(3);
  expect(steps).toBe(3);
});

test('starts anew for an earlier end and for another list', () => {
  const compute = texts();
  const list = record(['alice', { kind: 'note', text: 'a' }], ['alice', { kind: 'note', text: 'b' }]);
  expect(compute(list)).toEqual(['a', 'b']);
  expect(compute(list, 1)).toEqual(['a']);
  expect(compute(list)).toEqual(['a', 'b']);
  expect(compute(record(['bob', { kind: 'note', text: 'c' }]))).toEqual(['c']);
});

test.each([
  ['now', null, 3],
  ['the first entry', 0, 1],
  ['the last entry', 2, 3],
  ['an entry that is not in this list', 99, 3],
])('shows up to %s', (_, focus, end) => {
  const note = ['alice', { kind: 'note', text: '' }] as const;
  expect(endAt(record(note, note, note), focus)).toBe(end);
});

test('finds the last item at or before a limit', () => {
  const found = [1, 2, 4, 7, 9].map((limit) => lastAtOrBefore([2, 4, 4, 8], limit, (item) => item));
  expect(found).toEqual([-1, 0, 2, 2, 3]);
});
