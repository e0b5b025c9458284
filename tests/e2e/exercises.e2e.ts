import type { Page } from 'playwright/test';
import type { Attempted } from '../../src/lab-kit/exercise/attempt.ts';
import type { ExerciseSession } from '../../src/lab-kit/exercise/session.ts';
import { exerciseFolders } from '../support/exercises.ts';
import { expect, test } from '../support/lab.ts';

type Pane = HTMLElement & { load(): Promise<ExerciseSession> };

// What is wrong does not connect, and Firefox says so in its console.
test.use({ mayComplain: [/ICE failed/] });

/** One contract for every exercise: what it starts with fails, its solution passes, and each wrong way is told apart. */
for (const { id, firefox, starter, solution, wrongs } of exerciseFolders()) {
  test.describe(id, () => {
    const where = firefox ? ' @firefox' : '';
    if (starter === undefined || solution === undefined) return;
    test(`${id}: the starter fails${where}`, async ({ page }) => {
      await page.goto(`/exercises/${id}/`);
      const { passed, results } = await check(page, starter);
      expect({ passed, results }).toMatchObject({ passed: false });
      expect(results.filter(({ ok }) => !ok).length).toBeGreaterThan(0);
    });
    test(`${id}: the solution passes${where}`, async ({ page }) => {
      await page.goto(`/exercises/${id}/`);
      const { passed, results, problem } = await check(page, solution);
      expect({ passed, problem, failed: results.filter(({ ok }) => !ok) }).toEqual({
        passed: true,
        problem: null,
        failed: [],
      });
    });
    for (const { file, source, check: failing, says } of wrongs) {
      test(`${id}: ${file} fails with its sentence${where}`, async ({ page }) => {
        await page.goto(`/exercises/${id}/`);
        const { passed, results } = await check(page, source);
        expect(passed).toBe(false);
        const result = results.find((one) => one.id === failing);
        expect(result).toMatchObject({ ok: false });
        expect(result?.saw).toContain(says);
      });
    }
  });
}

/** Puts a text into the exercise of a page and checks it. */
async function check(
  page: Page,
  source: string,
): Promise<Attempted & { problem: Attempted['problem'] | null }> {
  return page.evaluate(async (text) => {
    const session = await document.querySelector<Pane>('exercise-pane')!.load();
    session.edit(text);
    await session.check();
    return {
      passed: session.progress.value === 'passed',
      results: session.results.value,
      problem: session.problem.value ?? null,
    };
  }, source) as Promise<Attempted & { problem: Attempted['problem'] | null }>;
}
