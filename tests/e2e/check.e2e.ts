import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import AxeBuilder from '@axe-core/playwright';
import type { Report } from '../../src/rtc/check/report.ts';
import { CheckDriver } from '../support/check.ts';
import { coturnMissing, credentialOf, startCoturn } from '../support/coturn.ts';
import { expect, test } from '../support/lab.ts';
import { Server } from '../support/server.ts';

/** Firefox asks no server on loopback, so the tests use an address of this machine where it has another one. */
const address =
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1';

/** A port at which nobody listens. */
const DEAD_PORT = 3999;

const login = (secret: string) => {
  const { username, password } = credentialOf(secret, 'check.alice');
  return { username, credential: password };
};

test('a coturn that works is said to work, over UDP and TCP, with bytes through it @firefox', async ({
  page,
}) => {
  test.skip(coturnMissing !== undefined, coturnMissing);
  await using coturn = await startCoturn({ address });
  const { username, credential } = login(coturn.secret);
  const at = `${address}:${coturn.port}`;
  const urls = [`stun:${at}`, `turn:${at}?transport=udp`, `turn:${at}?transport=tcp`];
  const check = await new CheckDriver(page).open();
  await (await check.fill(urls.join('\n'), { username, credential })).start();
  expect(await check.verdict()).toBe('Everything works');
  expect(await check.rules()).toEqual([expect.stringMatching(/^stun-/), 'turn-works', 'turn-works']);
  const { urls: seen, direct } = await check.observations();
  for (const { call, transport } of seen.slice(1)) {
    expect(call).toMatchObject({ outcome: 'bytes', numbered: { sent: 200 } });
    expect(call?.pair).toMatchObject({ local: 'relay', relayProtocol: transport });
    expect(call?.rttMs?.median).toBeGreaterThan(0);
    expect(call?.throughput?.bytes).toBeGreaterThan(100_000);
  }
  expect(direct?.outcome).toBe('bytes');
  await expect(page.locator('.check-configuration')).toContainText(urls[2] ?? '');
  // Nobody but the given server was asked: a page's policy does not reach what ICE does.
  expect(new Set(await check.asked())).toEqual(new Set(urls));
});

test('the playground’s own server works in every way that it is offered, and nobody else is asked @firefox', async ({
  page,
}) => {
  const check = await new CheckDriver(page).open();
  await check.start();
  expect(await check.verdict()).toBe('Everything works');
  const { urls } = await check.observations();
  expect(new Set(urls.map(({ scheme, transport }) => `${scheme} ${transport}`))).toEqual(
    new Set(['stun udp', 'turn udp', 'turn tcp']),
  );
  for (const { call, scheme } of urls) expect(call?.outcome).toBe(scheme === 'turn' ? 'bytes' : undefined);
  expect(new Set(await check.asked())).toEqual(new Set(urls.map(({ url }) => url)));
  expect(await check.recording()).toContain('"kind":"wire-message"');
});

test.describe('without a server of its own', () => {
  test('the page says so and what to do, and others can still be tested', async ({ page }) => {
    await using server = await new Server({ TURN: 'off' }).start();
    const check = await new CheckDriver(page).open(server.url);
    await check.start();
    await expect(page.getByRole('alert').filter({ hasText: 'TURN=off' })).toContainText('TURN=embedded');
    await check.fill(`turn:127.0.0.1:${DEAD_PORT}?transport=tcp`, { username: 'ann', credential: 'secret' });
    await check.start();
    expect(await check.verdict()).toBe('Nobody listens there');
  });
});

test('a wrong credential is named within five seconds, and is nowhere to be found afterwards', async ({
  page,
  context,
}) => {
  test.skip(coturnMissing !== undefined, coturnMissing);
  await using coturn = await startCoturn();
  const { username } = login(coturn.secret);
  const credential = 'a-credential-of-a-stranger';
  const check = await new CheckDriver(page).open();
  const url = `turn:127.0.0.1:${coturn.port}?transport=udp`;
  await (await check.fill(url, { username, credential })).start();
  expect(await check.verdict(5_000)).toBe('The user name or the credential is refused');
  expect(await check.rules()).toEqual(['turn-401']);

  await page.getByLabel('Without addresses').check();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save report' }).click();
  const report = readFileSync(await (await downloading).path(), 'utf8');
  expect((JSON.parse(report) as Report).verdict.urls[0]?.rule).toBe('turn-401');
  const recording = await check.recording();
  expect(recording).toContain('candidate-error');
  for (const kept of [report, recording, page.url(), JSON.stringify(await context.storageState())])
    for (const secret of [credential, username, 'check.alice']) expect(kept).not.toContain(secret);

  const opening = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Open in replay' }).click();
  const replay = await opening;
  await expect(replay.getByRole('slider')).toBeVisible();
  await expect(replay.getByRole('heading', { name: 'STUN and TURN check' })).toBeVisible();
});

test('a port where nobody listens: refused at once over TCP, given up over UDP before the browser does', async ({
  page,
}) => {
  const check = await new CheckDriver(page).open();
  const urls = ['udp', 'tcp'].map((transport) => `turn:127.0.0.1:${DEAD_PORT}?transport=${transport}`);
  await (await check.fill(urls.join('\n'), { username: 'ann', credential: 'secret' })).start();
  expect(await check.verdict(10_000)).toBe('The server does not answer');
  expect(await check.rules()).toEqual(['udp-silent', 'tcp-refused']);
  const { urls: seen } = await check.observations();
  expect(seen[0]?.gathering).toMatchObject({ ended: 'deadline', errors: [] });
  expect(seen[1]?.gathering.errors[0]?.code).toBe(701);
  await expect(page.getByText(/for up to 40 s/)).toBeVisible();
});

test('a server that lends addresses and passes nothing on is found out', async ({ page }) => {
  test.skip(coturnMissing !== undefined, coturnMissing);
  await using coturn = await startCoturn({ peers: 'none' });
  const check = await new CheckDriver(page).open();
  const url = `turn:127.0.0.1:${coturn.port}?transport=udp`;
  await (await check.fill(url, login(coturn.secret))).start();
  expect(await check.verdict()).toBe('The server lends an address, but nothing passes');
  expect(await check.rules()).toEqual(['turn-no-path']);
});

test('what cannot be a server is said before anything is asked, and a slip is repaired with one click', async ({
  page,
}) => {
  const check = await new CheckDriver(page).open();
  await (await check.fill('turn://turn.example.org:3478', { username: 'ann', credential: 'secret' })).start();
  await expect(page.getByRole('alert')).toContainText('There is no // after turn:');
  await page.getByRole('button', { name: 'Write turn:turn.example.org:3478' }).click();
  await expect(page.getByLabel(/URLs, one on a line/)).toHaveValue('turn:turn.example.org:3478');
  await (await check.fill("[{ urls: 'turn:b', username: 'u', credentials: '' }]")).start();
  await expect(page.getByRole('alert')).toContainText('The credential is missing');
  expect(await check.asked()).toEqual([]);
  await expect(page.locator('#check-title')).toHaveCount(0);
});

test('a check can be stopped; what was seen until then is judged', async ({ page }) => {
  const check = await new CheckDriver(page).open();
  await (await check.fill(`turn:127.0.0.1:${DEAD_PORT}`, { username: 'ann', credential: 'secret' })).start();
  await expect(page.getByText('asking …')).toBeVisible();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  expect(await check.verdict(5_000)).toBe('The check was not finished');
});

for (const scheme of ['light', 'dark'] as const)
  test(`axe finds nothing serious in a verdict, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    const check = await new CheckDriver(page).open();
    await (
      await check.fill(`turn:127.0.0.1:${DEAD_PORT}?transport=tcp`, { username: 'ann', credential: 'secret' })
    ).start();
    await check.verdict();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
