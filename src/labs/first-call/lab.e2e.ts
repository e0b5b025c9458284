import { callSteps, checkOrder, mediaSteps, mergeRecords } from '../../rtc/order.ts';
import { expect, LabDriver, test, type TimelineDriver } from '../../../tests/support/lab.ts';
import { frameRates, readRemoteFrames } from '../../../tests/support/media.ts';

const steps = [...callSteps('alice', 'bob'), ...mediaSteps('alice', 'bob')];

/** The call is up: both peers of this page, or the one that it hosts, decode frames. */
async function untilFrames(timeline: TimelineDriver, ...peers: string[]): Promise<void> {
  for (const peer of peers) {
    await timeline.until({ kind: 'first-frame', peer });
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  }
}

/** Opens the lab on both pages; the first has taken its seat before the second comes. */
async function meet(first: LabDriver, second: LabDriver, room: string): Promise<void> {
  const query = { room, arrangement: 'two-devices' };
  await first.open('first-call', query);
  await first.untilWaiting();
  await second.open('first-call', query);
}

test('one click connects two peers through the signaling server, and the record keeps the order of the standards @firefox', async ({
  lab,
}) => {
  const timeline = await lab.run('first-call');
  await untilFrames(timeline, 'alice', 'bob');
  // Frames may come before the last candidate that was sent does: the checks had found its address by themselves.
  await expect.poll(async () => checkOrder(await timeline.entries(), steps)).toEqual([]);
});

test('both directions decode the synthetic picture, whose counter grows in the remote pixels @firefox', async ({
  lab,
  page,
}) => {
  const timeline = await lab.run('first-call');
  await untilFrames(timeline, 'alice', 'bob');
  for (const peer of ['alice', 'bob']) {
    const frames = await readRemoteFrames(page, peer, 12);
    expect(frames).toHaveLength(12);
    expect(frames.toSorted((a, b) => a - b)).toEqual(frames);
    expect(new Set(frames).size).toBeGreaterThan(6);
  }
});

test('both directions decode at least 25 frames a second', async ({ lab }) => {
  const timeline = await lab.run('first-call');
  await untilFrames(timeline, 'alice', 'bob');
  for (const peer of ['alice', 'bob']) {
    // The best of several seconds: a machine that is busy with something else for one of them proves nothing.
    expect(Math.max(...(await frameRates(timeline, peer, 4)))).toBeGreaterThanOrEqual(25);
  }
});

test('shows offer and answer side by side and explains the line in focus', async ({ lab, page }) => {
  const timeline = await lab.run('first-call');
  await untilFrames(timeline, 'alice', 'bob');
  await page.getByRole('tab', { name: 'SDP' }).click();
  const panel = page.locator('[data-panel=sdp]');
  await panel.getByText('a=fingerprint').first().click();
  await expect(panel.getByText(/RFC 8122|RFC 8842/).first()).toBeVisible();
});

test('stop ends peers, pictures and sockets; run again starts a new record', async ({ lab, page }) => {
  const timeline = await lab.run('first-call');
  await untilFrames(timeline, 'alice');
  await page.getByRole('button', { name: 'Stop' }).click();
  await timeline.until({ kind: 'run-ended', why: 'stopped' });
  expect(await timeline.has({ kind: 'peer-closed', peer: 'alice' })).toBe(true);
  await page.getByRole('button', { name: 'Run again' }).click();
  await untilFrames(timeline, 'alice', 'bob');
});

test('a call over two devices: both records together keep the order of the standards', async ({
  lab,
  browser,
  server,
}) => {
  await using there = await browser.newContext({ baseURL: server.url });
  const other = new LabDriver(await there.newPage());
  await meet(lab, other, 'two-contexts');

  // The newcomer offers: it is alice, and the page that waited is bob.
  await untilFrames(lab.timeline, 'bob');
  await untilFrames(other.timeline, 'alice');
  await expect
    .poll(async () =>
      checkOrder(mergeRecords(await other.timeline.entries(), await lab.timeline.entries()), steps),
    )
    .toEqual([]);
  for (const [{ page }, peer] of [
    [lab, 'bob'],
    [other, 'alice'],
  ] as const) {
    const frames = await readRemoteFrames(page, peer, 6);
    expect(frames.at(-1)).toBeGreaterThan(frames[0] ?? Infinity);
  }
});

test('a call over two tabs of one browser needs no server', async ({ lab, context }) => {
  const query = { room: 'two-tabs', arrangement: 'two-tabs' };
  await lab.open('first-call', query);
  await lab.untilWaiting(); // who comes later offers
  const other = new LabDriver(await context.newPage());
  await other.open('first-call', query);
  await untilFrames(other.timeline, 'alice');
  expect(await other.timeline.has({ kind: 'connection-state', peer: 'alice', state: 'connected' })).toBe(
    true,
  );
  await lab.timeline.until({ kind: 'connection-state', peer: 'bob', state: 'connected' });
});

test('the other side reloads: the old call ends and a new one begins', async ({ lab, browser, server }) => {
  await using there = await browser.newContext({ baseURL: server.url });
  const other = new LabDriver(await there.newPage());
  await meet(lab, other, 'reload');
  await untilFrames(lab.timeline, 'bob');
  await lab.nextRun(() => other.page.reload());
  await untilFrames(lab.timeline, 'bob');
  await untilFrames(other.timeline, 'alice');
});

test('a third visitor is told that the call is full', async ({ lab, browser, server }) => {
  await using there = await browser.newContext({ baseURL: server.url });
  await meet(lab, new LabDriver(await there.newPage()), 'full');
  await untilFrames(lab.timeline, 'bob');
  const third = new LabDriver(await there.newPage());
  await third.open('first-call', { room: 'full', arrangement: 'two-devices' });
  await expect(third.page.getByRole('alert')).toContainText('Two peers sit in this room already');
});

test('a link that makes no sense is explained, and the lab still runs', async ({ lab, page }) => {
  await lab.open('first-call', { arrangement: 'carrier-pigeon', room: '<img src=x onerror=alert(1)>' });
  await expect(page.getByText('which is none of: one-page')).toBeVisible();
  await expect(page.getByText('a room is 1 to 64 letters')).toBeVisible();
  await untilFrames(await lab.start(), 'alice', 'bob');
});

test('a camera that is refused is explained, and the synthetic picture remains', async ({
  lab,
  page,
  context,
}) => {
  await context.clearPermissions();
  await page.addInitScript(() => {
    const denied = () => Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
    Object.defineProperty(navigator.mediaDevices, 'getUserMedia', { value: denied });
  });
  await lab.open('first-call');
  await page.locator('lab-pane').hover();
  await page.getByLabel('Picture and sound').selectOption('Camera');
  await page.locator('lab-pane [data-run]').click();
  await expect(page.getByRole('alert')).toContainText('did not let this page use the camera');
  await page.getByLabel('Picture and sound').selectOption('Synthetic');
  await page.locator('lab-pane [data-run]').click();
  await untilFrames(lab.timeline, 'alice', 'bob');
});

test('the other page is gone without a word: the call that lost its path is explained', async ({
  lab,
  browser,
  server,
}) => {
  test.slow(); // ICE takes its time: disconnected after 5 s, failed after 15 s (RFC 7675 §5.1)
  await using there = await browser.newContext({ baseURL: server.url });
  const other = new LabDriver(await there.newPage());
  await meet(lab, other, 'lost');
  await untilFrames(lab.timeline, 'bob');
  await untilFrames(other.timeline, 'alice');
  // Only the connection goes: the page stays in its room and says nothing.
  await other.page.evaluate(async () => {
    type Pane = HTMLElement & { load(): Promise<{ bench: { value: { close(): void } } }> };
    (await document.querySelector<Pane>('lab-pane')?.load())?.bench.value.close();
  });
  await expect(lab.page.getByRole('alert')).toContainText('No candidate pair answered', { timeout: 40_000 });
});
