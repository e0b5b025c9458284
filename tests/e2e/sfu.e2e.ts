import { expect, test as base } from 'playwright/test';
import { forwardsAsWanted, Participant } from '../support/forwarding.ts';
import { Server } from '../support/server.ts';

const test = base.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await new Server({ TURN: 'off', MCU: 'off' }).start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

test('the embedded SFU forwards what is shown, in the layer that its tile needs @firefox', async ({
  page,
  server,
}, info) => {
  await page.goto(`${server.url}/healthz`);
  const switchMs = await forwardsAsWanted(page, server.url);
  info.annotations.push({
    type: 'measured',
    description: `a larger tile has its layer after ${Math.round(switchMs)} ms`,
  });
});

test('what a publisher sends is the same for two viewers and for eight', async ({ page, server }, info) => {
  await page.goto(`${server.url}/healthz`);
  const enter = (name: string, sends: boolean) =>
    Participant.enter(page, server.url, 'upstream', name, sends);
  const alice = await enter('alice', true);
  const viewers: Participant[] = [];
  const watch = async (...names: string[]) => {
    for (const name of names) {
      const viewer = await enter(name, false);
      viewers.push(viewer);
      await viewer.want([{ width: 240, pinned: false }], alice);
    }
    for (const viewer of viewers)
      await expect
        .poll(async () => (await viewer.came(alice, 'camera')).framesDecoded, { timeout: 30_000 })
        .toBeGreaterThan(2);
  };
  /** Of thirty frames, bits for each: how many a second there are is the machine's business. */
  const bitsPerFrame = async () => {
    const before = await alice.sent();
    const frames = async () => (await alice.sent()).frames - before.frames;
    await expect.poll(frames, { timeout: 30_000 }).toBeGreaterThan(30);
    const after = await alice.sent();
    return (8 * (after.bytes - before.bytes)) / (after.frames - before.frames);
  };
  await watch('one', 'two');
  const forTwo = await bitsPerFrame();
  const { streams } = await alice.sent();
  await watch('three', 'four', 'five', 'six', 'seven', 'eight');
  const forEight = await bitsPerFrame();
  info.annotations.push({
    type: 'measured',
    description: `bits per frame: ${Math.round(forTwo)} for two, ${Math.round(forEight)} for eight`,
  });
  // A mesh would send four times as much. Estimates of the line that grow and key frames are in it.
  expect(forEight).toBeLessThan(2 * forTwo);
  expect((await alice.sent()).streams).toBe(streams);
  for (const participant of [alice, ...viewers]) participant.close();
});
