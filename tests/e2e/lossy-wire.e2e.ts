import type { Page } from 'playwright/test';
import { expect, test, type TimelineDriver } from '../support/lab.ts';
import type { StatsSample } from '../../src/rtc/stats/sample.ts';

/** A video call whose packets all cross our server: no other path is left. */
const relayed = { path: 'nat-blocked', relay: 'yes' };

async function openWire(page: Page): Promise<void> {
  await page.locator('lab-pane').hover();
  await page.getByRole('tab', { name: 'Faults' }).click();
  await expect(page.getByText('What you set acts at once')).toBeVisible();
}

const roundTripMs = (sample: StatsSample | undefined) => sample?.candidatePair?.currentRoundTripTimeMs ?? 0;
const inbound = (sample: StatsSample | undefined, kind: 'audio' | 'video') =>
  sample?.inbound.find((stream) => stream.kind === kind);

/** Audio packets that came and that did not, in both directions, between two samples of each peer. */
function audioLoss(...peers: (readonly StatsSample[])[]): number {
  let lost = 0;
  let received = 0;
  for (const samples of peers) {
    const [first, last] = [inbound(samples[0], 'audio'), inbound(samples.at(-1), 'audio')];
    lost += (last?.packetsLost ?? 0) - (first?.packetsLost ?? 0);
    received += (last?.packetsReceived ?? 0) - (first?.packetsReceived ?? 0);
  }
  return lost / (lost + received);
}

test('5 % loss and 150 ms each way are seen in the statistics, and the picture survives', async ({
  lab,
  page,
}) => {
  test.setTimeout(120_000);
  const timeline = await lab.run('stun-on-the-wire', relayed);
  for (const peer of ['alice', 'bob']) await timeline.until({ kind: 'first-frame', peer });
  await openWire(page);
  const before = roundTripMs((await timeline.stats('alice', 3)).at(-1));

  await page.getByRole('button', { name: '5 % loss + 150 ms' }).click();
  const impaired = await timeline.until({ kind: 'fault', fault: 'impaired' });
  expect(impaired.text).toBe(
    'From alice to bob: 5 % are lost, 150 ms late; From bob to alice: 5 % are lost, 150 ms late',
  );
  await timeline.stats('alice', 4); // what was under way before has arrived
  const [alice, bob] = await Promise.all([timeline.stats('alice', 20), timeline.stats('bob', 20)]);

  const added = roundTripMs(alice.at(-1)) - before;
  expect(added).toBeGreaterThan(300 * 0.8);
  expect(added).toBeLessThan(300 * 1.2);
  const loss = audioLoss(alice, bob) * 100;
  expect(loss).toBeGreaterThan(3);
  expect(loss).toBeLessThan(7);
  const frames = bob.map((sample) => inbound(sample, 'video')?.framesDecoded ?? 0);
  expect(frames.at(-1)! - frames[0]!).toBeGreaterThan(60);
  expect(frames.at(-1)!).toBeGreaterThan(frames.at(-6)!);

  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await timeline.until({ kind: 'fault', text: 'the wire does nothing to the packets any more' });
  await untilSample(timeline, 'alice', (sample) => roundTripMs(sample) < 150);
});

test('a narrow wire limits the picture, and the sender says so; a link sets it from the first packet', async ({
  lab,
  page,
  context,
}) => {
  test.setTimeout(120_000);
  const wire = [{ from: 'alice', to: 'bob', rateKbps: 150 }];
  await lab.open('stun-on-the-wire', { ...relayed, faults: JSON.stringify({ seed: 1, rules: [], wire }) });
  // The drawn picture is so small already that Chromium makes it no smaller; the fake camera gives 640 × 480.
  await context.grantPermissions(['camera', 'microphone']);
  await page.locator('lab-pane').hover();
  await page.getByLabel('Picture and sound').selectOption('Camera');
  const timeline = await lab.start();
  await timeline.until({ kind: 'first-frame', peer: 'bob' }, 30_000);
  const isLimited = ({ outbound }: StatsSample) =>
    outbound.some(({ qualityLimitationReason: reason }) => reason === 'bandwidth');
  await untilSample(timeline, 'alice', isLimited, 30);
});

/** The first of the next samples that fits, one a second. */
async function untilSample(
  timeline: TimelineDriver,
  peer: string,
  fits: (sample: StatsSample) => boolean,
  most = 20,
): Promise<void> {
  for (let count = 0; count < most; count++) {
    const [sample] = await timeline.stats(peer, 1);
    if (sample && fits(sample)) return;
  }
  throw new Error(`no such sample of ${peer} in ${most} s`);
}
