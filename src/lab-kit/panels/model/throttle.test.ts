import { expect, test } from 'vitest';
import type { Entry } from '../../../rtc/timeline.ts';
import { opened, record } from './record.fixture.ts';
import { throttle } from './throttle.ts';

test('a growing list is looked at once a second, another list at once', () => {
  let nowMs = 0;
  const count = throttle(
    (list) => list.length,
    () => nowMs,
  );
  const list: Entry[] = record(opened('alice'));
  expect(count(list)).toEqual({ value: 1, againInMs: 0 });
  list.push(...record(opened('bob')));
  nowMs = 400;
  expect(count(list)).toEqual({ value: 1, againInMs: 600 });
  nowMs = 1000;
  expect(count(list)).toEqual({ value: 2, againInMs: 0 });
  expect(count(record(opened('carol'), opened('dave'), opened('erin')))).toEqual({ value: 3, againInMs: 0 });
});
