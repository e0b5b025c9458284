import { expect, test } from '../../../tests/support/lab.ts';
import type { Page } from 'playwright/test';

async function recordSomeSeconds(page: Page): Promise<void> {
  const record = page.getByRole('button', { name: 'Record', exact: true });
  await expect(record).toBeEnabled({ timeout: 20_000 });
  await record.click();
  await expect(page.locator('.meeting-file')).toContainText('Recording, 3 s', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Stop and read' }).click();
}

test('one file holds three tiles and three tones', async ({ lab, page }) => {
  await lab.run('meeting-file');
  await recordSomeSeconds(page);
  await expect(page.locator('.meeting-file .ends-verdict')).toHaveText(
    'In the one file: 3 of 3 people to be seen, 3 to be heard.',
    { timeout: 30_000 },
  );
});

test('a file for each: one person in each of three, and each begins at its own time', async ({
  lab,
  page,
}) => {
  await lab.run('meeting-file', { how: 'tracks' });
  await recordSomeSeconds(page);
  await expect(page.locator('.meeting-file .ends-verdict')).toHaveText(
    'In 3 files: 3 of 3 people to be seen, 3 to be heard.',
    { timeout: 40_000 },
  );
  await expect(page.locator('[data-file=bob] [data-is=seen]')).toHaveText('bob');
  await expect(page.locator('[data-is=later]')).toHaveText([/ms/, /ms/, /ms/]);
});
