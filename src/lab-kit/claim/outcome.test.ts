import { expect, test } from 'vitest';
import { defineClaim } from './define.ts';
import { engineOf, judge, verdict } from './outcome.ts';

const chromium =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
const safari =
  'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15';
const claim = defineClaim({
  says: 'It works.',
  because: 'It does not.',
  wrong: { chromium: 'TypeError', firefox: 'nothing' },
});

test.each([
  [chromium, 'chromium'],
  [firefox, 'firefox'],
  [safari, undefined],
])('%s is told by its engine', (userAgent, engine) => {
  expect(engineOf(userAgent)).toBe(engine);
});

test('an outcome agrees when it begins with what was seen in that engine', () => {
  expect(judge(claim, 'wrong', 'TypeError: x is not a function', 'chromium').agrees).toBe(true);
  expect(judge(claim, 'wrong', 'TypeError: x is not a function', 'firefox').agrees).toBe(false);
  expect(judge(claim, 'wrong', 'TypeError', undefined).agrees).toBeUndefined();
});

test('what came out otherwise than was seen is said, and a browser nobody tried is not judged', () => {
  const outcomes = [judge(claim, 'wrong', 'nothing', 'chromium')];
  expect(verdict(outcomes, chromium)).toContain('not the same as in Chromium 156');
  expect(verdict([judge(claim, 'wrong', 'nothing', 'firefox')], firefox)).toBe(
    'Just now in Firefox 153: the same as in Firefox 153.',
  );
  expect(verdict([judge(claim, 'wrong', 'nothing', undefined)], safari)).toContain(
    'Safari 19. We have tried',
  );
});
