import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { panelIds, type LabDefinition } from '../../src/lab-kit/define.ts';

/** One contract for every lab: it shows what it runs, it is tested, and a lesson uses it. */
const labsFolder = 'src/labs';
const ids = readdirSync(labsFolder).filter((id) => !id.startsWith('_'));
const definitions = import.meta.glob<{ default: LabDefinition }>('../../src/labs/*/lab.ts');
const runs = import.meta.glob<{ run: unknown }>('../../src/labs/*/run.ts');
const lessons = readdirSync('src/content/docs/lessons', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.mdx'))
  .map((file) => readFileSync(join('src/content/docs/lessons', file), 'utf8'));

test.each(ids)(
  '%s shows the file that it runs',
  async (id) => {
    const { default: lab } = (await definitions[`../../${labsFolder}/${id}/lab.ts`]?.()) ?? {};
    const { run } = (await runs[`../../${labsFolder}/${id}/run.ts`]?.()) ?? {};
    if (!lab) throw new Error('there is no lab.ts');
    expect(lab.source).toBe(readFileSync(join(labsFolder, id, 'run.ts'), 'utf8'));
    expect(lab.run).toBe(run);
    expect(lab.panels.filter((panel) => !panelIds.includes(panel))).toEqual([]);
    expect(lab.arrangements[0]).toBe('one-page');
  },
  20_000,
); // the first one brings everything along

test.each(ids)('%s explains each footnote of its code, in order', (id) => {
  const source = readFileSync(join(labsFolder, id, 'run.ts'), 'utf8');
  const [code = '', notes = ''] = source.split('\n/*\n');
  const numbers = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, number]) => Number(number));
  const used = numbers(code, /\/\/ \[(\d+)\]/g);
  expect(used.length).toBeGreaterThan(0);
  expect(numbers(notes, /^\[(\d+)\]/gm)).toEqual(used);
});

test.each(ids)('%s is tested in a browser and used by a lesson', (id) => {
  expect(existsSync(join(labsFolder, id, 'lab.e2e.ts'))).toBe(true);
  expect(
    lessons.some((lesson) => lesson.includes(`lab: ${id}\n`) && lesson.includes(`<Lab id="${id}"`)),
  ).toBe(true);
});
