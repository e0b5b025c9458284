/** Whatever strangers send, and whatever those send who may: the server lives, and holds no more than before. */
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeChannelData, withFingerprint } from '../../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../../src/protocol/stun/names.ts';
import { mulberry32 } from '../../../server/stun-turn/impair.ts';
import { credentialOf } from '../../support/coturn.ts';
import {
  channel,
  lifetime,
  outcomeOf,
  peer,
  plain,
  type ToSend,
  TurnClient,
  udp,
} from '../../support/turn-client.ts';
import { startTurn, type TurnProcess, usage } from '../../support/turn.ts';

const DATAGRAMS = 100_000;
/** After so many an answer is awaited: no more than fit into the buffer of a socket. */
const BATCH = 100;
/** What Node's heap may grow by while it has no reason to collect. Keeping 1 kB of each datagram would be 100 MB. */
const SLACK_MB = 40;

/** Always the same, so that a failure can be seen again. */
const random = mulberry32(8656);
const upTo = (limit: number) => Math.floor(random() * limit);
const oneOf = <T>(list: readonly T[]): T => list[upTo(list.length)]!;
const bytes = (length: number) => Uint8Array.from({ length }, () => upTo(256));

const everyMethod = [...Object.values(methods), 0, 0x00b, 0xfff];
const everyAttribute = [...Object.values(attributes), 0x7fff, 0xffff];

/** An attribute of a known kind with a value of about the right size, or of none. */
const attribute = (): ToSend => [
  oneOf(everyAttribute),
  oneOf([() => bytes(upTo(25)), () => bytes(4), () => bytes(8), () => bytes(20)])(),
];
const someAttributes = () => Array.from({ length: upTo(6) }, attribute);

/** Messages as they should be, to be spoilt. */
function good(client: TurnClient): Uint8Array {
  return oneOf([
    () => plain('request', 'Binding', []),
    () => withFingerprint(plain('request', 'Binding', [['SOFTWARE', bytes(7)]])),
    () => client.signed('Allocate', [udp, lifetime(600)]),
    () => client.signed('Refresh', [lifetime(600)]),
    () => client.signed('CreatePermission', [peer('127.0.0.1', 4000), peer('192.0.2.1')]),
    () => client.signed('ChannelBind', [channel(0x4000 + upTo(16)), peer('127.0.0.1', 50_000)]),
    () => plain('indication', 'Send', [peer('127.0.0.1', 50_000), ['DATA', bytes(upTo(100))]]),
    () => encodeChannelData({ channel: 0x4000 + upTo(16), data: bytes(upTo(100)) }),
  ])();
}

/** The same with some bits turned, some bytes cut off, put in or written over. */
function spoilt(message: Uint8Array): Uint8Array {
  let result = Buffer.from(message);
  for (let times = 1 + upTo(4); times > 0; times--) {
    const at = upTo(result.length);
    const change = upTo(5);
    if (change === 0) result[at]! ^= 1 << upTo(8);
    else if (change === 1) result[at] = upTo(256);
    else if (change === 2) result = result.subarray(0, at);
    else if (change === 3)
      result = Buffer.concat([result.subarray(0, at), bytes(upTo(9)), result.subarray(at)]);
    else if (result.length >= 4) result.writeUInt16BE(oneOf([0, 1, 3, 4, 0xffff, 0xfffc, result.length]), 2);
  }
  return result;
}

/** A quarter at random, half spoilt, a quarter in good order and with the right proof, but of arbitrary content. */
function datagram(client: TurnClient): Uint8Array {
  const kind = upTo(4);
  if (kind === 0) return bytes(upTo(120));
  if (kind < 3) return spoilt(good(client));
  return client.signed(oneOf(everyMethod), someAttributes());
}

let server: TurnProcess;
beforeAll(async () => {
  server = await startTurn({ userQuota: 1000 });
});
afterAll(() => server[Symbol.asyncDispose]());

const open = (transport: 'udp' | 'tcp' = 'udp') =>
  TurnClient.open(server, { transport, credential: credentialOf(server.secret, 'fuzz.alice') });

/** Linux says what a process holds; elsewhere it is enough that it lives. */
const usageNow = () => (process.platform === 'linux' ? usage(server.pid) : { rssMB: 0, files: 0 });

test(`${DATAGRAMS} datagrams neither end it nor fill it`, { timeout: 120_000 }, async () => {
  const judge = await open();
  const clients = [await open(), await open(), await open(), await open()];
  for (const client of clients.slice(0, 2)) await client.allocate();
  for (const client of clients.slice(2)) await client.prove('Refresh', []); // strangers who know a nonce
  let before = usageNow();
  for (let sent = 0; sent < DATAGRAMS; sent++) {
    const client = oneOf(clients);
    client.send(datagram(client));
    if (sent % BATCH === 0)
      expect(outcomeOf(await judge.ask('Binding')), `after ${sent} datagrams`).toBe('success');
    for (const each of clients) each.unasked.length = 0;
    if (sent === DATAGRAMS / 5) before = usageNow(); // by now the code is compiled, and the heap has its size
  }
  const after = usageNow();
  expect(after.rssMB - before.rssMB, `${before.rssMB} → ${after.rssMB} MB`).toBeLessThan(SLACK_MB);
  // Valid Allocate requests open a socket for each client, valid Refresh requests close it.
  expect(after.files - before.files).toBeLessThanOrEqual(clients.length);
  await expect(judge.allocate()).resolves.toMatchObject({ address: '127.0.0.1' });
  for (const client of [judge, ...clients]) await client[Symbol.asyncDispose]();
});

test('TCP: broken framing ends the connection that broke it, and no other', { timeout: 60_000 }, async () => {
  await using known = await open('tcp');
  await known.allocate();
  const before = usageNow();
  for (let round = 0; round < 10; round++) {
    const sockets = await Promise.all(Array.from({ length: 30 }, connection));
    for (const socket of sockets) {
      const junk = oneOf([
        () => bytes(upTo(3000)),
        () => Buffer.alloc(20_000, 0xc3),
        () => Buffer.concat(Array.from({ length: 20 }, () => spoilt(good(known)))),
        () => Buffer.concat([plain('request', 'Binding', []), bytes(40)]),
        () => encodeChannelData({ channel: 0x4000, data: bytes(200) }, true),
      ])();
      // In pieces of any size: a stream keeps no boundaries.
      for (let at = 0; at < junk.length;) at += write(socket, junk, at, 1 + upTo(700));
      oneOf([() => socket.end(), () => socket.resetAndDestroy(), () => {}])();
    }
    expect(outcomeOf(await known.prove('Refresh', [lifetime(600)])), `round ${round}`).toBe('success');
    for (const socket of sockets) socket.destroy();
  }
  const after = usageNow();
  expect(after.rssMB - before.rssMB, `${before.rssMB} → ${after.rssMB} MB`).toBeLessThan(SLACK_MB);
  await expect.poll(() => usageNow().files).toBeLessThanOrEqual(before.files + 2);
});

test('TCP: four megabytes that are no frame are not read to their end', async () => {
  const socket = await connection();
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  socket.write(Buffer.alloc(4 << 20, 0xc3));
  await closed;
});

function connection(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(server.port, server.address, () => resolve(socket));
    socket.on('error', () => {}); // it is cut, as it should be
  });
}

function write(socket: Socket, all: Uint8Array, at: number, length: number): number {
  socket.write(all.subarray(at, at + length));
  return length;
}
