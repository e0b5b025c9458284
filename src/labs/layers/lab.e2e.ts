import type { Page } from 'playwright/test';
import { expect, test } from '../../../tests/support/lab.ts';

const layer = (page: Page, id: string) => page.locator(`[data-layer=${id}]`);

test('a call with everything lights every layer with its own values @firefox', async ({ lab, page }) => {
  const timeline = await lab.run('layers');
  await expect(page.locator('[data-layer][data-lit]')).toHaveCount(8);
  const shown = await layer(page, 'rtp').locator('dd').first().textContent();
  const counted = (await timeline.entries()).flatMap((entry) =>
    entry.kind === 'stats' && entry.peer === 'alice'
      ? entry.sample.outbound.map(({ ssrc }) => `${ssrc}`)
      : [],
  );
  expect(counted).toContain(shown);
  await expect(layer(page, 'dtls')).toContainText(/DTLS 1\.[23]/);
  await expect(layer(page, 'sctp')).toContainText(/\d+ bytes/);
});

test('data alone needs neither RTP nor SRTP @firefox', async ({ lab, page }) => {
  await lab.run('layers', { content: 'data' });
  await expect(layer(page, 'ip')).toContainText('Bytes sent');
  await expect(page.locator('[data-layer][data-lit]')).toHaveCount(6);
  await expect(layer(page, 'srtp')).not.toHaveAttribute('data-lit');
});
