import { expect, test } from '../support/lab.ts';

test('the map shows what builds on what: by pointer, by keyboard, and in words on a phone', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/map/');
  const box = page.locator('[data-number="3.8"]');
  const arrows = page.locator('lesson-map [data-to="3.8"]');
  await expect(arrows.first()).toBeVisible();
  await box.getByRole('link').focus();
  await expect(arrows.first()).toHaveAttribute('data-lit', '');
  await expect(page.locator('[data-number="3.7"]')).toHaveAttribute('data-lit', '');
  await expect(page.locator('[data-number="3.4"]')).not.toHaveAttribute('data-lit', '');
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(arrows.first()).toBeHidden();
  await expect(box.getByText('builds on')).toContainText('3.7 Checks and nomination');
});

test('the map knows which exercises are done', async ({ page }) => {
  await page.goto('/map/');
  await expect(page.locator('lesson-map [role=status]')).toHaveText(/^Exercises done: 0 of \d+ lessons\.$/);
  await page.evaluate(() => {
    const { exercises = '' } = document.querySelector<HTMLElement>('[data-number="3.4"] a')!.dataset;
    for (const id of exercises.split(' '))
      localStorage.setItem(`peerscope-exercise:${id}`, JSON.stringify({ done: { atMs: 1, seen: false } }));
  });
  await page.reload();
  await expect(page.locator('lesson-map [role=status]')).toHaveText(/^Exercises done: 1 of/);
  await expect(page.getByRole('link', { name: /Trickle ICE \(exercises done\)/ })).toBeVisible();
});

test('the coverage page is made from the lessons, and names what is open', async ({ page }) => {
  await page.goto('/coverage/');
  await expect(page.getByRole('heading', { name: /^Open in parts 0 to 2/ })).toBeVisible();
  const row = page.getByRole('row', { name: /^W37 / });
  await expect(row.getByRole('link', { name: /^3\.4 Trickle ICE/ })).toBeVisible();
  await expect(page.locator('tr[data-standing=later]').first()).toContainText('later part');
});
