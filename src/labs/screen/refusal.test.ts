import { expect, test } from 'vitest';
import { refusalWords } from './refusal.ts';

test.each([
  [
    new DOMException('Permission denied', 'NotAllowedError'),
    /^You said no.*\(NotAllowedError: Permission denied\)$/,
  ],
  [new DOMException('x', 'InvalidStateError'), /first thing in a click/],
  [new TypeError('exact not allowed'), /options were refused/],
  [new DOMException('x', 'SomethingNew'), /^Nothing is shared\. \(SomethingNew: x\)$/],
  ['oops', /oops/],
])('%s', (error, words) => {
  expect(refusalWords(error)).toMatch(words);
});
