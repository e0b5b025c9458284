import type { Page } from 'playwright/test';
import type { Attempted } from '../../src/lab-kit/exercise/attempt.ts';
import type { ExerciseSession } from '../../src/lab-kit/exercise/session.ts';
import { exerciseFolders, type Wrong } from '../support/exercises.ts';
import { expect, test } from '../support/lab.ts';

type Pane = HTMLElement & { load(): Promise<ExerciseSession> };

/** What is judged by a clock has the machine for itself; playwright.config.ts runs it apart, too. */
const TIMED = /reconnect-ladder|perfect-negotiation/;

// What is wrong does not connect, and Firefox says so in its console; or it is refused, and Chromium does.
// One pattern: two in a list are taken for a value and its options.
test.use({ mayComplain: [/ICE failed|Failed to load resource: the server responded with a status of 4/] });

/** Of each exercise one wrong way is tried with all other tests, and each of them with `EXERCISES=all`. */
const ALL = process.env['EXERCISES'] === 'all';

/** One contract for every exercise: what it starts with fails, its solution passes, and each wrong way is told apart. */
for (const { id, firefox, starter, solution, wrongs } of exerciseFolders()) {
  test.describe(id, () => {
    if (starter === undefined || solution === undefined) {
      // Questions are the same in every browser.
      test(`${id}: nothing done fails, the solution passes, and each single slip fails with its reason`, async ({
        page,
      }) => {
        await page.goto(`/exercises/${id}/`);
        const { first, solved, slips } = await page.evaluate(tryAll);
        expect(first).toBe(false);
        expect(solved).toBe(true);
        expect(slips.length).toBeGreaterThan(2);
        expect(slips.filter(({ passed, says }) => passed || says.length < 20)).toEqual([]);
      });
      return;
    }
    const where = firefox ? ' @firefox' : '';
    test(`${id}: the solution passes; the starter and what is wrong fail, each with its sentence${where}`, async ({
      page,
      context,
      browserName,
    }) => {
      // How what is wrong is told apart is our code, and one browser is enough for that: Firefox has the solution alone.
      const rest: Partial<Wrong>[] =
        browserName === 'firefox'
          ? []
          : [{ file: 'starter.ts', source: starter }, ...(ALL ? wrongs : wrongs.slice(0, 1))];
      const lane = async (on: Page) => {
        for (let next = rest.pop(); next; next = rest.pop()) await fails(on, next);
      };
      await page.goto(`/exercises/${id}/`);
      const { passed, results, problem } = await check(page, solution, 3);
      expect({ passed, problem, failed: results.filter(({ ok }) => !ok) }).toEqual({
        passed: true,
        problem: null,
        failed: [],
      });
      const other = async () => {
        const on = await context.newPage();
        await on.goto(`/exercises/${id}/`);
        await lane(on);
      };
      // They wait more than they work: several at a time, but for what is judged by how soon something is back.
      const others = TIMED.test(id) ? 0 : Math.max(0, Math.min(rest.length - 1, 2));
      await Promise.all([lane(page), ...Array.from({ length: others }, other)]);
    });
  });
}

async function fails(page: Page, { file, source, check: failing, says }: Partial<Wrong>): Promise<void> {
  const { passed, results } = await check(page, source ?? '');
  expect({ file, passed, results }).toMatchObject({ passed: false });
  const wrong = results.filter(({ ok }) => !ok);
  expect(wrong.length).toBeGreaterThan(0);
  if (failing)
    expect({ file, saw: wrong.find((one) => one.id === failing)?.saw }).toMatchObject({
      saw: expect.stringContaining(says ?? ''),
    });
}

/** Puts a text into the exercise of a page and checks it. @param patience what passes may take its time */
async function check(
  page: Page,
  source: string,
  patience = 1,
): Promise<Attempted & { problem: Attempted['problem'] | null }> {
  return page.evaluate(
    async ([text, times]) => {
      const session = await document.querySelector<Pane>('exercise-pane')!.load();
      session.patience = times;
      session.edit(text);
      await session.check();
      return {
        passed: session.progress.value === 'passed',
        results: session.results.value,
        problem: session.problem.value ?? null,
      };
    },
    [source, patience] as const,
  ) as Promise<Attempted & { problem: Attempted['problem'] | null }>;
}

/** Does nothing, then the solution, then each way to be wrong in one place. */
async function tryAll(): Promise<{
  first: boolean;
  solved: boolean;
  slips: { passed: boolean; says: string }[];
}> {
  const session = await document.querySelector<Pane>('exercise-pane')!.load();
  const passes = async () => {
    await session.check();
    return session.progress.value === 'passed';
  };
  const first = await passes();
  await session.solve();
  const solved = await passes();
  const slips: { passed: boolean; says: string }[] = [];
  const slip = async (make: () => void) => {
    await session.solve();
    make();
    const passed = await passes();
    slips.push({ passed, says: session.results.value.find(({ ok }) => !ok)?.wanted ?? '' });
  };
  const { definition } = session;
  if (definition.kind === 'order')
    for (const { first: earlier, later } of definition.rules)
      await slip(() => session.move(later, session.order.value.indexOf(earlier)));
  if (definition.kind === 'answer')
    for (const { id, right } of session.rows()) await slip(() => session.answer(id, `${right}1`));
  if (definition.kind === 'predict')
    for (const { id, choices } of definition.questions)
      for (const [index, { right }] of choices.entries())
        if (!right) await slip(() => session.answer(id, String(index)));
  return { first, solved, slips };
}
