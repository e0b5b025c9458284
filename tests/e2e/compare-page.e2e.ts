import type { Page } from 'playwright/test';
import { expect, test } from '../support/lab.ts';

/** Two connections and their servers on a busy machine. */
const limit = { timeout: 30_000 };

const state = (page: Page, name: string) =>
  expect(page.locator(`.compare[data-state=${name}]`)).toBeVisible(limit);

/** The value that a column shows for a measure; NaN where it shows none. */
const value = async (page: Page, measure: string, column: string): Promise<number> =>
  Number(
    (await page.locator(`[data-measure=${measure}] td[data-column=${column}]`).getAttribute('data-value')) ??
      NaN,
  );

test('a text runs in both columns, held and let go by one key, and what differs is filled in', async ({
  page,
}) => {
  await page.goto('/compare/?pace=step');
  await page.locator('[data-run]').click();
  const next = page.getByRole('button', { name: /Next step/ });
  // Something waits in both columns before anything is sent.
  await expect(page.locator('.compare-held [data-held]')).toHaveCount(2, limit);
  await expect(next).toBeFocused();
  expect(await value(page, 'messages', 'raw')).toBe(0);
  await page.keyboard.press('Space');
  await expect.poll(() => value(page, 'messages', 'raw'), limit).toBeGreaterThan(0);
  await expect.poll(() => value(page, 'connections', 'peerjs'), limit).toBeGreaterThan(0);
  await expect(page.locator('.compare-held [data-held]').first()).toBeVisible(limit);
  // A step further each time, until one of the raw API's own file waits: its line stands there, and is marked in the code.
  const line = page.locator('.compare-held li').first().locator('code');
  await expect(async () => {
    await page.keyboard.press('PageDown');
    await expect(line).toBeVisible({ timeout: 1_000 });
  }).toPass(limit);
  const marked = page.locator('[data-column=raw] .ps-marked');
  await expect(marked).toContainText((await line.textContent()) ?? 'a line');

  await page.getByRole('radio', { name: 'By itself' }).check();
  await state(page, 'finished');
  for (const column of ['raw', 'peerjs']) {
    for (const measure of ['lines', 'messages', 'messageBytes', 'connections', 'connectedMs', 'firstDataMs'])
      expect(await value(page, measure, column), `${measure} of ${column}`).toBeGreaterThan(0);
    await expect(page.locator(`.compare-column[data-column=${column}] .compare-notes`)).toContainText(
      'Hello, bob!',
    );
  }
  await expect(page.locator('.compare-told')).toContainText('PeerJS');
  await expect(page.getByRole('link', { name: 'createOffer()' })).toHaveAttribute('href', /^\/lessons\//);

  // One strip of tabs for all columns.
  await page.getByRole('tab', { name: 'SDP' }).click();
  await expect(page.getByRole('region', { name: /^SDP: / })).toHaveCount(2);
});

test('on a telephone the differences come first, a third column joins, and nothing is wider than the screen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/compare/?task=text');
  await page.getByLabel('Third column').selectOption('helper');
  await expect(page.getByRole('heading', { name: 'Peer helper', level: 2 })).toBeVisible(limit);
  await page.locator('[data-run]').click();
  await state(page, 'finished');
  await expect(page.locator('[data-measure=firstDataMs] td[data-column=helper][data-value]')).toBeVisible();
  const top = async (selector: string) => (await page.locator(selector).first().boundingBox())?.y ?? NaN;
  expect(await top('.compare-figures')).toBeLessThan(await top('.compare-column'));
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
