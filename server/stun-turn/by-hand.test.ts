import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { encodeMessage } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import { serve } from '../../tests/support/serve.ts';
import { type Asked, StunByHand } from './by-hand.ts';

const HERE = '127.0.0.1';
const question = encodeMessage({
  class: 'request',
  method: methods.Binding,
  transactionId: new Uint8Array(12).fill(5),
  attributes: [],
});

/** A page that is connected from an address, with its port; and clients that ask there. */
async function setUp({ client = HERE, own = [HERE] as readonly string[] } = {}) {
  let nowMs = 0;
  const byHand = new StunByHand({
    now: () => nowMs,
    address: () => HERE,
    isOwn: (address) => own.includes(address),
  });
  onTestFinished(() => byHand.close());
  const asked: Asked[] = [];
  const heard = { next: () => {} };
  const url = await byHand.listen('one', client, (one) => {
    asked.push(one);
    heard.next();
  });
  const port = Number(url?.split(':')[2]);
  const clientAt = async (address = HERE) => {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return socket;
  };
  const send = (socket: Socket, bytes: Uint8Array) =>
    new Promise((resolve) => socket.send(bytes, port, HERE, resolve));
  /** Asks, and waits until the page has been told. */
  const ask = (socket: Socket) =>
    new Promise<Asked>((resolve) => {
      heard.next = () => resolve(asked.at(-1)!);
      void send(socket, question);
    });
  return { byHand, asked, url, clientAt, send, ask, pass: (ms: number) => (nowMs += ms) };
}

test('a question is handed to the page, and its answer goes to who has asked, once', async () => {
  const it = await setUp();
  const socket = await it.clientAt();
  const { id, bytes, from } = await it.ask(socket);
  expect([...bytes]).toEqual([...question]);
  expect(from).toEqual({ address: HERE, port: socket.address().port });
  const answered = once(socket, 'message') as Promise<[Buffer]>;
  expect(it.byHand.answer('one', id, Uint8Array.of(1, 2, 3))).toBe(true);
  expect([...(await answered)[0]]).toEqual([1, 2, 3]);
  expect(it.byHand.answer('one', id, Uint8Array.of(4))).toBe(false);
});

test.each([
  ['of another session', 'other', 0, 3],
  ['that is longer than a packet may be', 'one', 0, 549],
  ['that comes too late', 'one', 6_000, 3],
])('no answer is sent %s', async (_, session, afterMs, sizeBytes) => {
  const it = await setUp();
  const { id } = await it.ask(await it.clientAt());
  it.pass(afterMs);
  expect(it.byHand.answer(session, id, new Uint8Array(sizeBytes))).toBe(false);
  expect(it.byHand.answer('one', 999, new Uint8Array(3))).toBe(false);
});

test('only the page’s own computer may ask', async () => {
  const elsewhere = await setUp({ client: '127.0.0.2' });
  await elsewhere.send(await elsewhere.clientAt('127.0.0.3'), question);
  await elsewhere.send(await elsewhere.clientAt(HERE), question);
  const { from } = await elsewhere.ask(await elsewhere.clientAt('127.0.0.2'));
  expect(from.address).toBe('127.0.0.2');
  expect(elsewhere.asked).toHaveLength(1);
  // The page is on this machine, which has two addresses.
  const here = await setUp({ own: [HERE, '127.0.0.2'] });
  expect((await here.ask(await here.clientAt('127.0.0.2'))).from.address).toBe('127.0.0.2');
});

test('what is no question is not handed on: text, an ICE check, too many', async () => {
  const it = await setUp();
  const socket = await it.clientAt();
  await it.send(socket, Buffer.from('hello'));
  const check = { type: attributes.USERNAME, value: Buffer.from('a:b') };
  await it.send(
    socket,
    encodeMessage({
      class: 'request',
      method: methods.Binding,
      transactionId: new Uint8Array(12),
      attributes: [check],
    }),
  );
  await it.ask(socket);
  expect(it.asked).toHaveLength(1);
  for (let nth = 0; nth < 40; nth++) await it.send(socket, question);
  it.pass(100);
  await it.ask(socket);
  expect(it.asked.length).toBeLessThanOrEqual(21);
});

test('a session has one port; all sessions together have so many', async () => {
  const it = await setUp();
  const second = await it.byHand.listen('one', HERE, () => {});
  expect(second).not.toBe(it.url);
  expect(it.byHand.open).toBe(1);
  for (let nth = 0; nth < 15; nth++) expect(await it.byHand.listen(`s${nth}`, HERE, () => {})).toBeDefined();
  expect(await it.byHand.listen('one too many', HERE, () => {})).toBeUndefined();
  it.byHand.forget('s0');
  expect(await it.byHand.listen('another', HERE, () => {})).toBeDefined();
});

test('a page of this machine plays a STUN server over its signaling connection, until that ends', async () => {
  await using server = await serve();
  const page = await server.connect();
  expect(await page.ask('stun:listen', {})).toMatchObject({ error: { code: 'not-in-room' } });
  await page.join();
  const reply = await page.ask('stun:listen', {});
  const [, address = '', port] = /^stun:(.+):(\d+)$/.exec(reply.ok ? reply.value.url : '') ?? [];
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.bind(0, address);
  await once(socket, 'listening');
  const ask = () => socket.send(question, Number(port), address);
  ask();
  const asked = await page.hears('stun:asked');
  expect(Buffer.from(asked.bytes, 'base64')).toEqual(Buffer.from(question));
  expect(asked).toMatchObject({ address, port: socket.address().port });
  const heard = once(socket, 'message') as Promise<[Buffer]>;
  const bytes = Buffer.from('answer').toString('base64');
  expect(await page.ask('stun:answer', { id: asked.id, bytes })).toEqual({ ok: true, value: { sent: true } });
  expect((await heard)[0].toString()).toBe('answer');
  expect(await page.ask('stun:answer', { id: asked.id, bytes })).toEqual({
    ok: true,
    value: { sent: false },
  });
  expect(await page.askAnything('stun:answer', { id: 1, bytes: 'A'.repeat(733) })).toMatchObject({
    error: { code: 'too-large' },
  });

  page.socket.disconnect();
  const other = await server.connect();
  await other.join({ room: 'red' });
  ask();
  await other.ask('room:sync', {});
  expect(other.told.some(({ event }) => event === 'stun:asked')).toBe(false);
});

test('where there is no STUN server of ours no page plays one', async () => {
  await using server = await serve({ turn: { kind: 'off' } });
  const page = await server.connect();
  await page.join();
  expect(await page.ask('stun:listen', {})).toMatchObject({ error: { code: 'turn-unavailable' } });
});
