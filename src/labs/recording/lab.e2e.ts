import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';
import { readFrames } from '../../../tests/support/media.ts';

const FILE = '.recorder-file video';
const recorded = (page: Page) =>
  page.locator('[data-is=time]').evaluate((time) => Number(time.getAttribute('data-ms')));
const untilRecorded = (page: Page, ms: number) =>
  expect.poll(() => recorded(page), { timeout: 20_000 }).toBeGreaterThan(ms);

test('what bob receives becomes a file that plays, as long as it was recorded @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('recording');
  await untilRecorded(page, 1_500);
  await page.locator('.recorder-desk').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'inactive' })).toBeVisible();
  const found = page.locator('[data-is=found]');
  await expect(found).toHaveText(/^\d+\.\d\d s$/);
  const sec = Number(await found.getAttribute('data-sec'));
  const wantedSec = (await recorded(page)) / 1000;
  expect(Math.abs(sec - wantedSec)).toBeLessThan(0.5);
  const frames = await readFrames(page, FILE, 5);
  expect(frames).toEqual(frames.toSorted((a, b) => a - b));
});

test('nothing is recorded while it is paused; a canvas and a mix make one file', async ({ lab, page }) => {
  await lab.run('recording', { what: 'composed', format: 'mp4' });
  await untilRecorded(page, 500);
  await page.locator('.recorder-desk').getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  const before = await recorded(page);
  await page.waitForFunction(
    (sinceMs) => performance.now() > sinceMs + 700,
    await page.evaluate(() => performance.now()),
  );
  expect(await recorded(page)).toBe(before);
  await page.getByRole('button', { name: 'Resume' }).click();
  await untilRecorded(page, before + 500);
  await page.locator('.recorder-desk').getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('.recorder-file code')).toHaveText(/^video\/mp4/);
  const sec = Number(await page.locator('[data-is=found]').getAttribute('data-sec'));
  expect(Math.abs(sec - (await recorded(page)) / 1000)).toBeLessThan(0.5);
  const video = page.locator(FILE);
  expect(await video.evaluate(({ videoWidth }: HTMLVideoElement) => videoWidth)).toBe(640);
});

test('MP4 is written where the browser says that it can, and refused with its name where it cannot @firefox', async ({
  page,
  lab,
}) => {
  await lab.run('recording', { format: 'mp4' });
  if (await page.evaluate(() => MediaRecorder.isTypeSupported('video/mp4'))) await untilRecorded(page, 500);
  else await expect(page.getByRole('alert').filter({ hasText: 'NotSupportedError' })).toBeVisible();
});
