import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTls } from 'node:tls';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import {
  decodeChannelData,
  decodeMessage,
  encodeChannelData,
  textOf,
  valueOf,
} from '../../src/protocol/stun/message.ts';
import { attributes } from '../../src/protocol/stun/names.ts';
import { until } from '../../tests/support/serve.ts';
import {
  addressIn,
  channel,
  outcomeOf,
  plain,
  text,
  type ToSend,
  TurnClient,
  udp,
} from '../../tests/support/turn-client.ts';
import { xorAddress } from '../../src/protocol/stun/message.ts';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { keepCertificate } from '../certificate.ts';
import type { LocalAddress } from './addresses.ts';
import { issueCredentials } from './credentials.ts';
import type { Flow } from './flow.ts';
import { createStunTurn, type StunTurn, type StunTurnConfig, type StunTurnDeps } from './stun-turn.ts';

const secret = 'a secret of the tests';
const loopback: LocalAddress[] = [
  { address: '127.0.0.1', loopback: true },
  { address: '::1', loopback: true },
];
const settings: StunTurnConfig = {
  host: '127.0.0.1',
  port: 0,
  tlsPort: 0,
  peers: ['relays'],
  relayPorts: { low: 49_152, high: 65_535 },
  lifetimeSec: 600,
  userQuota: 12,
  totalQuota: 100,
};

type Running = StunTurn & AsyncDisposable & { at: (address?: string) => Endpoint };

async function start(
  config: Partial<StunTurnConfig> = {},
  deps: Partial<StunTurnDeps> = {},
): Promise<Running> {
  const stunTurn = createStunTurn(
    { ...settings, ...config },
    { log: pino({ level: 'silent' }), now: () => Date.now(), secret, addresses: () => loopback, ...deps },
  );
  await stunTurn.listen();
  return Object.defineProperties({} as Running, {
    ...Object.getOwnPropertyDescriptors(stunTurn),
    at: {
      value: (address = '127.0.0.1') => ({
        address,
        port: stunTurn.places.find((place) => place.address === address)!.port,
      }),
    },
    [Symbol.asyncDispose]: { value: () => Promise.resolve(stunTurn.close()) },
  });
}

const credentialOf = (label: string, session = 'abcdefghijklmnop') => {
  const { username, credential } = issueCredentials(secret, { session, label }, Date.now());
  return { username, password: credential };
};
const open = (server: Running, label: string, transport: 'udp' | 'tcp' = 'udp', address?: string) =>
  TurnClient.open(server.at(address), { transport, credential: credentialOf(label) });
/** An IPv4 address needs no transaction id to be written. */
const peer = ({ address, port }: Endpoint): ToSend => [
  'XOR_PEER_ADDRESS',
  xorAddress({ address, port }, new Uint8Array(12)),
];
const send = (client: TurnClient, to: Endpoint, data: string) =>
  client.send(plain('indication', 'Send', [peer(to), ['DATA', text(data)]]));

test.each(['127.0.0.1', '::1'])('Binding at %s says where the packet came from', async (address) => {
  await using server = await start();
  await using client = await TurnClient.open(server.at(address));
  const answer = await client.ask('Binding');
  expect(addressIn(answer!, 'XOR_MAPPED_ADDRESS')).toEqual(client.local);
});

test('UDP and TCP share the port, and all addresses have the same one', async () => {
  await using server = await start();
  const { port } = server.health;
  expect(server.places.map((place) => place.port)).toEqual([port, port]);
  await using client = await TurnClient.open(server.at(), { transport: 'tcp' });
  expect(addressIn((await client.ask('Binding'))!, 'XOR_MAPPED_ADDRESS')).toEqual(client.local);
});

test.each([
  ['udp', 'udp'],
  ['tcp', 'tcp'],
  ['udp', 'tcp'],
  ['tcp', 'udp'],
] as const)('data crosses two relays, from a client over %s to one over %s', async (left, right) => {
  await using server = await start();
  await using alice = await open(server, 'alice', left);
  await using bob = await open(server, 'bob', right);
  const [atAlice, atBob] = [await alice.allocate(), await bob.allocate()];
  expect(outcomeOf(await alice.prove('CreatePermission', [peer(atBob)]))).toBe('success');
  expect(outcomeOf(await bob.prove('CreatePermission', [peer(atAlice)]))).toBe('success');

  send(alice, atBob, 'in an indication');
  const indication = decodeMessage((await bob.next())!)!;
  expect(addressIn(indication, 'XOR_PEER_ADDRESS')).toEqual(atAlice);
  expect(textOf(valueOf(indication, attributes.DATA)!)).toBe('in an indication');

  expect(outcomeOf(await alice.prove('ChannelBind', [channel(0x4000), peer(atBob)]))).toBe('success');
  expect(outcomeOf(await bob.prove('ChannelBind', [channel(0x4abc), peer(atAlice)]))).toBe('success');
  for (const words of ['', '1', 'twelve bytes', 'a'.repeat(1_001)]) {
    alice.send(encodeChannelData({ channel: 0x4000, data: text(words) }, left === 'tcp'));
    const { channel: number, data } = decodeChannelData((await bob.next())!)!;
    expect([number, textOf(data)]).toEqual([0x4abc, words]);
  }
  bob.send(encodeChannelData({ channel: 0x4abc, data: text('back') }, right === 'tcp'));
  expect(textOf(decodeChannelData((await alice.next())!)!.data)).toBe('back');

  const [view] = server.allocationsOf('abcdefghijklmnop').filter(({ label }) => label === 'alice');
  expect(view).toMatchObject({
    relayed: atAlice,
    flow: { transport: left, client: alice.local, server: server.at() },
    permissions: [{ address: '127.0.0.1' }],
    channels: [{ number: 0x4000, peer: atBob }],
    counters: {
      fromClient: { packets: 5, bytes: 16 + 1 + 12 + 1_001 },
      toClient: { packets: 1, bytes: 4 },
      channelData: { fromClient: { packets: 4 }, toClient: { packets: 1, bytes: 4 } },
      dropped: 0,
    },
  });
  expect(server.health).toMatchObject({ state: 'up', allocations: 2 });
});

test('a peer outside, where the configuration allows it, is reached through the kernel', async () => {
  await using server = await start({ peers: ['machine'] });
  const echo = createSocket('udp4');
  echo.bind(0, '127.0.0.1');
  await once(echo, 'listening');
  echo.on('message', (bytes, from) => echo.send(bytes, from.port, from.address));
  const outside = { address: '127.0.0.1', port: echo.address().port };
  try {
    await using alice = await open(server, 'alice');
    await alice.allocate();
    await alice.prove('CreatePermission', [peer(outside)]);
    send(alice, outside, 'hello');
    expect(textOf(valueOf(decodeMessage((await alice.next())!)!, attributes.DATA)!)).toBe('hello');
    await alice.prove('ChannelBind', [channel(0x4001), peer(outside)]);
    alice.send(encodeChannelData({ channel: 0x4001, data: text('again') }));
    expect(decodeChannelData((await alice.next())!)).toEqual({ channel: 0x4001, data: text('again') });
  } finally {
    echo.close();
  }
});

test('IPv6 clients get an IPv6 relay when they ask for one, and IPv4 when they do not', async () => {
  await using server = await start();
  await using alice = await open(server, 'alice', 'udp', '::1');
  await using bob = await open(server, 'bob', 'udp', '::1');
  const six: ToSend = ['REQUESTED_ADDRESS_FAMILY', Uint8Array.of(2, 0, 0, 0)];
  expect((await alice.allocate([udp, six])).address).toBe('::1');
  expect((await bob.allocate()).address).toBe('127.0.0.1');
});

test('the next free port is taken when the wished one is not free, at all addresses alike', async () => {
  const other = createSocket('udp4');
  other.bind(0, '127.0.0.1');
  await once(other, 'listening');
  const taken = other.address().port;
  try {
    await using server = await start({ port: taken });
    expect(server.health.port).toBeGreaterThan(taken);
    expect(new Set(server.places.map(({ port }) => port)).size).toBe(1);
    await using client = await TurnClient.open(server.at());
    expect(outcomeOf(await client.ask('Binding'))).toBe('success');
  } finally {
    other.close();
  }
});

test('addresses that come are opened, and what hangs on those that go is ended', async () => {
  let addresses = loopback.slice(0, 1);
  await using server = await start({}, { addresses: () => addresses });
  expect(server.places.map(({ address }) => address)).toEqual(['127.0.0.1']);
  await using alice = await open(server, 'alice');
  await alice.allocate();
  addresses = loopback.toReversed();
  await server.rescan();
  expect(server.places.map(({ address }) => address)).toEqual(['::1', '127.0.0.1']);
  expect(server.health.allocations).toBe(1);
  addresses = loopback.slice(1);
  await server.rescan();
  expect(server.places.map(({ address }) => address)).toEqual(['::1']);
  expect(server.health.allocations).toBe(0);
});

test('without an address it says that it failed, and opens when one comes', async () => {
  let addresses: LocalAddress[] = [];
  await using server = await start({}, { addresses: () => addresses });
  expect(server.health.state).toBe('failed');
  addresses = loopback;
  await server.rescan();
  expect(server.health.state).toBe('up');
  await using client = await TurnClient.open(server.at());
  expect(outcomeOf(await client.ask('Binding'))).toBe('success');
});

test('TLS: the same over an encrypted stream', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peerscope-'));
  const certificate = await keepCertificate(folder, ['localhost', '127.0.0.1']);
  await using server = await start({}, { certificate });
  const { tlsPort } = server.places[0]!;
  const socket = connectTls({
    port: tlsPort,
    host: '127.0.0.1',
    ca: certificate.cert,
    servername: 'localhost',
  });
  socket.write(plain('request', 'Binding', []));
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(outcomeOf(decodeMessage(bytes))).toBe('success');
  socket.destroy();
  await rm(folder, { recursive: true });
});

test('a TCP connection whose framing is lost is closed, one in pieces is understood', async () => {
  await using server = await start();
  const { address, port } = server.at();
  const broken = connect(port, address);
  broken.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
  await once(broken, 'close');

  const slow = connect(port, address).setNoDelay(true);
  for (const byte of plain('request', 'Binding', [])) {
    slow.write(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [bytes] = (await once(slow, 'data')) as [Buffer];
  expect(outcomeOf(decodeMessage(bytes))).toBe('success');
  slow.destroy();
});

test('the end of a connection is the end of its allocation', async () => {
  await using server = await start();
  {
    await using alice = await open(server, 'alice', 'tcp');
    await alice.allocate();
    expect(server.health.allocations).toBe(1);
  }
  await until(() => server.health.allocations === 0);
});

test('a tap sees each message with its flow, before and after the flow has a name', async () => {
  const seen: string[] = [];
  const ids = new Set<number>();
  const note = (flow: Flow, text: string) => {
    ids.add(flow.id);
    seen.push(text);
  };
  await using server = await start(
    {},
    {
      tap: {
        message: (flow, way, bytes) => {
          const { class: kind, method } = decodeMessage(bytes)!;
          note(flow, `${way} ${kind} ${method}`);
        },
        user: (flow, username) => note(flow, `user ${username.replace(/^\d+:/, '')}`),
        closed: (flow) => note(flow, 'closed'),
      },
    },
  );
  await using alice = await open(server, 'alice');
  await alice.ask('Binding');
  await alice.allocate();
  await alice.prove('Refresh', [['LIFETIME', new Uint8Array(4)]]);
  server.close();
  expect(seen).toEqual([
    'received request 1',
    'sent success 1',
    'received request 3',
    'sent error 3',
    'received request 3',
    'user abcdefghijklmnop.alice',
    'sent success 3',
    'received request 4',
    'sent success 4',
    'closed',
  ]);
  expect(ids.size).toBe(1);
});

test('a hook stands in the way of data, both ways, and of nothing else', async () => {
  const passed: string[] = [];
  await using server = await start(
    {},
    {
      relay: ({ label }, way, bytes, pass) => {
        passed.push(`${label} ${way} ${textOf(bytes)}`);
        if (textOf(bytes) !== 'lost') pass(bytes);
      },
    },
  );
  await using alice = await open(server, 'alice');
  await using bob = await open(server, 'bob');
  const [atAlice, atBob] = [await alice.allocate(), await bob.allocate()];
  await alice.prove('ChannelBind', [channel(0x4000), peer(atBob)]);
  await bob.prove('CreatePermission', [peer(atAlice)]);
  for (const words of ['lost', 'kept']) alice.send(encodeChannelData({ channel: 0x4000, data: text(words) }));
  expect(textOf(valueOf(decodeMessage((await bob.next())!)!, attributes.DATA)!)).toBe('kept');
  expect(passed).toEqual(['alice up lost', 'alice up kept', 'bob down kept']);
});
