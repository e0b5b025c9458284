import type { Page } from 'playwright/test';
import { expect, test, type LabDriver } from '../../../tests/support/lab.ts';
import { readRemoteFrames } from '../../../tests/support/media.ts';

/** Starts the call, waits for both pictures, and lets alice's network change. */
async function lose(lab: LabDriver, page: Page, ladder: string) {
  const timeline = await lab.run('ice-restart', { ladder });
  for (const peer of ['alice', 'bob'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  const frames = await readRemoteFrames(page, 'bob', 5);
  await page.getByRole('button', { name: 'Change alice’s network' }).click();
  await timeline.until({ kind: 'fault', fault: 'network', peer: 'alice' });
  return { timeline, lastFrame: frames.at(-1) ?? 0 };
}
const story = (page: Page) => page.getByRole('region', { name: 'What happened' });
const ufragsOf = (sdps: readonly string[]) =>
  new Set(sdps.map((sdp) => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1]));

test('a restart when disconnected brings the same picture back, with new names and addresses @firefox', async ({
  lab,
  page,
}) => {
  test.setTimeout(90_000);
  const { timeline, lastFrame } = await lose(lab, page, 'disconnected');
  await timeline.until({ kind: 'measure', peer: 'bob', name: 'without a new frame' }, 40_000);
  await expect(story(page)).toContainText(/The picture is back\. It was away for [\d.]+ s/);
  const after = await readRemoteFrames(page, 'bob', 5);
  expect(after[0]).toBeGreaterThan(lastFrame);

  const entries = await timeline.entries();
  const lostAt = entries.findIndex((entry) => entry.kind === 'fault');
  const offers = entries.flatMap((entry) =>
    entry.kind === 'description' && entry.peer === 'alice' && entry.side === 'local' ? [entry.sdp] : [],
  );
  expect(ufragsOf(offers).size).toBe(2);
  const fingerprints = offers.map((sdp) => /^a=fingerprint:(.*)/m.exec(sdp)?.[1]);
  expect(new Set(fingerprints).size).toBe(1);
  expect(entries.filter(({ kind }) => kind === 'peer-opened')).toHaveLength(2);
  const relayedOf = (list: typeof entries) =>
    list.flatMap((entry) =>
      entry.kind === 'candidate' && entry.peer === 'alice' && entry.side === 'local' ? [entry.candidate] : [],
    );
  const [before, then] = [relayedOf(entries.slice(0, lostAt)), relayedOf(entries.slice(lostAt))];
  expect(then.filter((candidate) => candidate.includes('relay')).length).toBeGreaterThan(0);
  expect(then.some((candidate) => before.includes(candidate))).toBe(false);
});

test('a new connection brings it back too, and the camera was opened once', async ({ lab, page }) => {
  test.setTimeout(90_000);
  const { timeline, lastFrame } = await lose(lab, page, 'new');
  await timeline.until({ kind: 'measure', peer: 'bob', name: 'without a new frame' }, 40_000);
  await expect(story(page)).toContainText('opens a new connection');
  const after = await readRemoteFrames(page, 'bob', 5);
  expect(after[0]).toBeGreaterThan(lastFrame);
  const entries = await timeline.entries();
  expect(entries.filter(({ kind }) => kind === 'peer-opened')).toHaveLength(4);
});

test('nobody does anything: disconnected, then failed, and it stays so', async ({ lab, page }) => {
  test.setTimeout(120_000);
  const { timeline } = await lose(lab, page, 'nothing');
  await expect(story(page)).toContainText('no browser has noticed');
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'disconnected' }, 30_000);
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'failed' }, 60_000);
  await expect(story(page)).toContainText('From failed no connection comes back by itself');
  expect(await timeline.has({ kind: 'measure', peer: 'bob', name: 'without a new frame' })).toBe(false);
});

test('whoever waits for failed gets the picture back later', async ({ lab, page }) => {
  test.setTimeout(120_000);
  const { timeline } = await lose(lab, page, 'failed');
  const gap = await timeline.until({ kind: 'measure', peer: 'bob', name: 'without a new frame' }, 60_000);
  expect(gap.valueMs).toBeGreaterThan(10_000);
});

test('a tunnel: waiting is enough, and the pair stays the same', async ({ lab, page }) => {
  test.setTimeout(90_000);
  const timeline = await lab.run('ice-restart', { ladder: 'wait' });
  for (const peer of ['alice', 'bob'])
    await timeline.until({ kind: 'connection-state', peer, state: 'connected' });
  await readRemoteFrames(page, 'bob', 5);
  await page.getByRole('button', { name: 'Enter a tunnel' }).click();
  await timeline.until({ kind: 'connection-state', peer: 'alice', state: 'disconnected' }, 30_000);
  await page.getByRole('button', { name: 'Leave the tunnel' }).click();
  await timeline.until({ kind: 'measure', peer: 'bob', name: 'without a new frame' }, 30_000);
  await expect(story(page)).toContainText('Out of the tunnel');
  const entries = await timeline.entries();
  expect(entries.filter(({ kind }) => kind === 'peer-opened')).toHaveLength(2);
  expect(entries.some((entry) => entry.kind === 'call' && entry.method === 'restartIce')).toBe(false);
});
