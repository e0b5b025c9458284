import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ClaimDefinition } from '../../src/lab-kit/claim/define.ts';
import { exhibits } from '../../src/lab-kit/museum/exhibits.ts';

/** One contract for every claim: its files are there, and a lesson or the museum uses it. What it does is tried in tests/e2e. */
const folder = 'src/claims';
const definitions = import.meta.glob<{ default: ClaimDefinition }>('../../src/claims/*/claim.ts');
const exhibited = new Set(exhibits.map(({ claim }) => claim));
const lessonsFolder = 'src/content/docs/lessons';
const lessons = readdirSync(lessonsFolder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.mdx'))
  .map((file) => ({ file, text: readFileSync(join(lessonsFolder, file), 'utf8') }));

test.each(readdirSync(folder))('%s is whole, and a lesson or the museum uses it', async (id) => {
  const { default: claim } = (await definitions[`../../${folder}/${id}/claim.ts`]?.()) ?? {};
  if (!claim) throw new Error(`${folder}/${id}/claim.ts is missing`);
  expect(existsSync(join(folder, id, 'wrong.ts'))).toBe(true);
  expect(existsSync(join(folder, id, 'right.ts'))).toBe(claim.right !== undefined);
  for (const text of [claim.says, claim.because]) expect(text).toMatch(/[.?!]$/);
  // A person who is asked for the camera has to read the question first.
  expect(claim.limitMs).toBeLessThanOrEqual(claim.asks ? 30_000 : 10_000);
  const uses = lessons.filter(({ text }) => text.includes(`<Claim id="${id}"`)).map(({ file }) => file);
  if (!exhibited.has(id)) expect(uses, `no lesson has <Claim id="${id}" />`).not.toEqual([]);
});
