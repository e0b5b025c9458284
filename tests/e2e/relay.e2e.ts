import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepCertificate } from '../../server/certificate.ts';
import { machineAddresses } from '../../server/stun-turn/addresses.ts';
import type { FaultPlan } from '../../src/rtc/faults/plan.ts';
import { coturnMissing, freePort, startCoturn } from '../support/coturn.ts';
import { expect, test } from '../support/lab.ts';
import { RelayPage, relayServer } from '../support/relay.ts';

/** Both ends of the pair in use, as the page recorded them. */
async function pairsOf(page: RelayPage) {
  const samples = await Promise.all(
    ['alice', 'bob'].map(async (peer) => (await page.entries('stats', peer)).at(-1)),
  );
  return samples.map((entry) => {
    const pair = entry?.sample.candidatePair;
    return { local: pair?.local.type, remote: pair?.remote.type, relayProtocol: pair?.local.relayProtocol };
  });
}

/** Frames that a peer has decoded, when there are at least as many. */
const decodes = (page: RelayPage, peer: string, frames: number) =>
  page.until('stats', peer, (entries) =>
    (entries.at(-1)?.sample.inbound ?? []).some(({ framesDecoded = 0 }) => framesDecoded >= frames),
  );

const off = (one: number, other: number) => Math.abs(one - other) / Math.max(one, other, 1);

/** One after the other: where each is in a worker of its own, the calls of `beforeAll` are made for each of them. */
test.describe.configure({ mode: 'default' });

/** Calls that begin before the other tests of this file and are looked at after them: 90 s that nobody waits for. */
const LONG_MS = 92_000;
const LIFETIME_SEC = 20;
const long = new Map<'usual' | 'short', RelayPage>();
const resources: AsyncDisposable[] = [];
test.beforeAll(async ({ playwright, browserName }, { project }) => {
  if (browserName !== 'chromium') return;
  const browser = await playwright.chromium.launch(project.use.launchOptions);
  resources.push(browser);
  for (const [lifetime, env] of [
    ['usual', {}],
    ['short', { TURN_LIFETIME_SEC: `${LIFETIME_SEC}` }],
  ] as const) {
    const server = await relayServer(env);
    resources.push(server);
    const relay = await RelayPage.open(await browser.newPage(), server);
    expect(await relay.call({ transport: 'udp', media: 'data' })).toEqual({ up: true });
    long.set(lifetime, relay);
  }
});
test.afterAll(async () => {
  for (const each of resources) await each[Symbol.asyncDispose]();
});

for (const transport of ['udp', 'tcp'] as const)
  test(`a video call through our relay over ${transport.toUpperCase()}: decoded, relay at both ends, bytes agree @firefox`, async ({
    page,
  }) => {
    await using server = await relayServer();
    const relay = await RelayPage.open(page, server);
    expect(await relay.call({ transport, media: 'video' })).toEqual({ up: true });
    for (const peer of ['alice', 'bob']) await decodes(relay, peer, 120);
    const pair = { local: 'relay', remote: 'relay', relayProtocol: transport };
    expect(await pairsOf(relay)).toEqual([pair, pair]);

    await relay.hush();
    // Our server counts what it relays; the browser leaves out its connectivity checks, which go on.
    const differences = async () => {
      const counts = await Promise.all(
        ['alice', 'bob'].map(async (peer) => [await relay.browserCount(peer), await relay.serverCount(peer)]),
      );
      return counts.flatMap(([browser, own]) =>
        (['fromClient', 'toClient'] as const).map((way) => off(browser?.[way] ?? 0, own?.[way] ?? 0)),
      );
    };
    await expect.poll(async () => Math.max(...(await differences()))).toBeLessThan(0.01);
    await relay.end();
  });

test('the same page through a coturn (TURN=coturn)', async ({ page }) => {
  test.skip(coturnMissing !== undefined, coturnMissing);
  await using coturn = await startCoturn();
  const at = `turn:${coturn.address}:${coturn.port}`;
  await using server = await relayServer({
    TURN: 'coturn',
    TURN_URLS: `${at}?transport=udp,${at}?transport=tcp`,
    TURN_SECRET: coturn.secret,
  });
  for (const transport of ['udp', 'tcp'] as const) {
    const relay = await RelayPage.open(page, server);
    expect(await relay.call({ transport, media: 'video' })).toEqual({ up: true });
    for (const peer of ['alice', 'bob']) await decodes(relay, peer, 30);
    const pair = { local: 'relay', remote: 'relay', relayProtocol: transport };
    expect(await pairsOf(relay)).toEqual([pair, pair]);
    await relay.end();
  }
  expect(coturn.log.filter((line) => line.includes('ALLOCATE processed, success')).length).toBeGreaterThan(3);
});

test('over TLS, with the certificate of the site (a self-signed one, which Chromium is told to take)', async ({
  playwright,
}, { project }) => {
  const folder = await mkdtemp(join(tmpdir(), 'peerscope-tls-'));
  const names = ['localhost', ...machineAddresses().map(({ address }) => address)];
  const pair = await keepCertificate(folder, names);
  for (const part of ['key', 'cert'] as const) await writeFile(join(folder, part), pair[part]);
  await using server = await relayServer({
    HTTPS: 'on',
    HTTPS_KEY: join(folder, 'key'),
    HTTPS_CERT: join(folder, 'cert'),
    TURN_TLS_PORT: `${await freePort('127.0.0.1')}`,
  });
  const { launchOptions } = project.use;
  await using browser = await playwright.chromium.launch({
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--ignore-certificate-errors'],
  });
  const relay = await RelayPage.open(await browser.newPage({ ignoreHTTPSErrors: true }), server);
  expect(await relay.call({ transport: 'tls', media: 'video' })).toEqual({ up: true });
  for (const peer of ['alice', 'bob']) await decodes(relay, peer, 30);
  const way = { local: 'relay', remote: 'relay', relayProtocol: 'tls' };
  expect(await pairsOf(relay)).toEqual([way, way]);
  await relay.end();
  await rm(folder, { recursive: true });
});

test('a wrong TURN credential, by the fault board: 401, in words @firefox', async ({ page }) => {
  await using server = await relayServer();
  const relay = await RelayPage.open(page, server);
  const faults: FaultPlan = {
    seed: 1,
    rules: [{ message: 'configuration', fault: { do: 'alter', what: 'turn-credential' } }],
  };
  const outcome = await relay.call({ transport: 'udp', media: 'data', faults });
  expect(outcome).toMatchObject({ up: false, code: 'turn-unauthorized' });
  expect('text' in outcome && outcome.text).toContain('The user name or the credential is wrong');
});

test('a quota that is reached: 486, in words, and the call that runs goes on @firefox', async ({ page }) => {
  await using server = await relayServer({ TURN_USER_QUOTA: '1' });
  const relay = await RelayPage.open(page, server);
  expect(await relay.call({ transport: 'udp', media: 'data' })).toEqual({ up: true });
  const outcome = await relay.another('udp');
  expect(outcome).toMatchObject({ up: false, code: 'turn-refused' });
  expect('text' in outcome && outcome.text).toContain('486');
  expect('text' in outcome && outcome.text).toContain(
    'This user has as many allocations as the server allows',
  );
  const before = (await relay.browserCount('alice')).toClient;
  await relay.until(
    'stats',
    'alice',
    (entries) => (entries.at(-1)?.sample.candidatePair?.bytesReceived ?? 0) > before,
  );
  await relay.end();
});

test('TURN_PORT is taken: the next one is used, and the page is told', async ({ page }) => {
  const other = createSocket('udp4').bind(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address();
  await using server = await relayServer({ TURN_PORT: `${port}` });
  const relay = await RelayPage.open(page, server);
  expect(await relay.call({ transport: 'udp', media: 'data' })).toEqual({ up: true });
  const [opened] = await relay.entries('peer-opened', 'alice');
  const ports = (opened?.configuration.iceServers ?? [])
    .flatMap(({ urls }) => urls)
    .map((url) => Number(/:(\d+)(\?|$)/.exec(url)?.[1]));
  expect(ports.length).toBeGreaterThan(0);
  expect(ports.every((each) => each > port && each < port + 20)).toBe(true);
  const health = (await (await fetch(`${server.url}/healthz`)).json()) as {
    parts: { turn: { port: number; allocations: number } };
  };
  expect(ports).toContain(health.parts.turn.port);
  expect(health.parts.turn.allocations).toBeGreaterThan(0);
  await relay.end();
  other.close();
});

test('TURN=off: the page says that there is none', async ({ page }) => {
  await using server = await relayServer({ TURN: 'off' });
  const relay = await RelayPage.open(page, server);
  const outcome = await relay.call({ transport: 'udp', media: 'data' });
  expect(outcome).toMatchObject({ up: false, code: 'turn-unavailable' });
  expect('text' in outcome && outcome.text).toContain('TURN=off');
});

test('a relayed call lasts for more than 90 s, and one whose allocations live for 20 s is refreshed', async () => {
  test.setTimeout(LONG_MS + 60_000);
  for (const [lifetime, relay] of long) {
    const [connected] = await relay.entries('connection-state', 'alice');
    const end = (connected?.atMs ?? 0) + LONG_MS;
    await relay.until('stats', 'alice', (entries) => (entries.at(-1)?.atMs ?? 0) > end, LONG_MS + 20_000);
    for (const peer of ['alice', 'bob']) {
      const states = (await relay.entries('connection-state', peer)).map(({ state }) => state);
      expect(states, `${lifetime} lifetime, ${peer}`).toEqual(['connecting', 'connected']);
      // Ten messages a second in each direction, to the last second.
      const samples = (await relay.entries('stats', peer)).map(({ sample }) => sample.candidatePair);
      const [before, last] = [samples.at(-3)?.bytesReceived ?? 0, samples.at(-1)?.bytesReceived ?? 0];
      expect(last - before, `${lifetime} lifetime, ${peer}`).toBeGreaterThan(200);
    }
  }
  for (const peer of ['alice', 'bob']) {
    const refreshes = (await long.get('short')?.messages(peer))?.filter((name) => name === 'Refresh success');
    expect(refreshes?.length).toBeGreaterThanOrEqual(Math.floor(LONG_MS / 1000 / LIFETIME_SEC));
  }
});
