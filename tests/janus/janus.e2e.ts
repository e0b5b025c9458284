import { test } from 'playwright/test';
import { forwardsAsWanted } from '../support/forwarding.ts';
import { startJanus } from '../support/janus.ts';
import { Server } from '../support/server.ts';

test('Janus forwards as the embedded SFU does', async ({ page }) => {
  await using janus = await startJanus();
  await using server = await new Server({
    SFU: 'janus',
    JANUS_URL: janus.url,
    JANUS_API_SECRET: janus.secret,
    JANUS_ROOM_KEY: janus.roomKey,
    JANUS_ADMIN_URL: janus.adminUrl,
    JANUS_ADMIN_SECRET: janus.adminSecret,
    TURN: 'off',
    MCU: 'off',
  }).start();
  await page.goto(`${server.url}/healthz`);
  await forwardsAsWanted(page, server.url);
});
