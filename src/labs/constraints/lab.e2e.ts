import { expect, test } from '../../../tests/support/lab.ts';

test('what is asked, granted and seen agree, and a refusal names its constraint @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('constraints');
  await page.getByRole('button', { name: 'QVGA' }).click();
  const granted = (name: string) => page.locator(`[data-property=${name}] [data-granted]`);
  await expect(granted('width')).toHaveText('320');
  await expect(granted('resizeMode')).toHaveText('crop-and-scale');
  const video = page.getByLabel('What the track gives');
  await expect
    .poll(() =>
      video.evaluate(({ videoWidth, videoHeight }: HTMLVideoElement) => `${videoWidth}×${videoHeight}`),
    )
    .toBe('320×240');
  await page.getByRole('button', { name: '8K' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'constraint “width”' })).toBeVisible();
  await expect(granted('width')).toHaveText('320');
  const refused = await timeline.until({ kind: 'call-settled', method: 'applyConstraints' });
  expect(refused.outcome.ok).toBe(true);
  await page.getByLabel('width: keyword').selectOption('max');
  await page.getByRole('button', { name: 'Open anew with these' }).click();
  await expect(page.locator('.constraints-outcome')).toContainText('constraint “height”');
});

test('a bare canvas track takes constraints in Chromium and none in Firefox @firefox', async ({
  lab,
  page,
  browserName,
}) => {
  await lab.run('constraints', { camera: 'canvas' });
  await page.getByRole('button', { name: 'VGA', exact: true }).click();
  const words = browserName === 'firefox' ? 'takes none at all here' : 'Granted';
  await expect(page.locator('.constraints-outcome')).toContainText(words);
});

test('the camera is asked for what the sliders say @camera', async ({ lab, page, context }) => {
  await context.grantPermissions(['camera']);
  await lab.run('constraints', { camera: 'real' });
  await page.getByLabel('frameRate: keyword').selectOption('max');
  await page.getByLabel('frameRate: value').fill('5');
  await expect(page.locator('[data-property=frameRate] [data-granted]')).toHaveText('5');
});
