import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pino } from 'pino';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { serve, until } from '../../tests/support/serve.ts';
import { attachPeerServer, type PeerServerConfig } from './peer-server.ts';

interface Told {
  readonly type: string;
  readonly src?: string;
  readonly payload?: Record<string, unknown>;
}

/** A PeerServer on an HTTP server of its own, with a clock that is set by hand. */
async function setup(overrides: Partial<PeerServerConfig> = {}) {
  const http = createServer();
  let nowMs = 0;
  const server = attachPeerServer(
    http,
    { pingMs: 60_000, socketsPerAddress: 50, rate: { burst: 200, perSec: 1 }, ...overrides },
    { log: pino({ level: 'silent' }), now: () => nowMs, allows: () => true },
  );
  await once(http.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    http.closeAllConnections();
    http.close();
  });
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    http,
    server,
    url,
    wait: (ms: number) => (nowMs += ms),
    enter: (id: string, token = 'secret') => enter(url, id, token),
  };
}

/** What PeerJS's socket does, without PeerJS. */
function knock(url: string, query: string, options: ClientOptions = {}) {
  const ws = new WebSocket(`${url}/peerjs/peerjs?${query}`, options);
  const told: Told[] = [];
  let end: number | undefined;
  ws.on('message', (data: Buffer) => told.push(JSON.parse(String(data)) as Told));
  ws.on('close', (code) => (end = code));
  ws.on('error', () => {});
  onTestFinished(() => ws.terminate());
  return {
    ws,
    told,
    send: (message: unknown) => ws.send(typeof message === 'string' ? message : JSON.stringify(message)),
    hears: async (type: string, count = 1) => {
      const heard = () => told.filter((message) => message.type === type);
      await until(() => heard().length >= count, `${type}; ${JSON.stringify(told)}`);
      return heard()[count - 1]!;
    },
    ends: async () => {
      await until(() => end !== undefined, 'the end of the connection');
      return end;
    },
  };
}
async function enter(url: string, id: string, token = 'secret') {
  const peer = knock(url, `key=peerjs&id=${id}&token=${token}&version=1.5.5`);
  await peer.hears('OPEN');
  return peer;
}

const connection = { connectionId: 'dc_1', type: 'data' };
const offer = (dst: string, sdp = 'v=0') => ({
  type: 'OFFER',
  dst,
  payload: { ...connection, sdp: { type: 'offer', sdp }, label: 'dc_1', serialization: 'binary' },
});
const answer = (dst: string) => ({
  type: 'ANSWER',
  dst,
  payload: { ...connection, sdp: { type: 'answer', sdp: 'v=0' } },
});
const candidate = (dst: string) => ({
  type: 'CANDIDATE',
  dst,
  payload: {
    ...connection,
    candidate: { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0' },
  },
});

test('hands on offer, answer and candidates, and says itself from whom they are', async () => {
  const { server, enter } = await setup();
  const [alice, bob] = [await enter('alice'), await enter('bob')];
  expect(server.peers).toBe(2);
  alice.send({ ...offer('bob'), src: 'mallory', more: 'x' });
  expect(await bob.hears('OFFER')).toEqual({ ...offer('bob'), src: 'alice' });
  bob.send(answer('alice'));
  bob.send(candidate('alice'));
  expect(await alice.hears('CANDIDATE')).toEqual({ ...candidate('alice'), src: 'bob' });
  expect(alice.told.map(({ type }) => type)).toEqual(['OPEN', 'ANSWER', 'CANDIDATE']);
  bob.ws.close();
  await until(() => server.peers === 1);
  await enter('bob', 'another');
});

test('an id is taken until its connection ends; whoever comes again with its token takes it over', async () => {
  const { url, enter } = await setup();
  const alice = await enter('alice');
  const mallory = knock(url, 'key=peerjs&id=alice&token=guess');
  await mallory.hears('ID-TAKEN');
  await mallory.ends();
  const bob = await enter('bob');
  const again = await enter('alice');
  expect(await alice.ends()).toBe(1000);
  bob.send(offer('alice'));
  await again.hears('OFFER');
  expect(alice.told).toHaveLength(1);
});

test.each([
  ['no parameter', '', 'No id, token, or key'],
  ['an empty id', 'key=peerjs&id=&token=x', 'No id, token, or key'],
  ['another key', 'key=other&id=alice&token=x', 'Invalid key'],
  ['an id of a pattern that PeerJS does not know', 'key=peerjs&id=__proto__&token=x', 'id: '],
  ['an id that is too long', `key=peerjs&id=${'a'.repeat(65)}&token=x`, 'id: '],
  ['a token that is too long', `key=peerjs&id=a&token=${'x'.repeat(65)}`, 'token: '],
  ['a token that cannot be printed', 'key=peerjs&id=a&token=%00', 'token: '],
  ['a key that is too long', `key=${'k'.repeat(65)}&id=a&token=x`, 'key: '],
])('%s: refused with ERROR and words', async (_, query, words) => {
  const { server, url } = await setup();
  const peer = knock(url, query);
  expect((await peer.hears('ERROR')).payload?.['msg']).toContain(words);
  await peer.ends();
  expect(server.peers).toBe(0);
});

const hostile: [string, unknown, string][] = [
  ['text that is not JSON', 'not JSON', 'not JSON'],
  ['null', 'null', 'expected'],
  ['a list', '[]', 'expected'],
  ['no type', '{}', 'type'],
  ['LEAVE to somebody', { type: 'LEAVE', dst: 'bob' }, 'type'],
  ['LEAVE to nobody', { type: 'LEAVE' }, 'type'],
  ['EXPIRE', { type: 'EXPIRE', dst: 'bob' }, 'type'],
  ['OPEN', { type: 'OPEN', dst: 'bob' }, 'type'],
  ['an offer without a receiver', { ...offer('bob'), dst: undefined }, 'dst'],
  ['an offer to a list', { ...offer('bob'), dst: ['bob'] }, 'dst'],
  ['an offer to a pattern', offer('bob%'), 'dst'],
  ['an offer without a payload', { type: 'OFFER', dst: 'bob' }, 'payload'],
  ['an offer that is an answer', { ...answer('bob'), type: 'OFFER' }, 'payload.sdp.type'],
  [
    'a candidate that is a number',
    { ...offer('bob'), type: 'CANDIDATE', payload: { ...connection, candidate: 1 } },
    'payload.candidate',
  ],
];
test.each(hostile)(
  '%s costs its sender the connection, and nobody else anything',
  async (_, message, words) => {
    const { enter } = await setup();
    const [mallory, alice, bob] = [await enter('mallory'), await enter('alice'), await enter('bob')];
    mallory.send(message);
    expect((await mallory.hears('ERROR')).payload?.['msg']).toContain(words);
    expect(await mallory.ends()).toBe(1008);
    alice.send(offer('bob'));
    await bob.hears('OFFER');
    expect(bob.told.map(({ type }) => type)).toEqual(['OPEN', 'OFFER']);
  },
);

test('frames that break the protocol end their connection only', async () => {
  const { http, server, enter } = await setup();
  const { port } = http.address() as AddressInfo;
  const bob = await enter('bob');
  const broken: [string, Buffer, number][] = [
    ['a reserved opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x41]), 1002],
    ['text that is not UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
    ['a frame of 20 MB', Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x01, 0x31, 0x2d, 0, 0, 0, 0, 0]), 1009],
  ];
  for (const [what, bytes, code] of broken) {
    const raw = connect(port, '127.0.0.1');
    raw.on('error', () => {});
    const received: Buffer[] = [];
    raw.on('data', (data: Buffer) => received.push(data));
    raw.write(
      'GET /peerjs/peerjs?key=peerjs&id=mallory&token=x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n' +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await until(() => String(Buffer.concat(received)).includes('OPEN'), what);
    raw.write(bytes);
    await once(raw, 'close');
    // The last frame is the server's Close: 0x88, its length, the code.
    const all = Buffer.concat(received);
    expect(all.readUInt16BE(all.lastIndexOf(0x88) + 2), what).toBe(code);
  }
  const binary = await enter('mallory');
  binary.ws.send(Buffer.from('{"type":"HEARTBEAT"}'));
  expect((await binary.hears('ERROR')).payload?.['msg']).toContain('text');
  const large = await enter('mallory2');
  large.send(offer('bob', 'x'.repeat(70_000)));
  expect(await large.ends()).toBe(1009);
  expect(bob.told).toHaveLength(1);
  await until(() => server.peers === 1);
});

test('messages for who comes later wait in order; who never comes is said to be gone', async () => {
  const { enter, wait } = await setup();
  const alice = await enter('alice');
  alice.send(offer('bob'));
  alice.send(candidate('bob'));
  alice.send(offer('nobody'));
  alice.send({ type: 'HEARTBEAT' });
  alice.send(offer('alice'));
  await alice.hears('OFFER'); // all before it has been read
  const bob = await enter('bob');
  await bob.hears('CANDIDATE');
  expect(bob.told).toEqual([
    { type: 'OPEN' },
    { ...offer('bob'), src: 'alice' },
    { ...candidate('bob'), src: 'alice' },
  ]);
  wait(5_000);
  expect(await alice.hears('EXPIRE')).toEqual({ type: 'EXPIRE', src: 'nobody', dst: 'alice' });
});

test('what waits is bounded for each sender, and is gone with it', async () => {
  const { enter } = await setup();
  const alice = await enter('alice');
  for (let i = 0; i < 70; i++) alice.send(offer('bob'));
  await alice.hears('EXPIRE', 6);
  alice.ws.close();
  await alice.ends();
  const bob = await enter('bob');
  bob.send(offer('bob'));
  await bob.hears('OFFER');
  expect(bob.told).toHaveLength(2);
});

test('haste and a crowd from one address are refused in words', async () => {
  const { url, enter } = await setup({ rate: { burst: 3, perSec: 1 }, socketsPerAddress: 2 });
  const alice = await enter('alice');
  const bob = await enter('bob');
  const carol = knock(url, 'key=peerjs&id=carol&token=x');
  expect((await carol.hears('ERROR')).payload?.['msg']).toContain('More than 2 connections');
  for (let i = 0; i < 4; i++) alice.send(offer('bob'));
  expect((await alice.hears('ERROR')).payload?.['msg']).toContain('Too many messages');
  await bob.hears('OFFER', 3);
  await alice.ends();
  await carol.ends();
  await enter('carol');
});

test('a peer that does not answer is taken out, one that does stays', async () => {
  const { server, url } = await setup({ pingMs: 30 });
  const silent = knock(url, 'key=peerjs&id=silent&token=x', { autoPong: false });
  const alice = knock(url, 'key=peerjs&id=alice&token=x');
  await silent.hears('OPEN');
  await alice.hears('OPEN');
  expect(await silent.ends()).toBe(1006);
  await until(() => server.peers === 1);
  alice.send(offer('alice'));
  await alice.hears('OFFER');
});

test('Socket.IO keeps its sockets on the same server, also those that begin with requests', async () => {
  const { http, url, enter } = await setup();
  const socketIo = new Server(http);
  onTestFinished(() => void socketIo.close());
  socketIo.on('connection', (socket) => socket.on('echo', (text, reply) => reply(text)));
  for (const transports of [['websocket'], ['polling', 'websocket']]) {
    const socket = io(url, { transports, forceNew: true, reconnection: false });
    onTestFinished(() => void socket.disconnect());
    await new Promise((resolve, reject) =>
      socket.on('connect', resolve as () => void).on('connect_error', reject),
    );
    await until(() => socket.io.engine.transport.name === 'websocket', 'the upgrade');
    await enter(`peer${transports.length}`);
    expect(await socket.emitWithAck('echo', 'hello')).toBe('hello');
  }
});

test('in the whole server: pages of other origins are refused, unknown upgrades closed, the end ends all', async () => {
  await using server = await serve();
  const url = `ws://localhost:${server.port}`;
  const member = await server.connect();
  const alice = await enter(url, 'alice');
  for (const headers of [{ origin: 'https://evil.example' }, { host: 'evil.example' }]) {
    const mallory = knock(url, 'key=peerjs&id=mallory&token=x', { headers });
    expect(await mallory.ends()).toBe(1006);
    expect(mallory.told).toEqual([]);
  }
  const own = knock(url, 'key=peerjs&id=own&token=x', { origin: `http://localhost:${server.port}` });
  await own.hears('OPEN');
  const unknown = ['/peerjs', '/peerjs/', '/peerjs/peerjs/', '/peerjs/peerjs/x', '/x'];
  const errors = unknown.map((path) => once(new WebSocket(`${url}${path}`), 'error') as Promise<[Error]>);
  for (const [error] of await Promise.all(errors)) expect(error.message).toContain('socket hang up');
  alice.send('not JSON');
  await alice.ends();
  const bob = await enter(url, 'bob');
  expect(await member.ask('room:join', { room: 'blue', page: 'p' })).toMatchObject({ ok: true });

  const ask = (path: string, init?: RequestInit) => fetch(`http://localhost:${server.port}${path}`, init);
  const id = await ask('/peerjs/peerjs/id?ts=1&version=1.5.5', {
    headers: { origin: 'https://evil.example' },
  });
  expect(await id.text()).toMatch(/^[0-9a-f-]{36}$/);
  expect(id.headers.get('cache-control')).toBe('no-store');
  expect(id.headers.get('x-content-type-options')).toBe('nosniff');
  expect(id.headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const name of ['access-control-allow-origin', 'x-powered-by']) expect(id.headers.get(name)).toBeNull();
  expect(await (await ask('/peerjs/')).json()).toMatchObject({ name: 'PeerJS Server' });
  expect((await ask('/peerjs/peerjs/peers')).status).toBe(401);
  for (const path of ['/peerjs', '/peerjs/other/id', '/peerjs/peerjs', '/peerjs/%', '/peerjs/peerjs/id/x'])
    expect((await ask(path)).status, path).toBe(404);
  expect((await ask('/peerjs/peerjs/id', { method: 'POST' })).status).toBe(405);
  expect(await (await ask('/healthz')).json()).toMatchObject({
    parts: { peerServer: { state: 'up', peers: 2 } },
  });

  await server.app.close();
  expect(await bob.ends()).toBe(1001);
});

test('PEERSERVER=off: nobody is there', async () => {
  await using server = await serve({ peerServer: false });
  const [error] = (await once(
    new WebSocket(`ws://localhost:${server.port}/peerjs/peerjs?key=peerjs&id=a&token=b`),
    'error',
  )) as [Error];
  expect(error.message).toContain('socket hang up');
  expect((await fetch(`${server.url}peerjs/peerjs/id`)).status).not.toBe(200);
  expect(await (await fetch(`${server.url}healthz`)).json()).toMatchObject({
    parts: { peerServer: { state: 'off' } },
  });
});
