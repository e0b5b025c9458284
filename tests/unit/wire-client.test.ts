import { afterEach, expect, test, vi } from 'vitest';
import { Bench } from '../../src/rtc/bench.ts';
import { WireClient } from '../../src/rtc/signaling/wire-client.ts';
import { serve } from '../support/serve.ts';

afterEach(() => vi.unstubAllGlobals());

const benchOf = (signal: AbortSignal) =>
  new Bench({
    lab: 'test',
    arrangement: 'loopback',
    controls: {},
    seats: [
      { self: 'alice', other: 'bob', offers: true },
      { self: 'bob', other: 'alice', offers: false },
    ],
    openMedia: () => Promise.reject(new Error('no media')),
    signal,
  });

test('a bench asks its server for the servers of each peer, over one line, and closes it', async () => {
  await using server = await serve();
  vi.stubGlobal('location', new URL(server.url));
  const end = new AbortController();
  const bench = benchOf(end.signal);
  const [alice, bob] = await Promise.all([
    bench.iceServers('alice', { transports: ['udp'] }),
    bench.iceServers('bob'),
  ]);
  expect(alice).toEqual([
    {
      urls: [expect.stringMatching(/^turn:.*\?transport=udp$/)],
      username: expect.stringMatching(/\.alice$/) as string,
      credential: expect.any(String) as string,
    },
  ]);
  expect(bob).toHaveLength(2);
  const peers = async () => ((await (await fetch(`${server.url}healthz`)).json()) as { peers: number }).peers;
  expect(await peers()).toBe(1);
  bench.close();
  await vi.waitFor(async () => expect(await peers()).toBe(0));
});

test('a server without TURN is an error with a sentence', async () => {
  await using server = await serve({ turn: { kind: 'off' } });
  vi.stubGlobal('location', new URL(server.url));
  const bench = benchOf(new AbortController().signal);
  await expect(bench.iceServers('alice')).rejects.toMatchObject({
    code: 'turn-unavailable',
    message: 'This server was started without STUN and TURN (TURN=off).',
  });
  bench.close();
});

test('a restart of the server leaves the session as it was, and is told', async () => {
  await using server = await serve();
  vi.stubGlobal('location', new URL(server.url));
  const end = new AbortController();
  const wire = await WireClient.open(end.signal);
  const { session } = await wire.ask('ice:servers', { peer: 'alice' });
  const returned = new Promise<void>((resolve) => wire.onReturn(resolve));
  await server.restart();
  await returned;
  expect((await wire.ask('ice:servers', { peer: 'alice' })).session).toBe(session);
  end.abort();
}, 15_000);
