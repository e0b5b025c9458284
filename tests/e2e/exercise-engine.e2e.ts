import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { expect, test } from '../support/lab.ts';

const LESSON = '/lessons/connectivity/trickle-ice/';
const OWN = '/exercises/candidate-queue/';
const solution = readFileSync('src/exercises/candidate-queue/solution.ts', 'utf8');

const pane = (page: Page) => page.locator('exercise-pane');
const editor = (page: Page) => pane(page).getByRole('textbox', { name: /Your code/ });

/** Opens the editor and writes a text in place of what is there, as an input method does. */
async function write(page: Page, text: string): Promise<void> {
  if ((await editor(page).count()) === 0) await pane(page).getByRole('button', { name: 'Edit' }).click();
  await editor(page).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await expect(editor(page)).toHaveText('');
  await page.keyboard.insertText(text);
}

const check = (page: Page) => pane(page).getByRole('button', { name: 'Check' }).click();
const verdict = (page: Page) => pane(page).locator('.ex-verdict');

test('a learner writes the solution by hand, it passes, and the lesson is marked as done after a reload @firefox', async ({
  page,
}) => {
  await page.goto(LESSON);
  await write(page, solution);
  await check(page);
  await expect(verdict(page)).toHaveText('All checks hold. Done.', { timeout: 20_000 });
  await expect(pane(page).getByText('done', { exact: true })).toBeVisible();
  await page.reload();
  const link = page.locator('#starlight__sidebar [data-exercises~="candidate-queue"]');
  await expect(link).toHaveAttribute('data-done', '');
  await expect(link).toContainText('exercises done');
  await pane(page).hover();
  await expect(editor(page)).toContainText('early.splice(0)');
});

test.describe('code without an end', () => {
  // Firefox tells its console of promises that were rejected so that it ends, whatever the frame does about them.
  test.use({ mayComplain: [/^uncaught: line \d+$/] });
  const endless = [
    ['a tight loop', 'export function answer() {\n  let n = 0;\n  while (true) n++;\n}'],
    ['a loop of promises', 'export async function answer() {\n  let n = 0;\n  for (;;) await n++;\n}'],
    [
      'a loop that catches its own end',
      'export function answer() {\n  let n = 0;\n  for (;;) try { while (true) n++; } catch {}\n}',
    ],
    [
      'promises without a loop',
      'export function answer() {\n  let n = 0;\n  const again = () => Promise.resolve(n++).then(again); again();\n}',
    ],
    ['a loop outside of any function', 'let n = 0;\n\nwhile (true) n++;'],
  ] as const;
  test('is ended, its line is told, and the page lives on @firefox', async ({ page }) => {
    await page.goto(OWN);
    for (const [what, code] of endless)
      await test.step(what, async () => {
        await write(page, code);
        await check(page);
        await expect(pane(page).locator('.ex-problem')).toContainText('Line 3', { timeout: 15_000 });
        await expect(pane(page).locator('.ex-problem')).toContainText('kept the page busy');
        await expect(page.locator('iframe')).toHaveCount(0);
      });
    await write(page, solution);
    await check(page);
    await expect(verdict(page)).toHaveText('All checks hold. Done.', { timeout: 20_000 });
  });
});

const broken = [
  ['that cannot be read', 'export function answer() {\n  const a = ;\n}', 2, /Line 2/],
  [
    'that only the browser refuses',
    'export function answer() {}\nconst a = 1;\nconst a = 2;',
    3,
    /SyntaxError.*a/,
  ],
  ['that throws as it is loaded', 'export function answer() {}\n\nnothing();', 3, /ReferenceError: nothing/],
  [
    'that throws when it is called',
    'export function answer() {\n  throw new TypeError("too bad");\n}',
    2,
    /TypeError: too bad/,
  ],
  ['without the function', 'const a = 1;', undefined, /no function “answer”/],
] as const;
test('code that is broken is told with its line @firefox', async ({ page }) => {
  await page.goto(OWN);
  const problem = pane(page).locator('.ex-problem');
  for (const [what, code, line, says] of broken)
    await test.step(what, async () => {
      await write(page, code);
      await check(page);
      await expect(problem).toContainText(says, { timeout: 15_000 });
      if (line) await expect(problem).toContainText(`Line ${line}`);
    });
});

test('the console shows what the code writes, as text, and errors that nobody caught with their line', async ({
  page,
}) => {
  await page.goto(OWN);
  await write(
    page,
    'export function answer({ log }) {\n  console.log("<b>bold</b>", { a: 1 });\n  log("two");\n  setTimeout(() => { throw new Error("late"); });\n  Promise.reject(new Error("lost"));\n}',
  );
  await check(page);
  const lines = pane(page).getByRole('list', { name: 'Console' }).getByRole('listitem');
  await expect(lines.nth(0)).toHaveText('<b>bold</b> {"a":1}');
  await expect(lines.nth(1)).toHaveText('two');
  await expect(lines.filter({ hasText: 'Error: late' })).toContainText('line 4');
  await expect(lines.filter({ hasText: 'Error: lost' })).toContainText('line 5');
});

test('hints come one by one; the solution is asked for, passes, counts for nothing, and gives the own code back', async ({
  page,
}) => {
  await page.goto(OWN);
  await write(page, '// mine');
  await pane(page).getByRole('button', { name: 'Hint' }).click();
  await pane(page).getByRole('button', { name: 'Another hint (2 left)' }).click();
  await expect(pane(page).getByRole('list', { name: 'Hints' }).getByRole('listitem')).toHaveCount(2);
  await pane(page).getByRole('button', { name: 'Solve' }).click();
  await pane(page).getByRole('button', { name: 'No', exact: true }).click();
  await expect(editor(page)).toContainText('// mine');
  await expect(pane(page).getByRole('button', { name: 'Check' })).toBeFocused();
  await pane(page).getByRole('button', { name: 'Solve' }).click();
  await expect(pane(page).getByRole('button', { name: 'Show the solution' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(editor(page)).toContainText('early.splice(0)');
  await check(page);
  await expect(verdict(page)).toHaveText('All checks hold: this is the solution.', { timeout: 20_000 });
  await pane(page).getByRole('button', { name: 'Back to my code' }).click();
  await expect(editor(page)).toHaveText('// mine');
  await expect(pane(page).locator('[data-shown]')).toHaveCount(0);
  await pane(page).getByRole('button', { name: 'Reset' }).click();
  await pane(page).getByRole('button', { name: 'Start over' }).click();
  await expect(editor(page)).toContainText('answers alice');
});

test('by keyboard alone: into the editor, Tab indents, Escape and Tab lead out to the check', async ({
  page,
}) => {
  await page.goto(OWN);
  const edit = pane(page).getByRole('button', { name: 'Edit' });
  await edit.focus();
  await page.keyboard.press('Enter');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Tab');
  await page.keyboard.type('x');
  await expect(editor(page)).toHaveText('  x');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(pane(page).getByRole('button', { name: 'Check' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(pane(page).locator('.ex-problem')).toBeVisible({ timeout: 15_000 });
});

test('nothing moves when an exercise comes to life or its editor opens', async ({ page }) => {
  await page.goto(OWN);
  const box = () => pane(page).evaluate((element) => element.getBoundingClientRect().height);
  const before = await box();
  await pane(page).getByRole('button', { name: 'Edit' }).click();
  await expect(editor(page)).toBeVisible();
  expect(Math.abs((await box()) - before)).toBeLessThan(2);
});

test('progress is exported, forgotten, imported, and a file that is none changes nothing', async ({
  page,
}) => {
  await page.goto(OWN);
  await write(page, '// kept');
  await page.goto('/exercises/');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = readFileSync(await (await downloading).path());
  expect(JSON.parse(file.toString())).toMatchObject({
    exercises: { 'candidate-queue': { code: '// kept' } },
  });
  const status = page.locator('exercise-progress').getByRole('status');
  await page.getByRole('button', { name: 'Forget everything' }).click();
  await page.getByRole('button', { name: 'Really forget everything?' }).click();
  await expect(status).toHaveText('Nothing is kept any more.');
  const input = page.getByLabel('Import from a file');
  await input.setInputFiles({
    name: 'a.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"format":1}'),
  });
  await expect(status).toContainText('not a file of progress');
  await input.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: file });
  await expect(status).toHaveText('1 exercise from the file.');
  await page.goto(OWN);
  await pane(page).hover();
  await expect(editor(page)).toHaveText('// kept');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in an exercise that was checked (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(OWN);
    await write(page, 'export function answer() {\n  throw new Error("no");\n}');
    await pane(page).getByRole('button', { name: 'Hint' }).click();
    await check(page);
    await expect(verdict(page)).toBeVisible({ timeout: 15_000 });
    await pane(page).getByRole('button', { name: 'Solve' }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
}
