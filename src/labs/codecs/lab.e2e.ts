import { expect, test } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

test('VP9 is used when it is put in front, and a limit and a smaller picture need no offer @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('codecs', { codec: 'VP9' });
  await timeline.until({ kind: 'first-frame', peer: 'bob' });
  await expect(page.locator('[data-field=codec]')).toHaveText('VP9');
  await expect(page.locator('[data-field=decoded]')).toHaveText('VP9');
  const offers = async () =>
    (await timeline.entries()).filter((entry) => entry.kind === 'description' && entry.type === 'offer')
      .length;
  const before = await offers();

  await page.getByLabel('scaleResolutionDownBy').selectOption('2');
  await expect(page.locator('[data-field=width]')).toHaveText('160 pixels');
  await page.getByLabel('maxBitrate').selectOption('50000');
  await expect
    .poll(async () => Number.parseInt((await page.locator('[data-field=bitrate]').textContent()) ?? '', 10))
    .toBeLessThan(75);
  expect((await readRemoteFrames(page, 'bob', 2)).length).toBe(2);
  expect(await offers()).toBe(before);
});

test('only the necessary header extensions are offered, and the picture comes all the same', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('codecs', { extensions: 'few' });
  await timeline.until({ kind: 'first-frame', peer: 'bob' });
  await expect(page.getByRole('region', { name: 'Header extensions' })).toContainText(
    /transport-wide-cc, mid, rtp-stream-id, repaired-rtp-stream-id/,
  );
});
