import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { countWords, proseOf, readingEase } from './prose.ts';

const folder = 'src/content/docs/lessons';
const lessons = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.mdx'),
);

/** Words a minute of somebody who reads with care. */
const WORDS_A_MINUTE = 220;
/** “Fairly easy”, in Flesch's words. */
const EASE = 70;
const LONGEST_MIN = 10;

test('prose is what is read: no frontmatter, code blocks, components, headings or addresses', () => {
  const text =
    '---\ntitle: x\n---\n\nimport A from "a";\n\n## Head\n\nOne **two** [three](/four/) `five`.\n\n```ts\nsix();\n```\n\n- <b>seven</b>\n';
  expect(proseOf(text)).toBe('One two three `five`.\n\nseven');
  expect(countWords(proseOf(text))).toBe(5);
});

test('short words in short sentences read easily, and a law does not', () => {
  expect(
    readingEase('She sends an offer. He takes it and sends his answer. Now they can talk.'),
  ).toBeGreaterThan(90);
  expect(
    readingEase(
      'Notwithstanding considerations regarding interoperability, implementations supporting negotiation functionality necessarily accommodate heterogeneous configurations.',
    ),
  ).toBeLessThan(0);
});

describe.each(lessons)('%s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const prose = proseOf(text);

  test('is read in the minutes that it says, ten at most', () => {
    const minutes = Number(/^minutes: (\d+)$/m.exec(text)?.[1]);
    expect(minutes).toBeLessThanOrEqual(LONGEST_MIN);
    expect(countWords(prose) / minutes, 'words a minute').toBeLessThanOrEqual(WORDS_A_MINUTE);
  });

  test('is plain', () => {
    expect(readingEase(prose)).toBeGreaterThan(EASE);
  });
});
