import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';

const cell = (page: Page, place: string, is: string) =>
  page.locator(`[data-probe="${place}"] [data-is=${is}]`);

test('a tone keeps its level on the way, what is mixed in arrives, and the filter takes it away', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('web-audio');
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  // 0.1 of full scale: its RMS is 3 dB below that.
  await expect(cell(page, 'from the microphone', 'slow')).toHaveText(/^−2[23]\.\d dBFS$/);
  await expect(cell(page, 'from the microphone', 'tones')).toHaveText(/^4[34]\d Hz$/);
  await expect(cell(page, 'what arrives', 'tones')).toHaveText(/(^| · )4[34]\d Hz/);
  await expect(cell(page, 'what arrives', 'tones')).toHaveText(/(2\s000|1\s99\d) Hz/);
  await page.getByRole('slider', { name: 'Low-pass at' }).fill('0.3');
  await expect(cell(page, 'what arrives', 'tones')).toHaveText(/^4[34]\d Hz$/);
  await page.getByRole('slider', { name: 'Gain' }).fill('24');
  await expect(page.locator('[data-probe="what is sent"] dl')).toHaveAttribute('data-clips');
});

test('without an element that plays it, a remote stream is silent in the graph', async ({ lab, page }) => {
  const timeline = await lab.run('web-audio', { element: 'none' });
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  await timeline.until({ kind: 'track-state', peer: 'bob', state: 'unmuted' });
  await expect(cell(page, 'what is sent', 'tones')).toHaveText(/Hz/);
  await expect(cell(page, 'what arrives', 'tones')).toHaveText('silence');
});

test('the call goes on whether or not sound can start, and the page says which @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('web-audio');
  await timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
  const state = page.locator('.audio-context');
  await expect(state).toContainText(/running|suspended/);
  if ((await state.getAttribute('data-state')) === 'suspended') {
    await expect(page.getByText('The browser could not start sound.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'resume()' })).toBeVisible();
  }
  await expect(cell(page, 'what arrives', 'instant')).toHaveText(/dBFS|silence/);
});
