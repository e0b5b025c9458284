import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../support/lab.ts';

test.describe('presenter mode', () => {
  test.use({ viewport: { width: 1280, height: 720 } });

  test('is entered and left by its key, picks panels by number, and is kept over a reload', async ({
    lab,
    page,
  }) => {
    await lab.open('first-call');
    const root = page.locator('html');
    const size = () =>
      page.locator('.lab').evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    await expect(page.getByRole('button', { name: /Present/ })).toBeVisible();
    const before = await size();
    await page.keyboard.press('p');
    await expect(root).toHaveAttribute('data-present', '');
    expect(await size()).toBeGreaterThanOrEqual(before * 1.39);
    await expect(page.getByRole('tab').first()).toHaveText(/1.*Messages/);
    const titles = await page.getByRole('tab').allTextContents();
    expect(titles.map((title) => Number.parseInt(title, 10))).toEqual(titles.map((_, index) => index + 1));
    const keyOf = (name: string) => String(titles.findIndex((title) => title.endsWith(name)) + 1);

    await lab.start();
    await lab.timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
    await page.keyboard.press(keyOf('Code'));
    await expect(page.locator('[data-panel=code]')).toContainText('export async function run');
    await page.keyboard.press(keyOf('Timeline'));
    await expect(page.getByRole('tab', { name: 'Timeline' })).toHaveAttribute('aria-selected', 'true');
    // The list has the focus: the arrows walk, the first Escape goes back to now, the second one leaves.
    await page.keyboard.press('ArrowUp');
    await expect(page.locator('.ps-row[aria-selected=true]')).toBeVisible();
    const extent = await page.evaluate(() => {
      const { scrollWidth, scrollHeight } = document.documentElement;
      return [scrollWidth, scrollHeight];
    });
    expect(extent).toEqual([1280, 720]);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.locator('.ps-row[aria-selected=true]')).toHaveCount(0);
    await expect(root).toHaveAttribute('data-present', '');

    await page.reload();
    await expect(root).toHaveAttribute('data-present', '');
    await page.keyboard.press('Escape');
    await expect(root).not.toHaveAttribute('data-present');
    expect(page.url()).not.toContain('present');
  });

  test('a letter in a field is a letter, and digits pick nothing outside of it', async ({ lab, page }) => {
    await lab.open('first-call', { arrangement: 'two-devices' });
    await page.getByText('Have a code?').click();
    await page.getByLabel('Room code').pressSequentially('p2p');
    await expect(page.locator('html')).not.toHaveAttribute('data-present');
    await page.getByRole('tab', { name: 'Messages' }).focus();
    await page.keyboard.press('3');
    await expect(page.getByRole('tab', { name: 'Messages' })).toHaveAttribute('aria-selected', 'true');
  });

  test('a lab’s own panel is the first of the numbers', async ({ page }) => {
    await page.goto('/labs/trickle-ice/?present=1');
    await expect(page.getByRole('tab').first()).toHaveText(/1.*The race/);
    await expect(page.locator('.lab-stage')).toBeHidden();
  });
});
