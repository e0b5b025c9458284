import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import { expect, test } from '../support/lab.ts';

const LESSON = '/lessons/connectivity/nat/';

/** The simulator, once its code is there. */
async function openSimulator(page: Page): Promise<Locator> {
  await page.goto(LESSON);
  const theatre = page.locator('nat-part[data-part=theatre]');
  await theatre.scrollIntoViewIfNeeded();
  await expect(theatre).toHaveAttribute('data-ready', '');
  return theatre;
}

test('the NAT simulator is predicted, run and stepped through without a mouse @firefox', async ({ page }) => {
  const theatre = await openSimulator(page);
  await theatre.getByRole('radio', { name: 'not at all' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(theatre.getByRole('status')).toContainText('As you predicted');
  const steps = theatre.getByRole('listbox');
  await steps.focus();
  await page.keyboard.press('End');
  await expect(steps.getByRole('option', { selected: true })).toContainText('has failed');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(theatre.getByRole('row').filter({ hasText: 'new' })).toHaveCount(1);
});

test('a click that comes before the simulator’s code is carried out', async ({ page }) => {
  await page.goto(LESSON);
  const run = page.locator('nat-part[data-part=theatre] [data-run-simulation]');
  await run.click();
  await expect(page.locator('nat-part[data-part=theatre]').getByRole('listbox')).toBeVisible();
});

for (const scheme of ['light', 'dark'] as const)
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    test('axe finds nothing serious in a simulated run', async ({ page }) => {
      const theatre = await openSimulator(page);
      await theatre.getByRole('radio', { name: 'STUN and TURN' }).check();
      await theatre.getByRole('button', { name: 'Run' }).click();
      await theatre.getByRole('button', { name: 'the first lost packet' }).click();
      const { violations } = await new AxeBuilder({ page }).include('nat-part').analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    });
  });

test('a recording of this site opens by its address, and no other file does', async ({ page }) => {
  await page.goto('/replay/?file=/recordings/first-call.peerscope.json');
  await expect(page.getByRole('tab', { name: 'Messages' })).toBeVisible();
  await page.goto('/replay/?file=https://example.org/natlab/a.json');
  await expect(page.getByRole('alert')).toContainText('not a recording of this site');
});
