import { readFileSync } from 'node:fs';
import { expect, test } from '../support/lab.ts';

const solution = readFileSync('src/exercises/server-repair/solution.ts', 'utf8');

type Pane = HTMLElement & {
  load(): Promise<import('../../src/lab-kit/exercise/session.ts').ExerciseSession>;
};

test('a repaired server passes on the server of this site, too, and a broken one is told there @firefox', async ({
  page,
}) => {
  await page.goto('/exercises/server-repair/');
  const pane = page.locator('exercise-pane');
  await page.evaluate(async (text) => {
    const session = await document.querySelector<Pane>('exercise-pane')!.load();
    session.edit(text);
    await session.check();
  }, solution);
  await pane.getByRole('button', { name: 'Check it on this site’s server' }).click();
  await expect(pane.locator('.ex-verdict')).toHaveText('All checks hold on the server of this site.', {
    timeout: 20_000,
  });
  const { parts } = (await (await page.request.get('/healthz')).json()) as {
    parts: { classroom: { active: number } };
  };
  expect(parts.classroom.active).toBe(0);
  const problem = await page.evaluate(async (text) => {
    const session = await document.querySelector<Pane>('exercise-pane')!.load();
    session.edit(`${text}\nio.on('connection', () => globalThis.process.exit());`);
    await session.check('site');
    return session.problem.value?.text;
  }, solution);
  expect(problem).toMatch(/^TypeError: Cannot read properties of undefined/);
});
