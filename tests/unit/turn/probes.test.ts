/** What a STUN/TURN server answers to what no browser sends: ours, and coturn beside it, so that the table is no fancy. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/protocol/stun/address.ts';
import {
  decodeChannelData,
  decodeMessage,
  encodeChannelData,
  valueOf,
  withFingerprint,
} from '../../../src/protocol/stun/message.ts';
import { attributes } from '../../../src/protocol/stun/names.ts';
import { openTurn } from '../../support/turn.ts';
import { coturnMissing, credentialOf, startCoturn, type TurnTarget } from '../../support/coturn.ts';
import {
  addressIn,
  channel,
  lifetime,
  type Outcome,
  outcomeOf,
  peer,
  plain,
  text,
  type ToSend,
  TurnClient,
  udp,
  uint32,
} from '../../support/turn-client.ts';

/** Something to try, and how it must end. */
interface Probe {
  readonly name: string;
  readonly try: (client: TurnClient, target: Target) => Promise<Outcome>;
  readonly expected: Outcome;
  /** Where coturn 4.6 answers otherwise, and may. */
  readonly coturn?: Outcome;
}
interface Target extends TurnTarget {
  /** A client with a user name of its own. */
  open(options?: { userid?: string; lifetimeSec?: number }): Promise<TurnClient>;
}

const family = (number: 1 | 2): ToSend => ['REQUESTED_ADDRESS_FAMILY', Uint8Array.of(number, 0, 0, 0)];
const overTcp: ToSend = ['REQUESTED_TRANSPORT', Uint8Array.of(6, 0, 0, 0)];

/** The outcome of a proved request. */
const proved =
  (
    method: Parameters<TurnClient['prove']>[0],
    list: readonly ToSend[],
    proof: Parameters<TurnClient['prove']>[2] = {},
  ): Probe['try'] =>
  async (client) =>
    outcomeOf(await client.prove(method, list, proof));

/** The same for a client that has an allocation. */
const allocated =
  (method: Parameters<TurnClient['prove']>[0], list: readonly ToSend[]): Probe['try'] =>
  async (client) => {
    await client.allocate();
    return outcomeOf(await client.prove(method, list));
  };

const identity: readonly Probe[] = [
  {
    name: 'no proof at all',
    try: async (client) => outcomeOf(await client.ask('Allocate', [udp])),
    expected: 401,
  },
  { name: 'a wrong password', try: proved('Allocate', [udp], { password: 'guessed' }), expected: 401 },
  {
    name: 'a user name that has expired',
    try: async (_, target) => {
      const late = await target.open({ lifetimeSec: -10 });
      return outcomeOf(await late.prove('Allocate', [udp]));
    },
    expected: 401,
  },
  {
    name: 'a user name without an expiry',
    try: proved('Allocate', [udp], { username: 'alice' }),
    expected: 401,
  },
  {
    name: 'an empty user name',
    try: proved('Allocate', [udp], { username: '', password: '' }),
    expected: 401,
  },
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty'].map((name) => ({
    name: `the user name ${name}, with the password that an object would have`,
    try: proved('Allocate', [udp], { username: name, password: String(Reflect.get({}, name)) }),
    expected: 401,
  })),
  {
    name: 'a foreign realm, with a key made for it',
    try: proved('Allocate', [udp], { realm: 'elsewhere.example' }),
    expected: 401,
    coturn: 437,
  },
  {
    name: 'the right realm, with a key made for another',
    try: proved('Allocate', [udp], { keyRealm: 'elsewhere.example' }),
    expected: 401,
  },
  {
    name: 'a nonce of its own invention',
    try: proved('Allocate', [udp], { nonce: 'made up' }),
    expected: 438,
  },
  { name: 'proof without USERNAME', try: proved('Allocate', [udp], { username: null }), expected: 400 },
  { name: 'proof without REALM', try: proved('Allocate', [udp], { realm: null }), expected: 400 },
  { name: 'proof without NONCE', try: proved('Allocate', [udp], { nonce: null }), expected: 400 },
  {
    name: 'another user on the same 5-tuple',
    try: async (client, target) => {
      await client.allocate();
      const { username, password } = credentialOf(target.secret, 'somebody.else');
      return outcomeOf(await client.prove('Refresh', [lifetime(600)], { username, password }));
    },
    expected: 441,
  },
  {
    name: 'the first request again, word for word',
    try: async (client) => {
      await client.ask('Allocate', [udp]);
      const bytes = client.signed('Allocate', [udp]);
      const [one, two] = [await client.exchange(bytes), await client.exchange(bytes)];
      expect(addressIn(two!, 'XOR_RELAYED_ADDRESS')).toEqual(addressIn(one!, 'XOR_RELAYED_ADDRESS'));
      return outcomeOf(two);
    },
    expected: 'success',
  },
];

const requests: readonly Probe[] = [
  { name: 'Binding', try: async (client) => outcomeOf(await client.ask('Binding')), expected: 'success' },
  {
    name: 'Binding with an attribute that must be understood and is not',
    try: async (client) => {
      const answer = await client.ask('Binding', [[0x7ffe, uint32(1)]]);
      expect([...((answer && valueOf(answer, attributes.UNKNOWN_ATTRIBUTES)) ?? [])].slice(0, 2)).toEqual([
        0x7f, 0xfe,
      ]);
      return outcomeOf(answer);
    },
    expected: 420,
  },
  {
    name: 'Binding with one that need not be',
    try: async (client) => outcomeOf(await client.ask('Binding', [[0xfffe, uint32(1)]])),
    expected: 'success',
  },
  {
    name: 'Allocate with an attribute that must be understood',
    try: proved('Allocate', [udp, [0x7ffe, uint32(1)]]),
    expected: 420,
  },
  {
    name: 'Allocate with one that need not be',
    try: proved('Allocate', [udp, [0xfffe, uint32(1)]]),
    expected: 'success',
  },
  { name: 'Allocate without REQUESTED-TRANSPORT', try: proved('Allocate', []), expected: 400 },
  {
    name: 'Allocate for TCP at the far side',
    try: proved('Allocate', [overTcp]),
    expected: 442,
  },
  {
    name: 'Allocate with a family that does not exist',
    try: proved('Allocate', [udp, ['REQUESTED_ADDRESS_FAMILY', uint32(0x09000000)]]),
    expected: 440,
  },
  {
    name: 'Allocate with EVEN-PORT and RESERVATION-TOKEN',
    try: proved('Allocate', [
      udp,
      ['EVEN_PORT', Uint8Array.of(0x80)],
      ['RESERVATION_TOKEN', new Uint8Array(8)],
    ]),
    expected: 400,
  },
  {
    name: 'Allocate with a token that nobody gave out',
    try: proved('Allocate', [udp, ['RESERVATION_TOKEN', text('12345678')]]),
    expected: 508,
    coturn: 404, // no code of TURN's
  },
  { name: 'Allocate twice', try: allocated('Allocate', [udp]), expected: 437 },
  {
    name: 'REQUESTED-TRANSPORT behind the proof does not count',
    try: async (client) => {
      await client.ask('Allocate', [udp]);
      const signed = Buffer.from(client.signed('Allocate', []));
      const late = Buffer.concat([signed, Buffer.from([0x00, 0x19, 0x00, 0x04, 17, 0, 0, 0])]);
      late.writeUInt16BE(late.length - 20, 2);
      return outcomeOf(await client.exchange(late));
    },
    expected: 400,
    coturn: 'success', // it reads on
  },
  { name: 'Refresh without an allocation', try: proved('Refresh', [lifetime(600)]), expected: 437 },
  {
    name: 'CreatePermission without an allocation',
    try: proved('CreatePermission', [peer('127.0.0.1')]),
    expected: 437,
    coturn: 400,
  },
  {
    name: 'ChannelBind without an allocation',
    try: proved('ChannelBind', [channel(0x4000), peer('127.0.0.1')]),
    expected: 437,
    coturn: 400,
  },
  { name: 'Refresh to 0', try: allocated('Refresh', [lifetime(0)]), expected: 'success' },
  {
    name: 'Refresh after Refresh to 0',
    try: async (client) => {
      await client.allocate();
      await client.prove('Refresh', [lifetime(0)]);
      return outcomeOf(await client.prove('Refresh', [lifetime(600)]));
    },
    expected: 437,
    coturn: 'success', // it keeps the session for a while
  },
  { name: 'Refresh for another family', try: allocated('Refresh', [family(2)]), expected: 443 },
  { name: 'CreatePermission without a peer', try: allocated('CreatePermission', []), expected: 400 },
  { name: 'ChannelBind without a peer', try: allocated('ChannelBind', [channel(0x4000)]), expected: 400 },
  {
    name: 'ChannelBind without a channel',
    try: allocated('ChannelBind', [peer('127.0.0.1')]),
    expected: 400,
  },
  ...[0x0000, 0x3fff, 0x7fff, 0x8000, 0xffff].map((number) => ({
    name: `ChannelBind of the number 0x${number.toString(16)}`,
    try: allocated('ChannelBind', [channel(number), peer('127.0.0.1')]),
    expected: 400,
    ...(number === 0x7fff && { coturn: 'success' as const }),
  })),
  {
    name: 'one channel for two peers',
    try: async (client, target) => {
      const [one, two] = await twoRelays(client, target);
      await client.prove('ChannelBind', [channel(0x4001), peer(one.address, one.port)]);
      return outcomeOf(await client.prove('ChannelBind', [channel(0x4001), peer(two.address, two.port)]));
    },
    expected: 400,
  },
  {
    name: 'two channels for one peer',
    try: async (client, target) => {
      const [one] = await twoRelays(client, target);
      await client.prove('ChannelBind', [channel(0x4001), peer(one.address, one.port)]);
      return outcomeOf(await client.prove('ChannelBind', [channel(0x4003), peer(one.address, one.port)]));
    },
    expected: 400,
  },
  {
    name: 'the same channel for the same peer again',
    try: async (client, target) => {
      const [one] = await twoRelays(client, target);
      await client.prove('ChannelBind', [channel(0x4001), peer(one.address, one.port)]);
      return outcomeOf(await client.prove('ChannelBind', [channel(0x4001), peer(one.address, one.port)]));
    },
    expected: 'success',
  },
];

const silence: readonly Probe[] = [
  {
    name: 'a FINGERPRINT that does not fit',
    try: async (client) => {
      const bytes = withFingerprint(plain('request', 'Binding', []));
      bytes[bytes.length - 1]! ^= 1;
      return outcomeOf(await client.exchange(bytes));
    },
    expected: 'silence',
  },
  {
    name: 'a Binding indication',
    try: async (client) => outcomeOf(await client.exchange(plain('indication', 'Binding', []))),
    expected: 'silence',
  },
  {
    name: 'an answer that nobody asked for',
    try: async (client) => outcomeOf(await client.exchange(plain('success', 'Binding', []))),
    expected: 'silence',
  },
  {
    name: 'a method that does not exist',
    try: async (client) => outcomeOf(await client.ask(0x7ff)),
    expected: 'silence',
    coturn: 401,
  },
  {
    name: 'a Send indication without an allocation',
    try: async (client) =>
      outcomeOf(
        await client.exchange(plain('indication', 'Send', [peer('127.0.0.1'), ['DATA', text('hi')]])),
      ),
    expected: 'silence',
  },
  {
    name: 'a length that is not that of the datagram',
    try: async (client) => {
      const bytes = Buffer.from(plain('request', 'Binding', [['SOFTWARE', text('four')]]));
      bytes.writeUInt16BE(4, 2);
      return outcomeOf(await client.exchange(bytes));
    },
    expected: 'silence',
  },
  {
    name: 'a request without the cookie (RFC 3489)',
    try: async (client) => {
      const bytes = Buffer.from(plain('request', 'Binding', []));
      bytes.writeUInt32BE(0x01020304, 4);
      return outcomeOf(await client.exchange(bytes));
    },
    expected: 'silence',
  },
];

/** Peers to which nobody's data may go. */
const deniedPeers = [
  '0.0.0.0',
  '0.1.2.3',
  '10.1.2.3',
  '127.0.0.2',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.1.1',
  '192.0.2.1',
  '198.51.100.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '8.8.8.8',
];
const deniedPeers6 = [
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fe80::1',
  'fc00::1',
  'ff02::1',
  '2001:db8::1',
];

/** An allocation for the client, and two more of the same server, as peers that exist. */
async function twoRelays(client: TurnClient, target: Target): Promise<[Endpoint, Endpoint]> {
  await client.allocate();
  const [one, two] = [await target.open(), await target.open()];
  return [await one.allocate(), await two.allocate()];
}

let users = 0;

/** What a test asks; the clients that it opened close with it. */
function targetOf(server: TurnTarget): Target & AsyncDisposable {
  const clients: TurnClient[] = [];
  return {
    address: server.address,
    port: server.port,
    secret: server.secret,
    open: async ({ userid = `session${++users}.alice`, lifetimeSec = 600 } = {}) => {
      const client = await TurnClient.open(server, {
        credential: credentialOf(server.secret, userid, lifetimeSec),
      });
      clients.push(client);
      return client;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client[Symbol.asyncDispose]();
    },
  };
}

function suite(name: 'ours' | 'coturn', start: (quota?: number) => Promise<TurnTarget & AsyncDisposable>) {
  let server: TurnTarget & AsyncDisposable;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const all = [...identity, ...requests, ...silence];
  test.each(all)('$name: $expected', async (probe) => {
    await using target = targetOf(server);
    const expected = name === 'coturn' ? (probe.coturn ?? probe.expected) : probe.expected;
    expect(await probe.try(await target.open(), target)).toBe(expected);
  });

  test.each(deniedPeers)('the peer %s is forbidden, by permission and by channel', async (address) => {
    await using target = targetOf(server);
    const client = await target.open();
    await client.allocate();
    expect(outcomeOf(await client.prove('CreatePermission', [peer(address)]))).toBe(403);
    expect(outcomeOf(await client.prove('ChannelBind', [channel(0x4000), peer(address)]))).toBe(403);
  });

  test('one forbidden peer among several forbids them all', async () => {
    await using target = targetOf(server);
    const client = await target.open();
    const other = await target.open();
    const mine = await client.allocate();
    const { address, port } = await other.allocate();
    const list = [peer(address, port), peer('8.8.8.8')];
    expect(outcomeOf(await client.prove('CreatePermission', list))).toBe(403);
    expect(outcomeOf(await other.prove('CreatePermission', [peer(mine.address, mine.port)]))).toBe('success');
    client.send(plain('indication', 'Send', [peer(address, port), ['DATA', text('let in?')]]));
    expect(await other.next()).toBeUndefined();
  });

  test('an IPv6 peer does not fit an IPv4 allocation: 443', async () => {
    await using target = targetOf(server);
    const client = await target.open();
    await client.allocate();
    expect(outcomeOf(await client.prove('CreatePermission', [peer('2001:db8::1')]))).toBe(443);
    expect(outcomeOf(await client.prove('ChannelBind', [channel(0x4000), peer('::1')]))).toBe(443);
  });

  test('nothing reaches a program on this machine, whatever is sent', async () => {
    await using target = targetOf(server);
    const sink = createSocket('udp4').bind(0, '127.0.0.1');
    await once(sink, 'listening');
    const heard: Buffer[] = [];
    sink.on('message', (bytes) => heard.push(bytes));
    const { port } = sink.address();
    const client = await target.open();
    await client.allocate();
    for (const address of ['127.0.0.1', '127.0.0.2', '0.0.0.0']) {
      await client.prove('CreatePermission', [peer(address, port)]);
      await client.prove('ChannelBind', [channel(0x4000), peer(address, port)]);
      client.send(plain('indication', 'Send', [peer(address, port), ['DATA', text('hello')]]));
      client.send(encodeChannelData({ channel: 0x4000, data: text('hello') }));
    }
    expect(await client.next()).toBeUndefined();
    sink.close();
    // coturn must be told to allow its own address as peer where it relays on loopback.
    if (name === 'ours') expect(heard).toEqual([]);
  });

  test('data crosses from relay to relay as it was, by indication and by channel, and only where it is permitted', async () => {
    await using target = targetOf(server);
    const alice = await target.open();
    const bob = await target.open();
    const [a, b] = [await alice.allocate(), await bob.allocate()];
    alice.send(plain('indication', 'Send', [peer(b.address, b.port), ['DATA', text('too early')]]));
    expect(outcomeOf(await alice.prove('CreatePermission', [peer(b.address, b.port)]))).toBe('success');
    alice.send(plain('indication', 'Send', [peer(b.address, b.port), ['DATA', text('not let in')]]));
    expect(await bob.next()).toBeUndefined();
    expect(outcomeOf(await bob.prove('CreatePermission', [peer(a.address, a.port)]))).toBe('success');
    const words = text('five!');
    alice.send(plain('indication', 'Send', [peer(b.address, b.port), ['DATA', words]]));
    const indication = decodeMessage((await bob.next())!)!;
    expect(addressIn(indication, 'XOR_PEER_ADDRESS')).toEqual(a);
    expect(valueOf(indication, attributes.DATA)).toEqual(words);

    const [mine, theirs] = [0x4001, 0x4fff];
    expect(outcomeOf(await alice.prove('ChannelBind', [channel(mine), peer(b.address, b.port)]))).toBe(
      'success',
    );
    expect(outcomeOf(await bob.prove('ChannelBind', [channel(theirs), peer(a.address, a.port)]))).toBe(
      'success',
    );
    for (const data of [words, new Uint8Array(0), new Uint8Array(1400).fill(7)]) {
      alice.send(encodeChannelData({ channel: mine, data }));
      expect(decodeChannelData((await bob.next())!)).toEqual({ channel: theirs, data });
    }
  });

  test('more allocations than a user may have: 486; the others still get theirs, and an end makes room', async () => {
    await using narrow = await start(2);
    await using target = targetOf(narrow);
    const open = () => target.open({ userid: 'greedy.alice' });
    const [one, two, three] = [await open(), await open(), await open()];
    const other = await target.open({ userid: 'modest.bob' });
    await one.allocate();
    await two.allocate();
    expect(outcomeOf(await three.prove('Allocate', [udp]))).toBe(486);
    await other.allocate();
    expect(outcomeOf(await one.prove('Refresh', [lifetime(0)]))).toBe('success');
    // coturn counts an allocation that has ended for some seconds more.
    if (name === 'ours') expect(outcomeOf(await three.prove('Allocate', [udp]))).toBe('success');
  });

  test('every answer to a request with proof is proved itself', async () => {
    await using target = targetOf(server);
    const client = await target.open();
    const other = await target.open();
    const { address, port } = await other.allocate();
    const answers = [
      await client.prove('Allocate', [udp]),
      await client.prove('CreatePermission', [peer(address, port)]),
      await client.prove('ChannelBind', [channel(0x4000), peer(address, port)]),
      await client.prove('Refresh', [lifetime(600)]),
    ];
    for (const answer of answers) {
      expect(outcomeOf(answer)).toBe('success');
      expect(valueOf(answer!, attributes.MESSAGE_INTEGRITY)).toHaveLength(20);
    }
  });
}

describe.concurrent('ours', () => {
  suite('ours', (quota) => openTurn(quota === undefined ? {} : { userQuota: quota }));

  let server: TurnTarget & AsyncDisposable;
  beforeAll(async () => {
    server = await openTurn();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(deniedPeers6)('the IPv6 peer %s is forbidden, by permission and by channel', async (address) => {
    await using target = targetOf({ ...server, address: '::1' });
    const client = await target.open();
    await client.allocate([udp, family(2)]);
    expect(outcomeOf(await client.prove('CreatePermission', [peer(address)]))).toBe(403);
    expect(outcomeOf(await client.prove('ChannelBind', [channel(0x4000), peer(address)]))).toBe(403);
  });
});

describe.skipIf(coturnMissing)(
  `coturn, the reference${coturnMissing ? ` (${coturnMissing})` : ''}`,
  { concurrent: true },
  () =>
    suite('coturn', (quota) =>
      startCoturn({ ...(quota !== undefined && { quota: { user: quota, total: 100 } }) }),
    ),
);
