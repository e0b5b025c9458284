import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

const number = (page: Page, name: string) =>
  expect.poll(async () => Number(await page.locator(`.mill [data-is=${name}]`).textContent()), {
    timeout: 20_000,
  });

/** The brightness at the right end of the top edge of what bob receives, 0 … 255: there the words are stamped. */
const corner = (page: Page) =>
  page.locator('video[aria-label="What bob receives"]').evaluate((video: HTMLVideoElement) => {
    const canvas = new OffscreenCanvas(video.videoWidth || 1, video.videoHeight || 1);
    const context = canvas.getContext('2d')!;
    context.drawImage(video, 0, 0);
    return context.getImageData(canvas.width - 4, 4, 1, 1).data[0] ?? 0;
  });

test('frames are stamped in the worker, sent, and all closed; the sound is filtered there, too', async ({
  lab,
  page,
}) => {
  await lab.run('raw-frames', { sound: 'lowpass' });
  await number(page, 'out').toBeGreaterThan(20);
  await number(page, 'blocks').toBeGreaterThan(20);
  const frames = await readRemoteFrames(page, 'bob', 5);
  expect(frames).toEqual(frames.toSorted((a, b) => a - b));
  await expect.poll(() => corner(page)).toBeGreaterThan(200);
  await number(page, 'open').toBeLessThan(3);
});

test('without streams of frames, an element and a canvas take them through the same worker @firefox', async ({
  lab,
  page,
}) => {
  await lab.run('raw-frames', { way: 'canvas' });
  await number(page, 'out').toBeGreaterThan(10);
  await readRemoteFrames(page, 'bob', 3);
  await expect.poll(() => corner(page)).toBeGreaterThan(200);
  await number(page, 'open').toBeLessThan(3);
});

test('frames that are not closed are counted as open', async ({ lab, page }) => {
  await lab.run('raw-frames', { closes: 'no', work: 'crop' });
  await number(page, 'open').toBeGreaterThan(12);
  await expect(page.getByText('Frames are not closed')).toBeVisible();
});
