import { expect, test } from 'vitest';
import { codeOf, exactly, toConstraints, untouched, wordsOf } from './request.ts';

test('a row that asks for nothing is left out, the others keep their keyword', () => {
  expect(toConstraints(untouched)).toEqual({});
  expect(toConstraints(exactly(320, 240))).toEqual({ width: { exact: 320 }, height: { exact: 240 } });
  expect(toConstraints({ ...untouched, frameRate: { keyword: 'max', value: 10 } })).toEqual({
    frameRate: { max: 10 },
  });
});

test('as code, a property a line', () => {
  expect(codeOf(untouched)).toBe('{}');
  expect(codeOf(exactly(320, 240))).toBe('{\n  width: { exact: 320 },\n  height: { exact: 240 },\n}');
});

test.each([
  [undefined, '–'],
  [1.7777, '1.78'],
  [{ min: 1, max: 1920 }, '1 – 1920'],
  [{ exact: 640 }, 'exact 640'],
  [{ min: 640, ideal: 1280 }, 'min 640, ideal 1280'],
  [['user', 'environment'], 'user, environment'],
  [[], 'none'],
  ['none', 'none'],
])('%j is said as %s', (value, wanted) => {
  expect(wordsOf(value)).toBe(wanted);
});
