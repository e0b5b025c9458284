import { expect, test } from 'vitest';
import { countLines, withoutComments } from './lines.ts';

test('counts lines with code on them: imports and braces do, empty lines and comments do not', () => {
  const text = `import { a } from './a.ts';

/** What it is for.
 * More of it.
 */
export function f(): void {
  // the reason
  a(); // [1]
  /* before */ a(); /* after
  and on */
}
/*
[1] A footnote.

[2] Another one.
*/
`;
  expect(countLines(text)).toBe(5);
});

test.each([
  ['a string', `const url = 'https://example.org'; // why`, `const url = 'https://example.org';`],
  ['an escaped quote', String.raw`f('it\'s // no comment') // c`, String.raw`f('it\'s // no comment')`],
  ['a template', 'f(`//${`/*${x}*/`} //`) // c', 'f(`//${`/*${x}*/`} //`)'],
  ['an escaped template', 'f(`\\${ // no`) // c', 'f(`\\${ // no`)'],
  [
    'a regular expression',
    String.raw`if (/[/'"]\/\//.test(a)) b(); // c`,
    String.raw`if (/[/'"]\/\//.test(a)) b();`,
  ],
  ['a division', 'const x = a / b; // c / d', 'const x = a / b;'],
])('a comment in %s is none', (_, text, code) => {
  expect(withoutComments(text).trimEnd()).toBe(code);
});

test('a file without an end of its comment or string ends there', () => {
  expect(countLines('a();\n/* b();\nc();')).toBe(1);
  expect(countLines('a(`b\n')).toBe(1);
  expect(countLines('')).toBe(0);
});
