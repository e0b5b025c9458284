import { expect, test } from '../../../tests/support/lab.ts';

test('each refusal is labelled as injected and says what to do; a real one is the browser’s @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('permission');
  const outcome = page.getByRole('region', { name: 'What came of it' });
  await page.locator('[data-refusal=not-readable]').click();
  await expect(outcome).toContainText('Another program is probably using it');
  await expect(outcome).toContainText('injected');
  await page.locator('[data-refusal=insecure]').click();
  await expect(outcome).toContainText('secure context');
  await page.getByRole('button', { name: 'Neither' }).click();
  await expect(outcome).toContainText('by the browser');
  await expect(outcome).toContainText('TypeError');
  const settled = (await timeline.entries()).flatMap((entry) =>
    entry.kind === 'call-settled' && !entry.outcome.ok ? [entry.outcome.name] : [],
  );
  expect(settled).toEqual(['NotReadableError', 'TypeError', 'TypeError']);
});

test('the camera opens, its picture moves, and the permission is shown as it is @camera @firefox', async ({
  lab,
  page,
  context,
  browserName,
}) => {
  if (browserName === 'chromium') await context.grantPermissions(['camera', 'microphone']);
  await lab.run('permission');
  await expect(page.locator('[data-permission=camera]')).toContainText(
    browserName === 'chromium' ? 'granted' : 'prompt', // Firefox is set up not to ask, and does not tell
  );
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  const video = page.locator('.permission-open video');
  await expect
    .poll(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth))
    .toBeGreaterThan(100);
  await page.getByRole('button', { name: 'Stop the tracks' }).click();
  await expect(page.getByText('· ended')).toBeVisible();
});
