import { expect, test } from '../../../tests/support/lab.ts';

test('names come with the first camera; when its plug is pulled, the picture goes on from the other @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('devices');
  await expect(page.locator('[data-device=videoinput]')).toContainText('hidden');
  await page.getByRole('button', { name: 'Choose a camera' }).click();
  await page.getByRole('button', { name: 'Choose Desk camera (virtual)' }).click();
  await expect(page.locator('.devices-status')).toHaveText('Open: Desk camera (virtual).');
  await page.getByRole('checkbox', { name: 'Desk camera' }).uncheck();
  await expect(page.locator('.devices-status')).toHaveText('Open: Laptop camera (virtual).');
  await timeline.until({ kind: 'track-state', state: 'ended' });
  await timeline.until({ kind: 'device-change' });
  const video = page.getByLabel('The camera that is open');
  await expect.poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth)).toBe(640);
  await page.getByRole('checkbox', { name: 'Laptop camera' }).uncheck();
  await expect(page.locator('.devices-status')).toHaveText('Nothing is open.');
});

test('a real camera is listed by name and its exposure is turned @camera', async ({ lab, page, context }) => {
  await context.grantPermissions(['camera', 'microphone']);
  await lab.run('devices', { devices: 'real' });
  await page.getByRole('button', { name: 'Choose fake_device_0' }).click();
  await page.getByLabel('exposureTime').fill('30');
  const settings = await lab.timeline.until({ kind: 'call-settled', method: 'applyConstraints' });
  expect(settings.outcome.ok).toBe(true);
});
