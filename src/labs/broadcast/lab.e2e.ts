import { expect, test } from '../../../tests/support/lab.ts';

test('one clock comes twice, over WebRTC and in parts over HTTP, and the parts are later @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('broadcast', { by: 'parts' });
  for (const peer of ['alice', 'bob'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  const picture = (way: string) => page.locator(`[data-counted="over ${way}"] p`);
  await expect(picture('WebRTC')).toHaveAttribute('data-whose', 'alice', { timeout: 20_000 });
  await expect(picture('HTTP')).toHaveAttribute('data-whose', 'alice', { timeout: 30_000 });
  await expect(page.locator('.broadcast .ends-verdict')).toHaveText(
    /Over WebRTC .* ms late, in pieces .* ms\./,
  );
});
