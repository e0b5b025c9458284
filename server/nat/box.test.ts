import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { encodeMessage, type MessageToSend } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import { createNatBox, type NatBoxConfig, type NatBoxDeps } from './box.ts';

const HERE = '127.0.0.1';

/** A Binding request as a browser sends it, or another message. */
const request = (message: Partial<MessageToSend> = {}): Buffer =>
  Buffer.from(
    encodeMessage({
      class: 'request',
      method: methods.Binding,
      transactionId: new Uint8Array(12),
      attributes: [],
      ...message,
    }),
  );

/** A UDP socket that remembers what came, each with its sender's port. */
async function endpoint(address = HERE) {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const heard: { text: string; port: number }[] = [];
  socket.on('message', (bytes, from) => heard.push({ text: bytes.toString('latin1'), port: from.port }));
  const next = async (nth: number) => {
    while (heard.length <= nth) await once(socket, 'message');
    return heard[nth]!;
  };
  return { socket, port: socket.address().port, heard, next };
}

const send = (socket: Socket, bytes: Buffer | string, port: number) =>
  new Promise((resolve) => socket.send(bytes, port, HERE, resolve));

/** A NAT before a stand-in of our STUN server, which answers each request with «seen <port>». */
async function setUp(deps: Partial<NatBoxDeps> = {}, config: Partial<NatBoxConfig> = {}) {
  const server = await endpoint();
  server.socket.on('message', (_, { port, address }) => server.socket.send(`seen ${port}`, port, address));
  const box = createNatBox(
    { port: 0, serves: 'machine', ...config },
    {
      log: pino({ level: 'silent' }),
      now: () => performance.now(),
      servers: () => [{ address: HERE, port: server.port }],
      isOwn: (address) => address === HERE,
      ...deps,
    },
  );
  await box.listen();
  onTestFinished(() => box.close());
  const doorOf = (filtering: 'open' | 'blocked') => Number(box.url(filtering)?.split(':')[2]);
  /** Asks for its mapped address, as a browser does. */
  const mappedPort = async (from: Awaited<ReturnType<typeof endpoint>>, filtering: 'open' | 'blocked') => {
    const nth = from.heard.length;
    await send(from.socket, request(), doorOf(filtering));
    return Number((await from.next(nth)).text.split(' ')[1]);
  };
  return { box, server, doorOf, mappedPort };
}

test('the server sees another port, and its answer comes from where it was asked', async () => {
  const { doorOf, mappedPort, box } = await setUp();
  const alice = await endpoint();
  const mapped = await mappedPort(alice, 'open');
  expect(mapped).not.toBe(alice.port);
  expect(alice.heard[0]?.port).toBe(doorOf('open'));
  expect(await mappedPort(alice, 'open')).toBe(mapped);
  expect(box.health).toMatchObject({ state: 'up', port: doorOf('open'), mappings: 1 });
});

test('two behind it talk over their mapped ports, and see each other’s', async () => {
  const { mappedPort } = await setUp();
  const [alice, bob] = [await endpoint(), await endpoint()];
  const [a, b] = [await mappedPort(alice, 'open'), await mappedPort(bob, 'open')];
  await send(alice.socket, 'hello bob', b);
  expect(await bob.next(1)).toEqual({ text: 'hello bob', port: a });
  await send(bob.socket, 'hello alice', a);
  expect(await alice.next(1)).toEqual({ text: 'hello alice', port: b });
});

test('the blocked one lets the server’s answers in and nobody else', async () => {
  const { mappedPort, doorOf } = await setUp();
  expect(doorOf('blocked')).not.toBe(doorOf('open'));
  const [alice, bob] = [await endpoint(), await endpoint()];
  const a = await mappedPort(alice, 'blocked');
  await mappedPort(bob, 'blocked');
  await send(bob.socket, 'hello alice', a);
  // Its own next answer comes behind what bob has sent.
  await mappedPort(alice, 'blocked');
  expect(alice.heard.map(({ text }) => text)).toEqual([`seen ${a}`, `seen ${a}`]);
});

test.each([
  ['text', Buffer.from('not a request at all')],
  [
    'an ICE check, which has a user name',
    request({ attributes: [{ type: attributes.USERNAME, value: Buffer.from('abcd:efgh') }] }),
  ],
  ['an answer', request({ class: 'success' })],
  ['a request for an allocation', request({ method: methods.Allocate })],
  ['a request that is longer than it says', Buffer.concat([request(), Buffer.alloc(4)])],
  [
    'more than fits into one packet everywhere',
    request({ attributes: [{ type: attributes.SOFTWARE, value: Buffer.alloc(600) }] }),
  ],
])('nothing leaves through it but requests for an address: not %s', async (_, bytes) => {
  const { server, doorOf, mappedPort, box } = await setUp();
  const alice = await endpoint();
  await send(alice.socket, bytes, doorOf('open'));
  const other = await endpoint();
  await mappedPort(other, 'open');
  expect(server.heard).toHaveLength(1);
  expect(alice.heard).toEqual([]);
  expect(box.health.mappings).toBe(1);
});

test('nothing leaves while there is no server of ours, and no page is sent there', async () => {
  let servers = [{ address: HERE, port: 9 }];
  const { box, server } = await setUp({ servers: () => servers });
  const { port } = box.health;
  servers = [];
  expect(box.url('open')).toBeUndefined();
  const alice = await endpoint();
  await send(alice.socket, request(), port);
  expect(server.heard).toEqual([]);
});

test('it serves this machine only, unless it was opened to the network', async () => {
  // The NAT knows 127.0.0.1 as its machine, so 127.0.0.2 is another one.
  for (const serves of ['machine', 'network'] as const) {
    const { doorOf, mappedPort } = await setUp({}, { serves });
    const [alice, stranger] = [await endpoint(), await endpoint('127.0.0.2')];
    const mapped = await mappedPort(alice, 'open');
    await send(stranger.socket, 'hello alice', mapped);
    await send(stranger.socket, request(), doorOf('open'));
    if (serves === 'network') await Promise.all([alice.next(1), stranger.next(0)]);
    await mappedPort(alice, 'open');
    expect(alice.heard.some(({ text }) => text === 'hello alice')).toBe(serves === 'network');
    expect(stranger.heard).toHaveLength(serves === 'network' ? 1 : 0);
  }
});

test('mappings are bounded: what comes above is dropped', async () => {
  const { box, mappedPort, doorOf, server } = await setUp({ rules: { mappings: 2 } });
  const [one, two, three] = [await endpoint(), await endpoint(), await endpoint()];
  await mappedPort(one, 'open');
  await mappedPort(two, 'open');
  await send(three.socket, request(), doorOf('open'));
  await mappedPort(one, 'open');
  expect(three.heard).toEqual([]);
  expect(server.heard).toHaveLength(3);
  expect(box.health.mappings).toBe(2);
});

test('a taken port is stepped over', async () => {
  const taken = await endpoint();
  const { doorOf, box } = await setUp({}, { port: taken.port });
  expect(box.health.state).toBe('up');
  expect(doorOf('open')).toBeGreaterThan(taken.port);
  expect(doorOf('blocked')).toBeGreaterThan(doorOf('open'));
});

test('after its end its ports are free, also those of the mappings', async () => {
  const { box, doorOf, mappedPort } = await setUp();
  const alice = await endpoint();
  const ports = [doorOf('open'), await mappedPort(alice, 'open')];
  box.close();
  for (const port of ports) {
    const socket = createSocket('udp4');
    socket.bind(port, HERE);
    await once(socket, 'listening');
    socket.close();
  }
  expect(box.health).toMatchObject({ state: 'closed', mappings: 0 });
});
