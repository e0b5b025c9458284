import { expect, test } from 'vitest';
import { sizeWords } from './words.ts';
import { withLinks } from './links.ts';

test.each<[string, readonly unknown[]]>([
  ['no link', ['no link']],
  ['see https://example.org/a?b=1, then', ['see ', { href: 'https://example.org/a?b=1' }, ', then']],
  ['(http://example.org)', ['(', { href: 'http://example.org' }, ')']],
  ['https://en.example/a_(b)', [{ href: 'https://en.example/a_(b)' }]],
  ['javascript:alert(1)', ['javascript:alert(1)']],
  ['data:text/html,x', ['data:text/html,x']],
  ['https://bank.example@evil.example/', ['https://bank.example@evil.example/']],
  ['https://', ['https://']],
  ['<a href="https://x.example">y</a>', ['<a href="', { href: 'https://x.example' }, '">y</a>']],
  ['https://a.example/\u202egpj', [{ href: 'https://a.example/' }, '\u202egpj']],
])('%j', (text, pieces) => {
  expect(withLinks(text)).toEqual(pieces);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [999_960, '1.0 MB'],
  [5_242_880, '5.2 MB'],
  [2 ** 31, '2.1 GB'],
])('%i bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words);
});
