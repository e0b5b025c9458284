import { readdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { exerciseFolders } from '../support/exercises.ts';
import { expect, test } from '../support/lab.ts';

const lessons = readdirSync('src/content/docs/lessons', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.mdx'))
  .map((file) => `/lessons/${file.replace(/\.mdx$/, '')}/`);
/** One of each kind: their frame is the same, and what is in them is also in a lesson. */
const exercises = new Map(exerciseFolders().map(({ id, kind }) => [kind, `/exercises/${id}/`]));
const pages = [
  '/',
  '/labs/',
  '/labs/first-call/',
  '/check/',
  '/compare/',
  '/replay/',
  '/meet/',
  '/meet/?mid=site',
  '/exercises/',
  '/claims/',
  '/glossary/',
  '/map/',
  '/coverage/',
  '/meet/how-it-is-built/',
  ...exercises.values(),
  ...lessons,
];

/** A page's own budget of JavaScript before anybody touches its lab. */
const SCRIPT_BUDGET_BYTES = 60_000;

for (const path of pages) {
  test(`${path}: its own origin only, little JavaScript, nothing serious for axe, nothing wider than a phone`, async ({
    page,
    server,
  }) => {
    const foreign: string[] = [];
    const sizes: Promise<number>[] = [];
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== server.url) foreign.push(request.url());
    });
    page.on('requestfinished', (request) => {
      if (request.resourceType() !== 'script') return;
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.emulateMedia({ colorScheme: 'light' });
    const response = await page.goto(path, { waitUntil: 'networkidle' });
    expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'/);
    expect(foreign).toEqual([]);
    const scripts = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(scripts).toBeGreaterThan(0);
    if (path === '/' || lessons.includes(path)) expect(scripts).toBeLessThan(SCRIPT_BUDGET_BYTES);

    // What is around a lesson, and the colours of code, are the same on all of them; and what is in it is the same in the
    // dark but for its colours.
    const isOneOfMany = lessons.indexOf(path) > 0;
    // Its colours are the site's own, and so one lesson of each chapter tells of them.
    const isColoured = !isOneOfMany || isFirstOfChapter(path);
    const part = isOneOfMany ? { within: 'main', without: 'pre' } : {};
    await expectNoSeriousViolation(page, { ...part, ...(!isColoured && { except: ['color-contrast'] }) });
    if (isColoured) {
      await page.emulateMedia({ colorScheme: 'dark' });
      await expectNoSeriousViolation(page, { ...part, rules: ['color-contrast'] });
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
      .toBeLessThanOrEqual(390);
  });
}

test('axe finds nothing serious in any panel of a running call, light and dark', async ({ lab, page }) => {
  const timeline = await lab.run('first-call');
  await timeline.until({ kind: 'first-frame', peer: 'bob' });
  await expectNoSeriousViolation(page);
  // What is around the panels stays as it is.
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await page.emulateMedia({ colorScheme: 'light' });
    await expectNoSeriousViolation(page, { within: '[role=tabpanel]' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNoSeriousViolation(page, { within: '[role=tabpanel]', rules: ['color-contrast'] });
  }
});

test('the home page starts a call with one click and no question', async ({ lab, page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Start the call' }).click();
  await lab.timeline.until({ kind: 'first-frame', peer: 'alice' });
  await lab.timeline.until({ kind: 'first-frame', peer: 'bob' });
});

test('a lab keeps the keyboard’s place when its code arrives, and starts by keyboard', async ({
  lab,
  page,
}) => {
  await lab.open('first-call');
  const run = page.locator('lab-pane [data-run]');
  await run.focus();
  await page.evaluate(() =>
    (document.querySelector('lab-pane') as HTMLElement & { load(): Promise<unknown> }).load(),
  );
  await expect(run).toBeFocused();
  await page.keyboard.press('Enter');
  await lab.timeline.until({ kind: 'first-frame', peer: 'bob' });
});

test('search finds a lesson by a word in its text', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('searchbox', { name: 'Words to search for' }).fill('trickle');
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /Trickle ICE/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Trickle ICE');
});

test.describe('a page that is not there', () => {
  test.use({ mayComplain: [/status of 404/] });
  test('says so and leads back', async ({ page, server }) => {
    const response = await page.goto('/lessons/no-such-lesson/');
    expect(response?.status()).toBe(404);
    await page.getByRole('main').getByRole('link').first().click();
    expect(page.url().startsWith(server.url)).toBe(true);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
});

function isFirstOfChapter(path: string): boolean {
  const chapterOf = (lesson: string) => lesson.split('/')[2];
  return lessons.find((lesson) => chapterOf(lesson) === chapterOf(path)) === path;
}

/** What is not given: the whole page, and all rules of axe. */
interface Part {
  readonly within?: string;
  readonly without?: string;
  readonly rules?: string[];
  readonly except?: string[];
}

async function expectNoSeriousViolation(
  page: Page,
  { within = 'html', without, rules, except = [] }: Part = {},
): Promise<void> {
  // Legacy: without a second page for what is found in frames of other origins, of which there are none.
  const axe = new AxeBuilder({ page }).include(within).setLegacyMode(true);
  if (without) axe.exclude(without);
  axe.disableRules(except);
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
