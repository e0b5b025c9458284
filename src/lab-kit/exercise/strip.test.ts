import { expect, test } from 'vitest';
import { GUARD } from './guard.ts';
import { strip } from './strip.ts';

/** Runs stripped code with a guard that gives up after some questions, and gives what `answer` is in the end. */
function run(source: string): unknown {
  const stripped = strip(source);
  if (!stripped.ok) throw new Error(stripped.text);
  let asked = 0;
  const guard = (line: number) => {
    if (++asked > 1000) throw new Error(`line ${line} does not end`);
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- what the frame does with a module, for a test in Node
  return new Function(GUARD, `${stripped.code}\nreturn answer;`)(guard);
}

test.each([
  ['types', 'const answer: number = (1 as number) + <number>2;', 3],
  ['type imports', "import type { Tools } from './tools.ts';\nconst answer = 1;", 1],
  [
    'interfaces and optional members',
    'interface A { b?: { c: number } }\nconst a: A = {};\nconst answer = a.b?.c ?? 7;',
    7,
  ],
  ['an arrow that gives an object', 'const f = () => ({ a: 1 });\nconst answer = f().a;', 1],
  [
    'an arrow that gives an arrow',
    'const f = (a: number) => (b: number) => a + b;\nconst answer = f(1)(2);',
    3,
  ],
  ['a loop without a block', 'let answer = 0;\nwhile (answer < 5) answer++;', 5],
  ['do without a block', 'let answer = 0;\ndo answer++; while (answer < 5);', 5],
  ['loops in loops', 'let answer = 0;\nfor (const a of [1, 2]) for (const b of [3, 4]) answer += a * b;', 21],
  [
    'a method and a getter',
    'class A { #x = 4; get x() { return this.#x; } m() { return this.x; } }\nconst answer = new A().m();',
    4,
  ],
  ['a function with defaults', 'function f(a = () => 2) { return a(); }\nconst answer = f();', 2],
  [
    'an arrow that ends with its loop',
    'let n = 0;\nlet f = () => 0;\nwhile (n++ < 3) f = () => n\nconst answer = f();',
    4,
  ],
  ['a label', 'let answer = 0;\nouter: for (;;) { for (;;) { if (++answer > 3) break outer; } }', 4],
])('%s keep their meaning', (_, source, expected) => {
  expect(run(source)).toBe(expected);
});

test.each([
  ['while', 'let answer = 0;\n\nwhile (true) answer++;', 3],
  ['for', 'const answer = 0;\nfor (;;) {}', 2],
  ['an empty for', 'const answer = 0;\nfor (;;);', 2],
  ['do', 'const answer = 0;\ndo {} while (true);', 2],
  ['a loop that catches', 'const answer = 0;\nfor (;;) { try { for (;;) {} } catch {} }', 2],
  ['functions that call each other', 'const f = () => g();\nconst g = () => f();\nconst answer = f();', 1],
])('an endless %s ends, and its line is known', (_, source, line) => {
  expect(() => run(source)).toThrow(`line ${line} does not end`);
});

test('each line keeps its number', () => {
  const source =
    'const a = 1;\ntype B = {\n  c: number;\n};\nfunction f(b: B) {\n  return b.c;\n}\nconst answer = a;';
  const stripped = strip(source);
  expect(stripped.ok && stripped.code.split('\n')[5]).toContain('return b.c');
});

test.each([
  ['const a = ;', 1],
  ['const a = 1;\nfunction f( {\n', 2],
  ['call(\n  1,\n  2\n', 3],
  ['const a = 1;\nif (a) {\n  a(;\n}', 3],
])('what cannot be read is told with its line: %s', (source, line) => {
  const stripped = strip(source);
  expect(stripped.ok).toBe(false);
  expect(!stripped.ok && Math.abs(stripped.line - line) <= 1).toBe(true);
  expect(!stripped.ok && stripped.text.length > 10).toBe(true);
});
