import { expect, test } from '../../../tests/support/lab.ts';

test('two libraries are unpacked, and what they bring is read from them @firefox', async ({ lab, page }) => {
  await lab.run('what-they-bring');
  await expect(page.locator('.brings [role=status]')).toContainText('Both are loaded', { timeout: 20_000 });
  const cell = (row: string, at: number) => page.locator(`.brings [data-row=${row}] td`).nth(at);
  for (const at of [0, 1]) await expect(cell('size', at)).toHaveText(/^[1-9]\d+ kB$/);
  await expect(cell('servers', 0)).toContainText('stun:global.stun.twilio.com:3478');
  await expect(cell('servers', 1)).toContainText('wss://0.peerjs.com:443');
});
