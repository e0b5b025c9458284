import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

const doctor = (page: Page) => page.getByRole('region', { name: 'Autoplay doctor' });
const says = (page: Page, words: RegExp | string) =>
  expect(doctor(page).locator('.doctor-verdict')).toContainText(words);
const WELL = 'The picture moves';

test('each switch of the element is found by its live state, and put right again @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('streams');
  await says(page, WELL);
  const panel = doctor(page);
  const srcObject = panel.getByLabel('srcObject');
  await srcObject.selectOption('null');
  await says(page, 'srcObject holds the received picture: no');
  await srcObject.selectOption('event');
  await says(page, WELL);
  await panel.getByLabel('in the page').uncheck();
  await says(page, 'append it to the page');
  await panel.getByRole('button', { name: 'All as it should be' }).click();
  await says(page, WELL);
  // Without autoplay a new srcObject stays paused until play().
  await panel.getByLabel('autoplay').uncheck();
  await srcObject.selectOption('null');
  await srcObject.selectOption('event');
  await says(page, 'Nobody started it');
  await panel.getByRole('button', { name: 'play(), then srcObject again' }).click();
  await expect(panel).toContainText('rejected with AbortError');
  await panel.getByRole('button', { name: 'play()', exact: true }).click();
  await expect(panel).toContainText('play() resolved');
  await says(page, WELL);
});

test('a disabled clone is black at the other end, a stopped one freezes it, and alice’s own track goes on @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('streams');
  await says(page, WELL);
  const panel = doctor(page);
  const enabled = panel.getByLabel('enabled', { exact: true });
  await enabled.uncheck();
  await says(page, /sender’s track is disabled|sender gives no new frames/);
  await expect(panel.locator('[data-point=pixels]')).toContainText('every pixel is black');
  await enabled.check();
  await says(page, WELL);
  await panel.getByRole('button', { name: 'Take a snapshot' }).click();
  await expect(panel).toContainText(/Taken: \d+ × \d+/);
  await panel.getByRole('button', { name: 'stop()' }).click();
  await says(page, 'The sender gives no new frames');
  await expect(panel.locator('[data-point=pixels]')).toContainText('the same picture');
  await expect(panel.locator('[data-point=track]')).toContainText('readyState is live, muted false');
  const own = panel.getByLabel('alice’s own track');
  const before = await own.evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect
    .poll(() => own.evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(before + 0.2);
});

test('through a canvas the picture is grey, and its frames can still be read @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('streams', { from: 'canvas' });
  await says(page, WELL);
  expect(new Set(await readRemoteFrames(page, 'bob', 3)).size).toBe(3);
  const { colour } = await page.getByLabel('What bob’s element shows').evaluate((video: HTMLVideoElement) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(video, 10, 10, 1, 1, 0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return { colour: Math.max(red, green, blue) - Math.min(red, green, blue) };
  });
  expect(colour).toBeLessThan(20);
});

test('an element is captured; without a stream the second track takes the place of the first @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('streams', { from: 'element', stream: 'unnamed' });
  await says(page, 'second track event has replaced');
  const tracks = (await timeline.entries()).filter(({ kind }) => kind === 'track');
  expect(tracks).toMatchObject([{ streams: [] }, { streams: [] }]);
  await doctor(page).getByLabel('srcObject').selectOption('all');
  await says(page, WELL);
  expect(await timeline.has({ kind: 'error' })).toBe(false);
});
