import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import { expect, test, type LabDriver } from '../support/lab.ts';

/** Starts a call and opens its descriptions. */
async function openLens(lab: LabDriver, page: Page): Promise<Locator> {
  const timeline = await lab.run('first-call');
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  await page.getByRole('tab', { name: 'SDP' }).click();
  return page.locator('[data-panel=sdp]');
}

const lineOf = (panel: Locator, text: string) => panel.locator('.ps-sdp-line', { hasText: text }).first();

test('a line is taken away, what broke is read, and the call that runs does not notice @firefox', async ({
  lab,
  page,
}) => {
  const panel = await openLens(lab, page);
  await lineOf(panel, 'a=ice-ufrag').click();
  await panel.getByRole('button', { name: /^Take line \d+ away/ }).click();
  const outcome = panel.locator('[data-outcome=refused]');
  await expect(outcome).toContainText(/setRemoteDescription\(offer\) fails with \w+/, { timeout: 15_000 });
  // Chromium and Firefox say it in their own words.
  await expect(outcome).toContainText(/ice-ufrag/i);
  await expect(outcome).toContainText('disposable pair in this browser');
  await expect(lineOf(panel, 'a=ice-ufrag')).toContainText('refused');
  const ended = { kind: 'connection-state', peer: 'bob' } as const;
  expect(await lab.timeline.has({ ...ended, state: 'closed' })).toBe(false);
  expect(await lab.timeline.has({ ...ended, state: 'failed' })).toBe(false);
});

test('by keyboard alone: take away, edit, and collect', async ({ lab, page }) => {
  const panel = await openLens(lab, page);
  await lineOf(panel, 'a=mid:0').focus();
  await page.keyboard.press('Delete');
  await expect(panel.locator('[data-outcome]')).toBeVisible({ timeout: 15_000 });
  await lineOf(panel, 'a=fingerprint').focus();
  await page.keyboard.press('F2');
  const input = panel.getByLabel('The line with your change');
  await expect(input).toBeFocused();
  const line = await input.inputValue();
  await input.fill(line.slice(0, -1) + (line.endsWith('0') ? '1' : '0'));
  await page.keyboard.press('Enter');
  await expect(panel.locator('[data-outcome=dtls-failed]')).toContainText('handshake', { timeout: 15_000 });
  await expect(lineOf(panel, 'a=fingerprint')).toBeFocused();
  await panel.getByText('2 tries so far').click();
  await expect(panel.locator('.ps-bench-history li')).toHaveCount(2);
  const { violations } = await new AxeBuilder({ page }).include('[data-panel=sdp]').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

test('a line leads to the panel where it lives on', async ({ lab, page }) => {
  const panel = await openLens(lab, page);
  await lineOf(panel, 'a=fingerprint').click();
  await expect(panel.locator('.ps-lives')).toContainText('DTLS transport of alice: connected');
  await panel.locator('.ps-lives button').first().click();
  await expect(page.getByRole('tab', { name: 'States' })).toHaveAttribute('aria-selected', 'true');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test('the lens is no wider than the screen', async ({ lab, page }) => {
    const panel = await openLens(lab, page);
    await lineOf(panel, 'a=fingerprint').click();
    await panel.getByRole('button', { name: /^Take line \d+ away/ }).click();
    await expect(panel.locator('[data-outcome=refused]')).toBeVisible({ timeout: 15_000 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
