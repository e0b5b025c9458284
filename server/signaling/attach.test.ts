import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { ErrorCode, limits, type RequestName, requests } from '../../src/protocol/signaling.ts';
import { serve, type TestPeer, type TestServer, until } from '../../tests/support/serve.ts';

const offer = { description: { type: 'offer', sdp: 'v=0\r\n' } } as const;
const refused = (code: string) => ({ ok: false, error: { code } });
const strangerId = 'A'.repeat(22);

/** Alice and bob in one room. */
async function pair(server: TestServer) {
  const [alice, bob] = [await server.connect(), await server.connect()];
  const a = await alice.join({ name: 'alice' });
  const b = await bob.join({ name: 'bob' });
  return { alice, bob, a, b };
}

const lives = (peer: TestPeer) => peer.ask('room:sync', {}).then((reply) => reply.ok);

test('a newcomer sees who is there, and the others are told', async () => {
  await using server = await serve();
  const { alice, a, b } = await pair(server);
  expect(b.snapshot.members.map(({ name }) => name)).toEqual(['alice', 'bob']);
  expect(b).toMatchObject({ resumed: false, graceMs: 10_000, seats: 50 });
  const told = await alice.hears('peer:joined');
  expect(told).toEqual({ version: 2, member: b.self });
  expect(a.self.peer).not.toBe(b.self.peer);
});

test('the server stamps the sender, numbers the signal and keeps the order', async () => {
  await using server = await serve();
  const { alice, bob, a, b } = await pair(server);
  const candidates = Array.from({ length: 50 }, (_, index) => ({ candidate: { candidate: `c${index}` } }));
  await Promise.all(candidates.map((signal) => alice.ask('signal:send', { to: b.self.peer, signal })));
  await bob.hears('signal:received', ({ sequence }) => sequence === 50);
  const received = bob.told.filter(({ event }) => event === 'signal:received').map(({ payload }) => payload);
  expect(received).toMatchObject(
    candidates.map((signal, index) => ({
      from: a.self.peer,
      fromEpoch: a.self.epoch,
      fromPage: a.self.page,
      sequence: index + 1,
      signal,
    })),
  );
});

test('a signal sent again with its number is answered and not relayed again', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  for (const sequence of [1, 1, 2, 1])
    expect(await alice.ask('signal:send', { to: b.self.peer, sequence, signal: offer })).toMatchObject({
      ok: true,
    });
  await bob.hears('signal:received', ({ sequence }) => sequence === 2);
  expect(bob.told.filter(({ event }) => event === 'signal:received')).toHaveLength(2);
});

test('names and chat with markup come back as they were sent', async () => {
  await using server = await serve();
  const alice = await server.connect();
  const name = '<img src=x onerror=alert(1)>';
  const { self } = await alice.join({ name });
  expect(self.name).toBe(name);
  const text = '<script>alert("&amp;")</script>';
  await alice.ask('chat:send', { text });
  expect((await alice.hears('chat:received')).message).toMatchObject({ text, name, from: self.peer });
});

test('a chat message sent again with its id is said once; a newcomer reads the last hundred', async () => {
  await using server = await serve();
  const { alice, bob } = await pair(server);
  const first = await alice.ask('chat:send', { text: 'hello', id: 'message-1' });
  expect(await alice.ask('chat:send', { text: 'hello', id: 'message-1' })).toEqual(first);
  expect(await bob.ask('chat:send', { text: 'mine', id: 'message-1' })).toMatchObject(refused('bad-request'));
  for (let index = 0; index < limits.chatHistory + 5; index++)
    await alice.ask('chat:send', { text: `${index}` });
  const carol = await server.connect();
  const { snapshot } = await carol.join();
  expect(snapshot.chat.map(({ text }) => text)).toEqual(
    Array.from({ length: limits.chatHistory }, (_, index) => `${index + 5}`),
  );
});

test('media changes reach everybody, the sender included, with the version of the room', async () => {
  await using server = await serve();
  const { alice, bob, a } = await pair(server);
  const media = { muted: true, camera: false, screen: true, recording: false };
  await alice.ask('media:change', media);
  for (const peer of [alice, bob])
    expect(await peer.hears('media:changed')).toEqual({ version: 3, peer: a.self.peer, media });
});

test('who leaves is gone at once, and its token makes a new participant', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  expect(await bob.ask('room:leave', {})).toEqual({ ok: true, value: null });
  expect(await alice.hears('peer:left')).toEqual({ version: 3, peer: b.self.peer, why: 'left' });
  const again = await bob.join({ session: b.session });
  expect(again.resumed).toBe(false);
  expect(again.self.peer).not.toBe(b.self.peer);
});

test.each([
  ['signal:send', { to: strangerId, signal: offer }],
  ['chat:send', { text: 'hello' }],
  ['media:change', { muted: true, camera: false, screen: false, recording: false }],
  ['member:rename', { name: 'alice' }],
  ['member:hand', { up: true }],
  ['member:react', { reaction: 'clap' }],
  ['host:lobby', { on: true }],
  ['host:remove', { peer: strangerId }],
  ['bot:dismiss', { peer: strangerId }],
  ['room:sync', {}],
  ['room:leave', {}],
])('%s before room:join is refused', async (name, payload) => {
  await using server = await serve();
  const alice = await server.connect();
  expect(await alice.askAnything(name, payload)).toMatchObject(refused('not-in-room'));
});

test('a peer reaches nobody outside its room, by whatever address', async () => {
  await using server = await serve();
  const { alice, a } = await pair(server);
  const stranger = await server.connect();
  const { self } = await stranger.join({ room: 'red' });
  for (const to of [self.peer, strangerId, a.self.peer])
    expect(await alice.ask('signal:send', { to, signal: offer })).toMatchObject(refused('no-such-peer'));
  for (const to of ['red', stranger.socket.id, [], ['red'], null, { toString: 'x' }, '__proto__', 7])
    expect(await alice.askAnything('signal:send', { to, signal: offer })).toMatchObject(
      refused('bad-request'),
    );
  expect(await lives(stranger)).toBe(true);
  expect(stranger.told).toEqual([]);
});

test('a room named like a connection or a peer gets none of its messages', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  const spy = await server.connect();
  await spy.join({ room: b.self.peer });
  const spy2 = await server.connect();
  await spy2.join({ room: bob.socket.id!.replaceAll(/[^\w-]/g, '') });
  await alice.ask('signal:send', { to: b.self.peer, signal: offer });
  await bob.hears('signal:received');
  expect([...spy.told, ...spy2.told]).toEqual([]);
});

test.each(['__proto__', 'constructor', 'hasOwnProperty'])(
  'a room called %s is a room like others',
  async (room) => {
    await using server = await serve();
    const [alice, bob] = [await server.connect(), await server.connect()];
    await alice.join({ room });
    expect((await bob.join({ room })).snapshot.members).toHaveLength(2);
  },
);

test('a second join of one connection is refused', async () => {
  await using server = await serve();
  const { alice } = await pair(server);
  await expect(alice.join({ room: 'red' })).rejects.toThrow('already-in-room');
});

test('an epoch or page that is over is refused', async () => {
  await using server = await serve();
  const { alice, b } = await pair(server);
  const send = (more: object) =>
    alice.askAnything('signal:send', { to: b.self.peer, signal: offer, ...more });
  expect(await send({ toEpoch: b.self.epoch, toPage: b.self.page })).toMatchObject({ ok: true });
  expect(await send({ toEpoch: b.self.epoch - 1 })).toMatchObject(refused('stale-epoch'));
  expect(await send({ toPage: 'another' })).toMatchObject(refused('stale-page'));
});

test('a full room and a full server say so', async () => {
  await using server = await serve({ seats: 2, maxRooms: 1 });
  await pair(server);
  const carol = await server.connect();
  await expect(carol.join()).rejects.toThrow('room-full');
  await expect(carol.join({ room: 'red' })).rejects.toThrow('too-many-rooms');
});

test('a seat that becomes free can be taken, and an empty room makes place for another', async () => {
  await using server = await serve({ seats: 2, maxRooms: 1 });
  const { alice, bob } = await pair(server);
  await bob.ask('room:leave', {});
  await bob.join();
  await alice.ask('room:leave', {});
  await bob.ask('room:leave', {});
  await alice.join({ room: 'red' });
});

test('in the lobby every request but leave, rename and sync is refused, and nothing is told', async () => {
  await using server = await serve();
  const [alice, bob] = [await server.connect(), await server.connect()];
  await alice.join({ kind: 'meeting' });
  await alice.ask('host:lobby', { on: true });
  const { self, admitted } = await bob.join({ kind: 'meeting', name: '__proto__' });
  expect(admitted).toBe(false);
  const payloads: Partial<Record<RequestName, unknown>> = {
    'signal:send': { to: strangerId, signal: offer },
    'chat:send': { text: 'hello' },
    'media:change': { muted: true, camera: false, screen: false, recording: false },
    'member:hand': { up: true },
    'member:react': { reaction: 'heart' },
    'bot:invite': {},
    'bot:dismiss': { peer: strangerId },
    'host:lobby': { on: false },
    'host:admit': { peer: self.peer },
    'host:refuse': { peer: self.peer },
    'host:pass': { peer: self.peer },
    'host:hand-down': { peer: self.peer },
    'host:mute': { peer: null },
    'host:remove': { peer: strangerId },
    'host:topology': { topology: 'mesh', auto: false },
    'topology:strain': { links: 1, encodeShare: 1, upstreamBps: 1 },
    'middlebox:publish': { kind: 'sfu', sdp: 'v=0', sections: [] },
    'middlebox:receive': { kind: 'sfu' },
    'middlebox:answer': { kind: 'sfu', version: 1, sdp: 'v=0' },
    'middlebox:want': { kind: 'sfu', wants: [] },
    'middlebox:watch': { kind: 'sfu', on: true },
    'middlebox:leave': { kind: 'sfu' },
    'mix:record': { on: true },
    'broadcast:token': { scope: 'view' },
    'code:create': { lab: 'l', arrangement: 'a', controls: {} },
    'ice:servers': { peer: 'alice' },
    'ice:practice': {},
    'wire:watch': {},
    'wire:claim': { peer: 'alice', port: 1 },
    'stun:listen': {},
    'stun:answer': { id: 1, bytes: '' },
    'wire:impair': { seed: 1, ends: [] },
    'wire:end': {},
    'classroom:start': { code: '' },
    'classroom:send': { orders: ['{}'] },
    'classroom:end': {},
    'forward:publish': { sdp: '' },
    'forward:view': { viewer: 'bob' },
    'forward:answer': { viewer: 'bob', sdp: '' },
    'forward:send': { packets: [{ to: 'bob', packet: '' }] },
    'forward:key-frame': {},
    'forward:end': {},
  };
  const allowed = ['room:join', 'room:leave', 'room:sync', 'member:rename'];
  expect([...Object.keys(payloads), ...allowed].toSorted()).toEqual(Object.keys(requests).toSorted());
  for (const [name, payload] of Object.entries(payloads)) {
    expect([name, await bob.askAnything(name, payload)]).toMatchObject([name, refused('in-lobby')]);
  }
  await alice.ask('chat:send', { text: 'secret' });
  expect(await bob.ask('room:sync', {})).toMatchObject({ ok: true, value: { version: 0, chat: [] } });
  expect(await bob.ask('member:rename', { name: 'Bob' })).toEqual({ ok: true, value: null });
  await alice.hears('lobby:changed', ({ waiting }) => waiting[0]?.name === 'Bob');
  expect(bob.told).toEqual([]);
  expect(await bob.ask('room:leave', {})).toEqual({ ok: true, value: null });
  await alice.hears('lobby:changed', ({ waiting, version }) => waiting.length === 0 && version > 3);
});

test('who is removed hears why, and the connection ends', async () => {
  await using server = await serve();
  const [alice, bob] = [await server.connect(), await server.connect()];
  await alice.join({ kind: 'meeting' });
  const { self, session } = await bob.join({ kind: 'meeting' });
  await alice.ask('host:remove', { peer: self.peer });
  expect(await bob.hears('session:ended')).toMatchObject({ code: 'removed' });
  await until(() => bob.socket.disconnected);
  expect(await alice.hears('peer:left')).toMatchObject({ peer: self.peer, why: 'removed' });
  const again = await server.connect();
  await expect(again.join({ kind: 'meeting', session })).rejects.toThrow('removed');
  expect((await again.join({ kind: 'meeting' })).self.peer).not.toBe(self.peer);
});

test('too many connections of one address are refused with the code', async () => {
  await using server = await serve({ socketsPerAddress: 2 });
  const [alice] = [await server.connect(), await server.connect()];
  await expect(server.connect()).rejects.toMatchObject({ data: { code: 'too-many-connections' } });
  alice?.socket.disconnect();
  await until(() => server.log.some((line) => line.includes('"disconnected"')));
  await server.connect();
});

test('haste is refused, and one second later all is well', async () => {
  await using server = await serve({ rate: { burst: 5, perSec: 10 } });
  const alice = await server.connect();
  await alice.join();
  const replies = await Promise.all(Array.from({ length: 10 }, () => alice.ask('room:sync', {})));
  expect(replies.filter(({ ok }) => ok)).toHaveLength(4);
  expect(replies.at(-1)).toMatchObject(refused('rate-limited'));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(await lives(alice)).toBe(true);
});

test('a flood ends the connection, with a word', async () => {
  await using server = await serve({ rate: { burst: 5, perSec: 10 } });
  const [flooder, alice] = [await server.connect(), await server.connect()];
  await alice.join();
  for (let index = 0; index < 1_200; index++) flooder.socket.emit('room:sync', {});
  expect(await flooder.hears('session:ended')).toMatchObject({ code: 'rate-limited' });
  await until(() => flooder.socket.disconnected);
  expect(await lives(alice)).toBe(true);
});

test('a message that is too long is refused; a frame that is too long costs its sender the connection', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  const sdp = 'x'.repeat(limits.sdpLength);
  const send = (more: string) =>
    alice.ask('signal:send', {
      to: b.self.peer,
      signal: { description: { type: 'offer', sdp: sdp + more } },
    });
  expect(await send('')).toMatchObject({ ok: true });
  expect(await send('x')).toMatchObject(refused('too-large'));
  const text = 'x'.repeat(limits.chatLength + 1);
  expect(await alice.ask('chat:send', { text })).toMatchObject(refused('too-large'));
  alice.socket.emit('chat:send', { text: 'x'.repeat(400_000) });
  await until(() => alice.socket.disconnected);
  await bob.hears('peer:away');
  expect(await lives(bob)).toBe(true);
});

test.each([
  ['no payload', []],
  ['null', [null]],
  ['a payload too many', [{ room: 'blue', page: 'p' }, {}]],
  ['an array', [[]]],
  ['a field nobody asked for', [{ room: 'blue', page: 'p', admin: true }]],
  ['a __proto__ key', [JSON.parse('{"room":"blue","page":"p","__proto__":{"admin":true}}')]],
  ['bytes', [{ room: Buffer.from('blue'), page: 'p' }]],
  ['a function of its own', [{ room: { toString: 'blue' }, page: 'p' }]],
  ['a room with a space', [{ room: 'blue room', page: 'p' }]],
  ['a name of control characters', [{ room: 'blue', page: 'p', name: '\u0000' }]],
])('room:join refuses %s', async (_, args) => {
  await using server = await serve();
  const alice = await server.connect();
  expect(await alice.askAnything('room:join', ...args)).toMatchObject(refused('bad-request'));
  expect((await alice.join()).snapshot.members).toHaveLength(1);
});

test('requests without acknowledgement end nothing', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  for (const name of [
    'room:join',
    'signal:send',
    'chat:send',
    'no:such',
    'error',
    '__proto__',
    'constructor',
    '',
  ])
    for (const args of [[], [null], [{}], [undefined, null]]) alice.socket.emit(name, ...args);
  expect(await lives(alice)).toBe(true);
  alice.socket.emit('signal:send', { to: b.self.peer, signal: offer });
  await bob.hears('signal:received');
});

test.each(['no:such', 'error', '__proto__', 'constructor', 'toString', 'message', ''])(
  'the unknown request %j is refused',
  async (name) => {
    await using server = await serve();
    const alice = await server.connect();
    await alice.join();
    expect(await alice.askAnything(name, {})).toMatchObject(refused('unknown-request'));
  },
);

test('deeply nested payloads are refused', async () => {
  await using server = await serve();
  const alice = await server.connect();
  const deep = JSON.parse(`${'['.repeat(4_000)}${']'.repeat(4_000)}`) as unknown;
  expect(await alice.askAnything('room:join', deep)).toMatchObject(refused('bad-request'));
  expect(await alice.askAnything('chat:send', { text: deep })).toMatchObject(refused('bad-request'));
});

test('frames that are no Socket.IO end their own connection only', async () => {
  await using server = await serve();
  const { alice } = await pair(server);
  const frames = [
    '',
    'x',
    '4',
    '42',
    '42[',
    '42[]',
    '42{}',
    '42["disconnect"]',
    '45',
    '451-["a"]',
    '459999-["a"]',
    '4'.repeat(90_000),
  ];
  frames.push(
    `42${'['.repeat(90_000)}`,
    '43[]',
    '431[]',
    '40/other,',
    '44{}',
    Buffer.from([1, 2, 3]) as never,
  );
  for (const frame of frames) {
    const raw = new WebSocket(`${server.url.replace('http', 'ws')}socket.io/?EIO=4&transport=websocket`);
    await new Promise((resolve, reject) => raw.once('message', resolve).once('error', reject));
    raw.send('40');
    await new Promise((resolve) => raw.once('message', resolve));
    raw.send(frame);
    await new Promise((resolve) => setTimeout(resolve, 5));
    raw.terminate();
  }
  expect(await lives(alice)).toBe(true);
});

test('thousands of malformed requests are each refused with a code, and the connection lives', async () => {
  await using server = await serve({ rate: { burst: 1_000_000, perSec: 1_000_000 } });
  const { alice, bob, b } = await pair(server);
  const stranger = await server.connect();
  const foreign = await stranger.join({ room: 'red' });
  const good = {
    'room:join': { room: 'blue', page: 'p' },
    'signal:send': { to: b.self.peer, signal: offer },
    'chat:send': { text: 'hello' },
    'media:change': { muted: true, camera: false, screen: false, recording: false },
    'member:rename': { name: 'alice' },
    'member:hand': { up: true },
    'member:react': { reaction: 'clap' },
    'host:lobby': { on: true },
    'host:admit': { peer: b.self.peer },
    'host:mute': { peer: null },
    'host:remove': { peer: b.self.peer },
    'bot:dismiss': { peer: b.self.peer },
    'room:sync': {},
    'room:leave': {},
  };
  const names = Object.keys(good) as (keyof typeof good)[];
  const bytes = Buffer.from('binary');
  const junk = fc.oneof(
    fc.anything({ withNullPrototype: true, maxDepth: 3 }),
    fc.constantFrom(null, [], {}, '', 'x'.repeat(30_000), -1, 1e308, true, { toString: 1 }, ['blue']),
  );
  // What JSON makes of it is what the server sees; `undefined` and functions vanish on the way.
  const seen = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? 0 : v)) ?? 'null');
  const malformed = fc.oneof(
    fc.record({ name: fc.constantFrom(...names), args: fc.array(junk.map(seen), { maxLength: 3 }) }),
    fc.constantFrom(...names).chain((name) =>
      fc.record({
        name: fc.constant(name),
        args: fc.oneof(
          // a field that nobody asked for
          fc.constantFrom('admin', '__proto__', 'constructor', 'prototype').chain((key) =>
            junk.map((value) => {
              const payload: Record<string, unknown> = { ...good[name] };
              Object.defineProperty(payload, key, { value: seen(value), enumerable: true });
              return [payload];
            }),
          ),
          // a field missing, or of another type
          fc
            .tuple(fc.constantFrom(...Object.keys(good[name]), 'none'), fc.option(junk))
            .map(([key, value]) => {
              const payload: Record<string, unknown> = { ...good[name], [key]: seen(value) };
              if (value === null) delete payload[key];
              return [payload];
            }),
        ),
      }),
    ),
    fc.record({ name: fc.string({ maxLength: 20 }), args: fc.array(junk.map(seen), { maxLength: 2 }) }),
    fc.record({
      name: fc.constantFrom(...names),
      args: fc.constantFrom(
        [bytes],
        [{ room: bytes, page: 'p' }],
        [{ to: bytes, signal: bytes }],
        [{ text: bytes }],
      ),
    }),
    fc.constantFrom(foreign.self.peer, strangerId, 'blue', 'red').map((to) => ({
      name: 'signal:send',
      args: [{ to, signal: offer }],
    })),
  );
  const reserved = new Set([
    'connect',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
  ]);
  // Chance may hit on a message that is right.
  const right = ({ name, args }: { name: string; args: readonly unknown[] }) =>
    Object.hasOwn(requests, name) &&
    args.length === 1 &&
    requests[name as RequestName].payload.safeParse(args[0]).success &&
    !JSON.stringify(args).includes('__proto__') &&
    (name !== 'signal:send' || JSON.stringify(args).includes(b.self.peer));
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(malformed, { minLength: 20, maxLength: 40 }), async (messages) => {
      const wrong = messages.filter((message) => !reserved.has(message.name) && !right(message));
      sent += wrong.length;
      const replies = await Promise.all(wrong.map(({ name, args }) => alice.askAnything(name, ...args)));
      for (const reply of replies) {
        if (reply.ok) throw new Error(`taken: ${JSON.stringify(messages)}`);
        expect(ErrorCode.options).toContain(reply.error.code);
        expect(reply.error.code).not.toBe('internal');
      }
      expect(alice.socket.connected).toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(sent).toBeGreaterThan(3_000);
  expect(await lives(bob)).toBe(true);
  expect(stranger.told).toEqual([]);
  const { value } = (await bob.ask('room:sync', {})) as { value: { members: { peer: string }[] } };
  const alicesId = value.members.find(({ peer }) => peer !== b.self.peer)!.peer;
  expect(await bob.ask('signal:send', { to: alicesId, signal: offer })).toMatchObject({ ok: true });
}, 30_000);

test('a page of another origin may not connect', async () => {
  await using server = await serve({ allowedOrigins: ['https://lab.example.org'] });
  const open = (headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const socket = io(server.url, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        extraHeaders: headers,
      });
      socket.once('connect', () => (resolve('connected'), socket.disconnect()));
      socket.once('connect_error', () => (resolve('refused'), socket.disconnect()));
    });
  const own = server.url.replace(/\/$/, '');
  expect(await open({ origin: own })).toBe('connected');
  expect(await open({ origin: 'https://lab.example.org' })).toBe('connected');
  expect(await open({ origin: 'https://evil.example' })).toBe('refused');
  expect(await open({ origin: 'null' })).toBe('refused');
  expect(await open({ origin: 'http://evil.example', host: 'evil.example' })).toBe('refused');
  expect(await open({ origin: `${own}.evil.example` })).toBe('refused');
  expect(await open({})).toBe('connected');
});

test('polling and the old protocol are refused, and carry our headers', async () => {
  await using server = await serve();
  const answer = await fetch(`${server.url}socket.io/?EIO=4&transport=polling`);
  expect(answer.status).toBe(400);
});

test('a lost connection keeps its seat for the grace period and returns with its token', async () => {
  await using server = await serve();
  const { alice, bob, a, b } = await pair(server);
  bob.socket.io.engine.close();
  expect(await alice.hears('peer:away')).toEqual({ version: 3, peer: b.self.peer });
  const again = await server.connect();
  const back = await again.join({ page: b.self.page, session: b.session });
  expect(back).toMatchObject({
    resumed: true,
    server: b.server,
    self: { peer: b.self.peer, name: 'bob', away: false },
  });
  expect(back.self.epoch).toBeGreaterThan(b.self.epoch);
  expect(await alice.hears('peer:back')).toEqual({ version: 4, member: back.self });
  await again.ask('signal:send', { to: a.self.peer, signal: offer });
  expect(await alice.hears('signal:received')).toMatchObject({
    from: b.self.peer,
    fromEpoch: back.self.epoch,
  });
});

test('after the grace period the others are told, and the token makes a new participant', async () => {
  await using server = await serve({ graceMs: 50 });
  const { alice, bob, b } = await pair(server);
  bob.socket.disconnect();
  expect(await alice.hears('peer:left')).toEqual({ version: 4, peer: b.self.peer, why: 'timeout' });
  const again = await server.connect();
  const back = await again.join({ page: b.self.page, session: b.session });
  expect(back.resumed).toBe(false);
  expect(back.self.peer).not.toBe(b.self.peer);
});

test('a reload keeps the participant and shows a new page', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  bob.socket.disconnect();
  const again = await server.connect();
  const { resumed } = await again.join({ page: 'a-new-page', session: b.session });
  expect(resumed).toBe(true);
  expect((await alice.hears('peer:back')).member).toMatchObject({ peer: b.self.peer, page: 'a-new-page' });
});

test('a second connection with the same token takes over, and the first is ended with a word', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  const twin = await server.connect();
  expect(await twin.join({ session: b.session })).toMatchObject({
    resumed: true,
    self: { peer: b.self.peer },
  });
  expect(await bob.hears('session:ended')).toMatchObject({ code: 'taken-over' });
  await until(() => bob.socket.disconnected);
  await alice.ask('signal:send', { to: b.self.peer, signal: offer });
  await twin.hears('signal:received');
  expect(alice.told.filter(({ event }) => event === 'peer:away' || event === 'peer:left')).toEqual([]);
});

test.each([
  ['made up', () => 'nonsense'],
  ['altered', (token: string) => token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ['of another peer', (token: string, peer: string) => token.replace(/\.[\w-]{22}\./, `.${peer}.`)],
])('a token that is %s makes a new participant', async (_, forge) => {
  await using server = await serve();
  const { bob, a, b } = await pair(server);
  bob.socket.disconnect();
  const thief = await server.connect();
  const answer = await thief.join({ session: forge(b.session, a.self.peer) });
  expect(answer.resumed).toBe(false);
  expect([a.self.peer, b.self.peer]).not.toContain(answer.self.peer);
});

test('a token of one room opens no other', async () => {
  await using server = await serve();
  const { b } = await pair(server);
  const again = await server.connect();
  expect((await again.join({ room: 'red', session: b.session })).resumed).toBe(false);
});

test('what was sent while the receiver was away reaches it after its return, and nothing twice for its count', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  await alice.ask('signal:send', { to: b.self.peer, signal: offer });
  bob.socket.io.engine.close();
  await alice.hears('peer:away');
  const candidate = { candidate: { candidate: 'c' } };
  expect(await alice.ask('signal:send', { to: b.self.peer, signal: candidate })).toMatchObject({ ok: true });
  const again = await server.connect();
  await again.join({ page: b.self.page, session: b.session });
  await again.hears('signal:received', ({ sequence }) => sequence === 2);
  const reloaded = await server.connect();
  await reloaded.join({ page: 'a-new-page', session: b.session });
  await lives(reloaded);
  expect(reloaded.told.filter(({ event }) => event === 'signal:received')).toEqual([]);
});

test('an inbox of somebody who is away is bounded', async () => {
  await using server = await serve();
  const { alice, bob, b } = await pair(server);
  bob.socket.disconnect();
  await alice.hears('peer:away');
  const replies = [];
  for (let index = 0; index < 129; index++)
    replies.push(await alice.ask('signal:send', { to: b.self.peer, signal: { candidate: null } }));
  expect(replies.filter(({ ok }) => ok)).toHaveLength(128);
  expect(replies.at(-1)).toMatchObject(refused('peer-away'));
});

test('after a restart participants get their ids back, and nobody is told of a newcomer', async () => {
  await using server = await serve();
  const { a, b } = await pair(server);
  await server.restart();
  const [alice, bob] = [await server.connect(), await server.connect()];
  const a2 = await alice.join({ page: a.self.page, session: a.session });
  const b2 = await bob.join({ page: b.self.page, session: b.session });
  expect(a2).toMatchObject({ resumed: true, self: { peer: a.self.peer } });
  expect(b2).toMatchObject({ resumed: true, self: { peer: b.self.peer } });
  expect(a2.server).not.toBe(a.server);
  expect(a2.self.epoch).toBeGreaterThan(a.self.epoch);
  expect(await alice.hears('peer:back')).toMatchObject({ member: { peer: b.self.peer } });
  expect(alice.told.filter(({ event }) => event === 'peer:joined')).toEqual([]);
});

test('some time after a restart a token of before makes a new participant', async () => {
  await using server = await serve({ graceMs: 20, restoringMs: 30 });
  const { a } = await pair(server);
  await server.restart();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const alice = await server.connect();
  expect((await alice.join({ session: a.session })).resumed).toBe(false);
});

test('the log tells no description, candidate or name', async () => {
  await using server = await serve();
  const { alice, b } = await pair(server);
  await alice.ask('signal:send', {
    to: b.self.peer,
    signal: { description: { type: 'offer', sdp: 'v=0 secret-sdp' } },
  });
  await alice.askAnything('signal:send', { to: b.self.peer, signal: 'secret-sdp' });
  expect(server.log.join('')).toContain('"joined"');
  expect(server.log.join('')).not.toMatch(/secret-sdp|alice|bob/);
});

test('a member is given STUN and TURN servers, with a user name for each of its peers', async () => {
  await using server = await serve();
  const alice = await server.connect();
  expect(await alice.ask('ice:servers', { peer: 'alice' })).toMatchObject(refused('not-in-room'));
  await alice.join();
  const reply = await alice.ask('ice:servers', { peer: 'alice' });
  if (!reply.ok) throw new Error(reply.error.message);
  const { session, servers, source, expiresAtMs } = reply.value;
  expect(source).toBe('embedded');
  const [stun, turn] = servers;
  expect(stun?.urls).toEqual([expect.stringMatching(/^stun:[\d.a-f:[\]]+:\d+$/)]);
  expect(turn?.urls.map((url) => url.replace(/.*\?/, ''))).toEqual(['transport=udp', 'transport=tcp']);
  expect(turn?.username).toBe(`${Math.floor(expiresAtMs / 1000)}:${session}.alice`);

  const bob = await alice.ask('ice:servers', { peer: 'bob' });
  expect(bob.ok && bob.value.session).toBe(session);
  expect(bob.ok && bob.value.servers[1]?.username).toMatch(/\.bob$/);
  const stranger = await server.connect();
  await stranger.join();
  const other = await stranger.ask('ice:servers', { peer: 'alice' });
  expect(other.ok && other.value.session).not.toBe(session);
});

test('a member is given a secret to sign user names with, for its own session', async () => {
  await using server = await serve();
  const alice = await server.connect();
  expect(await alice.ask('ice:practice', {})).toMatchObject(refused('not-in-room'));
  await alice.join();
  const [own, servers] = [await alice.ask('ice:practice', {}), await alice.ask('ice:servers', { peer: 'a' })];
  expect(own.ok && servers.ok && own.value.session === servers.value.session).toBe(true);
  const stranger = await server.connect();
  await stranger.join();
  const other = await stranger.ask('ice:practice', {});
  expect(own.ok && other.ok && own.value.secret !== other.value.secret).toBe(true);

  await using off = await serve({ turn: { kind: 'off' } });
  const bob = await off.connect();
  await bob.join();
  expect(await bob.ask('ice:practice', {})).toMatchObject(refused('turn-unavailable'));
});

test('without TURN there are no servers, and somebody else’s are given with the secret they share', async () => {
  await using off = await serve({ turn: { kind: 'off' } });
  const alice = await off.connect();
  await alice.join();
  expect(await alice.ask('ice:servers', { peer: 'alice' })).toMatchObject({
    ok: true,
    value: { servers: [], source: 'off' },
  });

  const urls = ['turn:turn.example.org:3478?transport=udp', 'turns:turn.example.org:5349'];
  await using coturn = await serve({ turn: { kind: 'coturn', urls, secret: 'north' } });
  const bob = await coturn.connect();
  await bob.join();
  const reply = await bob.ask('ice:servers', { peer: 'bob' });
  if (!reply.ok) throw new Error(reply.error.message);
  const [stun, turn] = reply.value.servers;
  expect(stun?.urls).toEqual(['stun:turn.example.org:3478']);
  expect(turn?.urls).toEqual(urls);
  const password = createHmac('sha1', 'north').update(turn!.username!).digest('base64');
  expect(turn?.credential).toBe(password);
  expect(await (await fetch(`${coturn.url}healthz`)).json()).toMatchObject({
    parts: { turn: { state: 'outside' } },
  });
});

test('learners’ servers are for members, where they are allowed, and not many at once', async () => {
  await using server = await serve({ classroom: false });
  const alice = await server.connect();
  expect(await alice.ask('classroom:start', { code: '' })).toMatchObject(refused('not-in-room'));
  await alice.join();
  const starts = Array.from({ length: 25 }, () => alice.ask('classroom:start', { code: '' }));
  const codes = (await Promise.all(starts)).map((reply) => (reply.ok ? 'ok' : reply.error.code));
  expect(codes.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'classroom-unavailable'));
  expect(codes.slice(20)).toContain('rate-limited');
  expect(await alice.ask('classroom:send', { orders: ['{}'] })).toEqual({ ok: true, value: null });
  expect(await alice.ask('classroom:send', { orders: ['x'.repeat(70_000)] })).toMatchObject(
    refused('too-large'),
  );
});
