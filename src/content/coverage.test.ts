import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { coverage } from './coverage.ts';
import { plan } from './curriculum.ts';

const folder = 'src/content/docs/lessons';
const lessons = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.mdx'))
  .map((file) => {
    const [, frontmatter = ''] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    const list = (key: string) =>
      [
        ...(new RegExp(`^${key}:\\s*\\[([^\\]]*)\\]`, 'm').exec(frontmatter)?.[1] ?? '').matchAll(/[\d.-]+/g),
      ].map(([value]) => value);
    return {
      number: /^lesson: ["']([\d.]+)/m.exec(frontmatter)?.[1] ?? '',
      seeds: list('seeds'),
      flags: list('flags').map(Number),
      samples: list('samples').map(Number),
      needs: list('needs'),
    };
  });
const numbers = new Set(lessons.map(({ number }) => number));

test('every item is planned for a lesson', () => {
  expect(coverage([]).filter(({ planned }) => planned.length === 0)).toEqual([]);
  expect(coverage([])).toHaveLength(34 + 25 + 15 + 23 + 59 + 35 + 53);
});

test('every lesson is one of the plan, and says nothing twice', () => {
  const planned = new Set(plan.map(({ number }) => number));
  expect(lessons.filter(({ number }) => !planned.has(number))).toEqual([]);
  expect(numbers.size).toBe(lessons.length);
});

test('what a lesson builds on comes before it, and a lesson of its own part or an earlier one', () => {
  const place = (number: string) => number.split('.').reduce((sum, part) => sum * 100 + Number(part), 0);
  const late = lessons.flatMap(({ number, needs }) =>
    needs.filter((need) => place(need) >= place(number)).map((need) => `${number} needs ${need}`),
  );
  expect(late).toEqual([]);
});

test('nothing of the parts that are complete is left open', () => {
  const open = coverage(lessons)
    .filter(({ standing }) => standing === 'open')
    .map(({ label, text, planned }) => `${label} ${text} (${planned.join(', ')})`);
  expect(open, 'name the item in the frontmatter of the lesson that teaches it').toEqual([]);
});
