import { readdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from '../support/lab.ts';

const labs = readdirSync('src/labs').filter((id) => !id.startsWith('_'));
const lessons = readdirSync('src/content/docs/lessons', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.mdx'))
  .map((file) => `/lessons/${file.replace(/\.mdx$/, '')}/`);
const exercises = readdirSync('src/exercises');
const pages = [
  '/',
  '/labs/',
  '/check/',
  '/replay/',
  '/exercises/',
  ...labs.map((id) => `/labs/${id}/`),
  ...exercises.map((id) => `/exercises/${id}/`),
  ...lessons,
];

/** A page's own budget of JavaScript before anybody touches its lab. */
const SCRIPT_BUDGET_BYTES = 60_000;

for (const path of pages) {
  test(`axe finds nothing serious on ${path}, light and dark, and nothing is wider than a phone`, async ({
    page,
  }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.goto(path);
      await expectNoSeriousViolation(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('axe finds nothing serious in any panel of a running call', async ({ lab, page }) => {
      const timeline = await lab.run('first-call');
      await timeline.until({ kind: 'first-frame', peer: 'bob' });
      await expectNoSeriousViolation(page);
      // What is around the panels stays as it is.
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await expectNoSeriousViolation(page, '[role=tabpanel]');
      }
    });
  });
}

test('every page loads from its own origin only, and breaks no line of its policy', async ({
  page,
  server,
}) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== server.url) foreign.push(request.url());
  });
  for (const path of pages) {
    const response = await page.goto(path);
    expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'/);
    await page.waitForLoadState('load');
  }
  expect(foreign).toEqual([]);
});

for (const path of ['/', ...lessons]) {
  test(`${path} loads less than 60 kB of JavaScript before its lab is needed`, async ({ page }) => {
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (request.resourceType() !== 'script') return;
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(path, { waitUntil: 'networkidle' });
    const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(SCRIPT_BUDGET_BYTES);
  });
}

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

test('every link of every page leads somewhere', async ({ page, request }) => {
  const seen = new Map<string, string>();
  for (const path of pages) {
    await page.goto(path);
    const links = await page.evaluate(() =>
      Array.from(document.querySelectorAll('a[href]'), (a) => (a as HTMLAnchorElement).href),
    );
    for (const link of links)
      if (new URL(link).origin === new URL(page.url()).origin) seen.set(link.split('#')[0] ?? link, path);
  }
  for (const [link, from] of seen) expect((await request.get(link)).status(), `${link} on ${from}`).toBe(200);
});

/** @param within a selector; the whole page when left out */
async function expectNoSeriousViolation(page: Page, within = 'html'): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(within).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
