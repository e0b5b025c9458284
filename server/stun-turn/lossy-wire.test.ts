import { expect, test, vi } from 'vitest';
import { serve, type TestPeer } from '../../tests/support/serve.ts';
import { peer, plain, text, TurnClient } from '../../tests/support/turn-client.ts';
import { LossyWire } from './lossy-wire.ts';

const alice = { session: 'one', label: 'alice' };

/** What the TURN server does with a packet that it relays. */
function pass(wire: LossyWire, owner: typeof alice, way: 'up' | 'down', nth: number, passed: number[]): void {
  const go = ([first]: Uint8Array) => void passed.push(first ?? -1);
  const bytes = new Uint8Array([nth]);
  if (wire.hook) wire.hook(owner, way, bytes, go);
  else go(bytes);
}

function setUp() {
  vi.useFakeTimers();
  const wire = new LossyWire(() => Date.now());
  const passed: number[] = [];
  const relay = (nth: number, way: 'up' | 'down' = 'up', owner = alice) =>
    pass(wire, owner, way, nth, passed);
  return {
    wire,
    passed,
    relay,
    [Symbol.dispose]: () => {
      wire.close();
      vi.useRealTimers();
    },
  };
}

test('packets of a session that has chosen nothing pass in the same task', () => {
  using it = setUp();
  it.wire.set('other', [{ peer: 'alice', up: { lossPct: 100 } }], 1);
  it.relay(1);
  it.relay(2, 'down');
  expect(it.passed).toEqual([1, 2]);
  it.wire.forget('other');
  expect(it.wire.hook).toBeUndefined();
});

test('only the chosen direction of the chosen peer is delayed', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 100 } }], 1);
  it.relay(1);
  it.relay(2, 'down');
  it.relay(3, 'up', { session: 'one', label: 'bob' });
  expect(it.passed).toEqual([2, 3]);
  vi.advanceTimersByTime(99);
  expect(it.passed).toEqual([2, 3]);
  vi.advanceTimersByTime(1);
  expect(it.passed).toEqual([2, 3, 1]);
});

test('a wire that is whole again lets go what waits before it passes the next packet', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 1_000 } }], 1);
  it.relay(1);
  it.relay(2);
  it.wire.forget('one');
  it.relay(3);
  expect(it.passed).toEqual([1, 2, 3]);
  vi.advanceTimersByTime(5_000);
  expect(it.passed).toEqual([1, 2, 3]);
  expect(vi.getTimerCount()).toBe(0);
});

test('after a change of a running wire nothing overtakes what waits', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 200 } }], 1);
  it.relay(1);
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 10 } }], 1);
  it.relay(2);
  vi.advanceTimersByTime(200);
  expect(it.passed).toEqual([1, 2]);
});

test('both directions lose packets, and not the same ones', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { lossPct: 50 }, down: { lossPct: 50 } }], 1);
  for (let nth = 0; nth < 200; nth++) it.relay(nth);
  const up = it.passed.splice(0);
  for (let nth = 0; nth < 200; nth++) it.relay(nth, 'down');
  expect(up.length).toBeGreaterThan(60);
  expect(up.length).toBeLessThan(140);
  expect(it.passed).not.toEqual(up);
});

test('after the end nothing passes any more', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 10 } }], 1);
  it.relay(1);
  it.wire.close();
  vi.advanceTimersByTime(1_000);
  expect(it.passed).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

/** A TURN client with the credentials that a page gets for one of its peers. */
async function clientOf(page: TestPeer, label: string): Promise<TurnClient> {
  const reply = await page.ask('ice:servers', { peer: label });
  if (!reply.ok) throw new Error(reply.error.message);
  const turn = reply.value.servers.find(({ username }) => username !== undefined);
  const [, address = '', port] = /^turn:(.+):(\d+)\?/.exec(turn?.urls[0] ?? '') ?? [];
  return TurnClient.open(
    { address: address.replace(/^\[|\]$/g, ''), port: Number(port) },
    { credential: { username: turn?.username ?? '', password: turn?.credential ?? '' } },
  );
}

test('a member impairs its own relayed packets and nobody else’s, in the direction that it names, until it leaves', async () => {
  await using server = await serve();
  const [page, stranger] = [await server.connect(), await server.connect()];
  expect(await page.ask('wire:impair', { seed: 1, ends: [] })).toMatchObject({
    error: { code: 'not-in-room' },
  });
  await page.join();
  await stranger.join();
  await using alice = await clientOf(page, 'alice');
  await using bob = await clientOf(page, 'bob');
  const [atAlice, atBob] = [await alice.allocate(), await bob.allocate()];
  await alice.prove('CreatePermission', [peer(atBob.address, atBob.port)]);
  await bob.prove('CreatePermission', [peer(atAlice.address, atAlice.port)]);
  /** Whether a packet of alice's reaches bob, and one of bob's alice. */
  const pass = async () => {
    for (const [from, to] of [
      [alice, atBob],
      [bob, atAlice],
    ] as const)
      from.send(plain('indication', 'Send', [peer(to.address, to.port), ['DATA', text('hello')]]));
    return [(await bob.next()) !== undefined, (await alice.next()) !== undefined];
  };
  expect(await pass()).toEqual([true, true]);
  const lost = { lossPct: 100 };
  // A stranger's names are its own, also when they are called the same.
  await stranger.ask('wire:impair', { seed: 1, ends: [{ peer: 'alice', up: lost, down: lost }] });
  expect(await pass()).toEqual([true, true]);
  expect(await page.ask('wire:impair', { seed: 1, ends: [{ peer: 'alice', up: lost }] })).toEqual({
    ok: true,
    value: null,
  });
  expect(await pass()).toEqual([false, true]);
  await page.ask('wire:impair', { seed: 1, ends: [{ peer: 'alice', down: lost }] });
  expect(await pass()).toEqual([true, false]);
  await page.ask('room:leave', {});
  expect(await pass()).toEqual([true, true]);
});

test.each([
  ['more than everything lost', { seed: 1, ends: [{ peer: 'alice', up: { lossPct: 101 } }] }],
  ['a delay of an hour', { seed: 1, ends: [{ peer: 'alice', up: { delayMs: 3_600_000 } }] }],
  ['no seed', { ends: [] }],
  ['too many peers', { seed: 1, ends: Array.from({ length: 9 }, (_, nth) => ({ peer: `p${nth}` })) }],
  ['a key that nobody asked for', { seed: 1, ends: [], session: 'x' }],
])('wire:impair refuses %s', async (_, payload) => {
  await using server = await serve();
  const page = await server.connect();
  await page.join();
  expect(await page.askAnything('wire:impair', payload)).toMatchObject({ error: { code: 'bad-request' } });
});

test('packets that somebody else relays cannot be impaired, and the page is told so', async () => {
  await using server = await serve({ turn: { kind: 'off' } });
  const page = await server.connect();
  await page.join();
  expect(await page.ask('wire:impair', { seed: 1, ends: [] })).toMatchObject({
    error: { code: 'turn-unavailable' },
  });
});
