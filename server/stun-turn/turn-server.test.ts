import { beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import {
  decodeChannelData,
  decodeMessage,
  encodeChannelData,
  encodeMessage,
  errorCodeOf,
  fingerprintFits,
  readXorAddress,
  type StunMessage,
  textOf,
  uint32,
  valueOf,
  withFingerprint,
  xorAddress,
} from '../../src/protocol/stun/message.ts';
import { attributes as types, methods } from '../../src/protocol/stun/names.ts';
import { issueCredentials } from './credentials.ts';
import type { Link, RelaySocket } from './flow.ts';
import { integrityFits, longTermKey, withIntegrity } from './integrity.ts';
import { REALM, type TurnDeps, type TurnRules, TurnServer } from './turn-server.ts';

const secret = 'the secret of the tests';
const rules: TurnRules = {
  secret,
  lifetimeSec: 600,
  userQuota: 3,
  totalQuota: 5,
  strangers: { burst: 4, perSec: 1 },
};

type Attributes = readonly (readonly [type: keyof typeof types | number, value: Uint8Array])[];

let nowMs: number;
let server: TurnServer;
/** Sockets of relayed addresses that were opened, those that were closed included. */
let sockets: FakeSocket[];
let outside: (address: string) => boolean;
let failing: boolean;

interface FakeSocket extends RelaySocket {
  readonly sent: { data: string; to: Endpoint }[];
  arrive(data: string, from: Endpoint): void;
  closed: boolean;
}

function fakeSocket(address: string, port: number): FakeSocket {
  let receiver: Parameters<RelaySocket['onPacket']>[0] = () => {};
  const socket: FakeSocket = {
    local: { address, port },
    sent: [],
    closed: false,
    send: (bytes, start, sizeBytes, { address, port }) =>
      void socket.sent.push({
        data: textOf(bytes.subarray(start, start + sizeBytes)),
        to: { address, port },
      }),
    onPacket: (given) => void (receiver = given),
    arrive: (data, from) => receiver(text(data), from),
    close: () => void (socket.closed = true),
  };
  sockets.push(socket);
  return socket;
}

function start(changed: Partial<TurnRules> = {}, deps: Partial<TurnDeps> = {}): TurnServer {
  let port = 50_000;
  return new TurnServer(
    { ...rules, ...changed },
    {
      openRelay: ({ address, andNext }) =>
        failing
          ? Promise.reject(new Error('no port'))
          : Promise.resolve({
              socket: fakeSocket(address, (port += 2)),
              ...(andNext && { next: fakeSocket(address, port + 1) }),
            }),
      relayAddress: (_, family) => (family === 4 ? '192.0.2.1' : undefined),
      mayReach: (address) => outside(address),
      isOwn: (address) => address === '192.0.2.1',
      now: () => nowMs,
      ...deps,
    },
  );
}

beforeEach(() => {
  nowMs = 1_800_000_000_000;
  sockets = [];
  outside = () => false;
  failing = false;
  server = start();
});

/** A client at the other end of a link, in the same task. */
class Client {
  readonly link: Link;
  readonly frames: Uint8Array[] = [];
  kept = false;
  username: string;
  password: string;
  realm = REALM;
  nonce: Uint8Array = new Uint8Array();

  constructor(label: string, address = '192.0.2.1', port = 4_000) {
    const given = issueCredentials(secret, { session: 'abcdefghijklmnop', label }, nowMs);
    this.username = given.username;
    this.password = given.credential;
    this.link = {
      id: 1,
      transport: 'udp',
      client: { address, port },
      server: { address: '192.0.2.1', port: 3478 },
      allocation: undefined,
      username: undefined,
      send: (message) => void this.frames.push(message),
      sendChannelData: (channel, data) => void this.frames.push(encodeChannelData({ channel, data })),
      forwardChannelData: (channel, frame, sizeBytes) =>
        void this.frames.push(encodeChannelData({ channel, data: frame.slice(4, 4 + sizeBytes) })),
      keep: (kept) => void (this.kept = kept),
    };
  }

  send(bytes: Uint8Array): void {
    server.receive(this.link, bytes, nowMs);
  }

  /** What came last, and is taken away with it all. */
  async last(): Promise<Uint8Array | undefined> {
    await Promise.resolve().then(() => Promise.resolve()); // sockets open in a later task
    return this.frames.splice(0).at(-1);
  }

  async ask(
    method: keyof typeof methods,
    list: Attributes = [],
    id = newId(),
  ): Promise<StunMessage | undefined> {
    this.send(message('request', method, list, id));
    return decodeMessage((await this.last()) ?? new Uint8Array());
  }

  async prove(
    method: keyof typeof methods,
    list: Attributes = [],
    id = newId(),
  ): Promise<StunMessage | undefined> {
    if (this.nonce.length === 0) this.nonce = valueOf((await this.ask('Allocate', [udp]))!, types.NONCE)!;
    const proof: Attributes = [
      ['USERNAME', text(this.username)],
      ['REALM', text(this.realm)],
      ['NONCE', this.nonce],
    ];
    const bytes = message('request', method, [...list, ...proof], id);
    this.send(withIntegrity(bytes, longTermKey(this.username, this.realm, this.password)));
    return decodeMessage((await this.last()) ?? new Uint8Array());
  }

  /** Proves with what may be wrong, and gives the code. */
  async code(method: keyof typeof methods, list: Attributes = []): Promise<number | string> {
    return codeOf(await this.prove(method, list));
  }

  async allocate(list: Attributes = [udp]): Promise<Endpoint> {
    const answer = (await this.prove('Allocate', list))!;
    expect(codeOf(answer)).toBe('success');
    return addressIn(answer, 'XOR_RELAYED_ADDRESS')!;
  }
}

let ids = 0;
const newId = () => Uint8Array.from({ length: 12 }, (_, i) => (i === 11 ? ++ids : 7));
const text = (value: string) => new TextEncoder().encode(value);
const udp = ['REQUESTED_TRANSPORT', Uint8Array.of(17, 0, 0, 0)] as const;
const peer = (address: string, port: number) =>
  ['XOR_PEER_ADDRESS', xorAddress({ address, port }, new Uint8Array(12))] as const;
const at = ({ address, port }: Endpoint) => peer(address, port);
const channel = (number: number) =>
  ['CHANNEL_NUMBER', Uint8Array.of(number >> 8, number & 255, 0, 0)] as const;
const lifetime = (seconds: number) =>
  ['LIFETIME', Uint8Array.of(seconds >>> 24, seconds >>> 16, seconds >>> 8, seconds)] as const;

function message(
  kind: StunMessage['class'],
  method: keyof typeof methods,
  list: Attributes,
  transactionId: Uint8Array = newId(),
): Uint8Array {
  const all = list.map(([type, value]) => ({ type: typeof type === 'number' ? type : types[type], value }));
  return encodeMessage({ class: kind, method: methods[method], transactionId, attributes: all });
}

const codeOf = (answer: StunMessage | undefined) =>
  answer ? (answer.class === 'success' ? 'success' : (errorCodeOf(answer)?.code ?? 'no code')) : 'silence';
const addressIn = (answer: StunMessage, type: keyof typeof types) =>
  readXorAddress(valueOf(answer, types[type])!, answer.transactionId);
const lifetimeIn = (answer: StunMessage | undefined) => uint32(valueOf(answer!, types.LIFETIME)!, 0);

/** Two clients with allocations, each allowed to reach the other. */
async function pair() {
  const [alice, bob] = [new Client('alice'), new Client('bob', '192.0.2.1', 4_001)];
  const [atAlice, atBob] = [await alice.allocate(), await bob.allocate()];
  expect(await alice.code('CreatePermission', [at(atBob)])).toBe('success');
  expect(await bob.code('CreatePermission', [at(atAlice)])).toBe('success');
  return { alice, bob, atAlice, atBob };
}
const sendTo = (client: Client, to: Endpoint, data: string) =>
  client.send(message('indication', 'Send', [at(to), ['DATA', text(data)]]));
const dataIn = (bytes: Uint8Array | undefined) => {
  const found = bytes && decodeMessage(bytes);
  return found && textOf(valueOf(found, types.DATA)!);
};

describe('a network change', () => {
  test('ends what one peer of a session holds, and neither end is told', async () => {
    const { alice, bob, atAlice, atBob } = await pair();
    expect(server.endAllocationsOf('abcdefghijklmnop', 'alice')).toBe(1);
    expect([server.allocations, sockets.map(({ closed }) => closed)]).toEqual([1, [true, false]]);
    sendTo(bob, atAlice, 'are you there?');
    sendTo(alice, atBob, 'I am');
    expect([await alice.last(), await bob.last()]).toEqual([undefined, undefined]);
    expect(await alice.code('Refresh', [lifetime(600)])).toBe(437);
    expect(await alice.allocate()).not.toEqual(atAlice);
  });

  test('does nothing to other sessions; without a name it is all peers of one’s own', async () => {
    await pair();
    expect(server.endAllocationsOf('ponmlkjihgfedcba')).toBe(0);
    expect(server.endAllocationsOf('abcdefghijklmnop', 'carol')).toBe(0);
    expect(server.endAllocationsOf('abcdefghijklmnop')).toBe(2);
    expect(server.allocations).toBe(0);
  });
});

describe('Binding', () => {
  test('is answered with the address it came from, and with a fingerprint if it had one', async () => {
    const client = new Client('alice', '198.51.100.7', 1_234);
    const answer = await client.ask('Binding');
    expect(addressIn(answer!, 'XOR_MAPPED_ADDRESS')).toEqual({ address: '198.51.100.7', port: 1_234 });
    client.send(withFingerprint(message('request', 'Binding', [])));
    expect(fingerprintFits((await client.last())!)).toBe(true);
    const broken = withFingerprint(message('request', 'Binding', []));
    broken[broken.length - 1]! ^= 1;
    client.send(broken);
    expect(await client.last()).toBeUndefined();
  });

  test('with an attribute that must be understood and is not is refused by name', async () => {
    const answer = await new Client('alice').ask('Binding', [['CHANGE_REQUEST', new Uint8Array(4)]]);
    expect(codeOf(answer)).toBe(420);
    expect(valueOf(answer!, types.UNKNOWN_ATTRIBUTES)).toEqual(Uint8Array.of(0, 3));
    expect(codeOf(await new Client('alice').ask('Binding', [[0x9999, new Uint8Array(4)]]))).toBe('success');
  });

  test('strangers of one address get so many answers, those of this machine all', async () => {
    const [stranger, other] = [new Client('a', '198.51.100.7'), new Client('b', '198.51.100.8')];
    const answered = async (client: Client) => codeOf(await client.ask('Binding'));
    for (let i = 0; i < 4; i++) expect(await answered(stranger)).toBe('success');
    expect(await answered(stranger)).toBe('silence');
    expect(await answered(other)).toBe('success');
    nowMs += 1_000;
    expect(await answered(stranger)).toBe('success');
    const own = new Client('c');
    for (let i = 0; i < 20; i++) expect(await answered(own)).toBe('success');
  });
});

describe('a proof', () => {
  test('is asked for, with realm and nonce', async () => {
    const answer = (await new Client('alice').ask('Allocate', [udp]))!;
    expect(codeOf(answer)).toBe(401);
    expect(textOf(valueOf(answer, types.REALM)!)).toBe(REALM);
    expect(valueOf(answer, types.NONCE)).toBeDefined();
  });

  test.each<[string, number, (client: Client) => void]>([
    ['a wrong password', 401, (client) => (client.password = 'wrong')],
    ['a user name whose time has passed', 401, () => (nowMs += 13 * 3_600_000)],
    ['a user name without a time', 401, (client) => (client.username = 'alice')],
    ['the name of a property of all objects', 401, (client) => (client.username = 'constructor')],
    ['a foreign realm', 401, (client) => (client.realm = 'elsewhere.example')],
    ['a nonce of another server', 438, (client) => (client.nonce = text('abc.def'))],
    ['an old nonce', 438, () => (nowMs += 601_000)],
  ])('with %s is refused with %i', async (_, code, spoil) => {
    const client = new Client('alice');
    client.nonce = valueOf((await client.ask('Allocate', [udp]))!, types.NONCE)!;
    spoil(client);
    if (code === 401) client.nonce = valueOf((await client.ask('Allocate', [udp]))!, types.NONCE)!;
    const answer = await client.prove('Allocate', [udp]);
    expect(codeOf(answer)).toBe(code);
    expect(valueOf(answer!, types.NONCE)).toBeDefined();
    expect(server.allocations).toBe(0);
    expect(client.kept).toBe(false);
  });

  test('that lacks a part is a bad request', async () => {
    const client = new Client('alice');
    client.send(withIntegrity(message('request', 'Allocate', [udp]), 'key'));
    expect(codeOf(decodeMessage((await client.last())!))).toBe(400);
  });

  test('is bound to the address that got the nonce', async () => {
    const [alice, thief] = [new Client('alice'), new Client('alice', '198.51.100.7')];
    await alice.allocate();
    thief.nonce = alice.nonce;
    expect(await thief.code('Allocate', [udp])).toBe(438);
  });

  test('makes every answer signed, the refusals too', async () => {
    const alice = new Client('alice');
    const key = longTermKey(alice.username, REALM, alice.password);
    await alice.allocate();
    for (const [method, list] of [
      ['Refresh', []],
      ['CreatePermission', [peer('198.51.100.7', 9)]],
      ['ChannelBind', []],
      ['Allocate', [udp]],
    ] as const) {
      alice.send(
        withIntegrity(
          message('request', method, [
            ...list,
            ['USERNAME', text(alice.username)],
            ['REALM', text(REALM)],
            ['NONCE', alice.nonce],
          ]),
          key,
        ),
      );
      const bytes = (await alice.last())!;
      expect(integrityFits(bytes, decodeMessage(bytes)!, key), method).toBe(true);
    }
  });

  test('of another user on the same flow is refused with 441, an expired one of the same user is not', async () => {
    const alice = new Client('alice');
    await alice.allocate();
    const bob = new Client('bob');
    const own = { username: alice.username, password: alice.password };
    Object.assign(alice, { username: bob.username, password: bob.password });
    expect(await alice.code('Refresh')).toBe(441);
    Object.assign(alice, own);
    nowMs += 500_000;
    expect(await alice.code('Refresh')).toBe('success');
    nowMs += 200_000;
    alice.nonce = new Uint8Array();
    // `prove` asks for a new nonce with an Allocate of its own.
    expect(await alice.code('Refresh')).toBe('success');
  });
});

describe('Allocate', () => {
  test('gives an address, a lifetime and the address it came from', async () => {
    const alice = new Client('alice');
    const answer = (await alice.prove('Allocate', [udp, ['DONT_FRAGMENT', new Uint8Array()]]))!;
    expect(addressIn(answer, 'XOR_RELAYED_ADDRESS')).toEqual(sockets[0]!.local);
    expect(addressIn(answer, 'XOR_MAPPED_ADDRESS')).toEqual(alice.link.client);
    expect(lifetimeIn(answer)).toBe(600);
    expect(alice.kept).toBe(true);
  });

  test('sent again because its answer was lost is answered again; another one is a mismatch', async () => {
    const alice = new Client('alice');
    const id = newId();
    const first = await alice.prove('Allocate', [udp], id);
    expect(await alice.prove('Allocate', [udp], id)).toEqual(first);
    expect(sockets).toHaveLength(1);
    expect(await alice.code('Allocate', [udp])).toBe(437);
  });

  test.each<[string, number, Attributes]>([
    ['without a transport', 400, []],
    ['for TCP', 442, [['REQUESTED_TRANSPORT', Uint8Array.of(6, 0, 0, 0)]]],
    ['for an unknown family', 440, [udp, ['REQUESTED_ADDRESS_FAMILY', Uint8Array.of(3, 0, 0, 0)]]],
    [
      'for a family that this machine lacks',
      440,
      [udp, ['REQUESTED_ADDRESS_FAMILY', Uint8Array.of(2, 0, 0, 0)]],
    ],
    ['with a token that nobody gave', 508, [udp, ['RESERVATION_TOKEN', new Uint8Array(8)]]],
    [
      'with a token and a wish for a port',
      400,
      [udp, ['RESERVATION_TOKEN', new Uint8Array(8)], ['EVEN_PORT', Uint8Array.of(0)]],
    ],
    ['with an unknown attribute that must be understood', 420, [udp, [0x7777, new Uint8Array(4)]]],
  ])('%s is refused with %i', async (_, code, list) => {
    expect(await new Client('alice').code('Allocate', list)).toBe(code);
    expect(server.allocations).toBe(0);
  });

  test('is refused with 508 when no port is to be had, and the flow is forgotten', async () => {
    failing = true;
    const alice = new Client('alice');
    expect(await alice.code('Allocate', [udp])).toBe(508);
    expect(alice.kept).toBe(false);
    failing = false;
    expect(await alice.code('Allocate', [udp])).toBe('success');
  });

  test('is refused with 486 over the quota of a user, with 508 over that of all; what ends makes room', async () => {
    const clients = Array.from({ length: 6 }, (_, i) => new Client('alice', '192.0.2.1', 5_000 + i));
    const [first, second, third, fourth] = clients as [Client, Client, Client, Client];
    for (const client of [first, second, third]) await client.allocate();
    expect(await fourth.code('Allocate', [udp])).toBe(486);
    const others = ['bob', 'carol', 'dave'].map((label, i) => new Client(label, '192.0.2.1', 6_000 + i));
    expect(await others[0]!.code('Allocate', [udp])).toBe('success');
    expect(await others[1]!.code('Allocate', [udp])).toBe('success');
    expect(await others[2]!.code('Allocate', [udp])).toBe(508);
    expect(await first.code('Refresh', [lifetime(0)])).toBe('success');
    expect(await fourth.code('Allocate', [udp])).toBe('success');
  });

  test('reserves the port above for the same user, for half a minute', async () => {
    const alice = new Client('alice');
    const answer = (await alice.prove('Allocate', [udp, ['EVEN_PORT', Uint8Array.of(0x80)]]))!;
    const token = valueOf(answer, types.RESERVATION_TOKEN)!;
    const [even, odd] = sockets as [FakeSocket, FakeSocket];
    expect(odd.local.port).toBe(even.local.port + 1);
    const bob = new Client('bob', '192.0.2.1', 4_001);
    expect(await bob.code('Allocate', [udp, ['RESERVATION_TOKEN', token]])).toBe(508);
    const again = new Client('alice', '192.0.2.1', 4_002);
    expect(await again.allocate([udp, ['RESERVATION_TOKEN', token]])).toEqual(odd.local);
    await new Client('carol', '192.0.2.1', 4_003).allocate([udp, ['EVEN_PORT', Uint8Array.of(0x80)]]);
    nowMs += 31_000;
    server.tick(nowMs);
    expect(sockets.map(({ closed }) => closed)).toEqual([false, false, false, true]);
  });
});

describe('Refresh', () => {
  test.each([
    ['a lifetime of its own', 600, 1_000, 600],
    ['a longer life where it is allowed', 3_600, 2_000, 2_000],
    ['less than the usual, which it gets all the same', 3_600, 60, 600],
    ['what a short configuration allows', 20, 600, 20],
  ])('gives %s', async (_, lifetimeSec, asked, granted) => {
    server = start({ lifetimeSec });
    const alice = new Client('alice');
    await alice.allocate();
    expect(lifetimeIn(await alice.prove('Refresh', [lifetime(asked)]))).toBe(granted);
  });

  test('keeps an allocation alive; without it, it ends', async () => {
    const alice = new Client('alice');
    await alice.allocate();
    nowMs += 590_000;
    expect(await alice.code('Refresh')).toBe('success');
    nowMs += 590_000;
    server.tick(nowMs);
    expect(server.allocations).toBe(1);
    nowMs += 10_000;
    server.tick(nowMs);
    expect(server.allocations).toBe(0);
    expect(sockets[0]!.closed).toBe(true);
    expect(alice.kept).toBe(false);
  });

  test('to zero ends it, for another family it is a mismatch, without an allocation too', async () => {
    const alice = new Client('alice');
    await alice.allocate();
    expect(await alice.code('Refresh', [['REQUESTED_ADDRESS_FAMILY', Uint8Array.of(2, 0, 0, 0)]])).toBe(443);
    expect(lifetimeIn(await alice.prove('Refresh', [lifetime(0)]))).toBe(0);
    expect(server.allocations).toBe(0);
    for (const method of ['Refresh', 'CreatePermission', 'ChannelBind'] as const)
      expect(await alice.code(method)).toBe(437);
  });
});

describe('peers', () => {
  test.each([
    ['CreatePermission', (to: Endpoint) => [at(to)]],
    ['ChannelBind', (to: Endpoint) => [channel(0x4000), at(to)]],
  ] as const)('%s reaches relayed addresses that live, and nothing else', async (method, list) => {
    const { alice, bob, atBob } = await pair();
    const code = (address: string, port: number) => alice.code(method, list({ address, port }));
    expect(await code(atBob.address, atBob.port)).toBe('success');
    expect(await code(atBob.address, atBob.port + 1)).toBe(403);
    expect(await code('127.0.0.1', atBob.port)).toBe(403);
    expect(await code('198.51.100.7', 9)).toBe(403);
    const six = xorAddress({ address: '::ffff:127.0.0.1', port: 9 }, new Uint8Array(12));
    const familyOnly = list(atBob).filter(([type]) => type !== 'XOR_PEER_ADDRESS');
    expect(await alice.code(method, [...familyOnly, ['XOR_PEER_ADDRESS', six]])).toBe(443);
    await bob.prove('Refresh', [lifetime(0)]);
    expect(await code(atBob.address, atBob.port)).toBe(403);
  });

  test('what is sent to a port that is no relayed address is dropped, though the address is permitted', async () => {
    const { alice, bob, atBob } = await pair();
    sendTo(alice, { ...atBob, port: 53 }, 'to a name server');
    sendTo(alice, { ...atBob, address: '198.51.100.7' }, 'without permission');
    expect(sockets.flatMap(({ sent }) => sent)).toEqual([]);
    expect(await bob.last()).toBeUndefined();
    expect(server.allocationsOf('abcdefghijklmnop')[0]!.counters.dropped).toBe(2);
  });

  test('what comes from elsewhere is dropped, though the address is permitted', async () => {
    const { alice, atBob } = await pair();
    sockets[0]!.arrive('from another program', { ...atBob, port: 53 });
    expect(await alice.last()).toBeUndefined();
  });

  test('where the configuration allows it, data goes out and comes in by permission', async () => {
    outside = (address) => address === '198.51.100.7';
    const alice = new Client('alice');
    await alice.allocate();
    const host = { address: '198.51.100.7', port: 9 };
    sendTo(alice, host, 'too early');
    sockets[0]!.arrive('too early', host);
    expect(await alice.code('CreatePermission', [at(host)])).toBe('success');
    sendTo(alice, host, 'out');
    expect(sockets[0]!.sent).toEqual([{ data: 'out', to: host }]);
    sockets[0]!.arrive('in', { ...host, port: 77 });
    expect(dataIn(await alice.last())).toBe('in');
    nowMs += 301_000;
    server.tick(nowMs);
    sendTo(alice, host, 'too late');
    sockets[0]!.arrive('too late', host);
    expect(sockets[0]!.sent).toHaveLength(1);
    expect(await alice.last()).toBeUndefined();
  });

  test('one denied address in a request denies them all', async () => {
    const { alice, atBob } = await pair();
    outside = (address) => address === '198.51.100.7';
    expect(await alice.code('CreatePermission', [peer('198.51.100.7', 9), peer('198.51.100.8', 9)])).toBe(
      403,
    );
    expect(server.allocationsOf('abcdefghijklmnop')[0]!.permissions.map(({ address }) => address)).toEqual([
      atBob.address,
    ]);
    expect(await alice.code('CreatePermission')).toBe(400);
  });
});

describe('channels', () => {
  test('a number has one peer, and a peer one number', async () => {
    outside = () => true;
    const alice = new Client('alice');
    await alice.allocate();
    const bind = (number: number, port: number) =>
      alice.code('ChannelBind', [channel(number), peer('198.51.100.7', port)]);
    expect(await bind(0x4000, 9)).toBe('success');
    expect(await bind(0x4000, 9)).toBe('success');
    expect(await bind(0x4000, 10)).toBe(400);
    expect(await bind(0x4001, 9)).toBe(400);
    expect(await bind(0x4001, 10)).toBe('success');
    expect(await bind(0x3fff, 11)).toBe(400);
    expect(await bind(0x7fff, 11)).toBe(400);
    expect(await alice.code('ChannelBind', [channel(0x4002)])).toBe(400);
  });

  test('carry data until they expire; then it comes as an indication while there is a permission', async () => {
    const { alice, bob, atAlice, atBob } = await pair();
    await alice.prove('ChannelBind', [channel(0x4000), at(atBob)]);
    await bob.prove('ChannelBind', [channel(0x4007), at(atAlice)]);
    const say = (data: string) => alice.send(encodeChannelData({ channel: 0x4000, data: text(data) }));
    say('one');
    expect(decodeChannelData((await bob.last())!)).toEqual({ channel: 0x4007, data: text('one') });
    nowMs += 290_000;
    server.tick(nowMs);
    await bob.prove('CreatePermission', [at(atAlice)]);
    nowMs += 290_000;
    await alice.prove('ChannelBind', [channel(0x4000), at(atBob)]);
    await bob.prove('CreatePermission', [at(atAlice)]);
    for (const client of [alice, bob]) await client.prove('Refresh');
    nowMs += 25_000;
    server.tick(nowMs);
    say('two');
    expect(dataIn(await bob.last())).toBe('two');
    nowMs += 290_000;
    server.tick(nowMs);
    say('three');
    expect(await bob.last()).toBeUndefined();
  });

  test('a channel whose peer has ended carries nothing, also when its port is somebody else’s', async () => {
    const { alice, bob, atBob } = await pair();
    await alice.prove('ChannelBind', [channel(0x4000), at(atBob)]);
    await bob.prove('Refresh', [lifetime(0)]);
    alice.send(encodeChannelData({ channel: 0x4000, data: text('to nobody') }));
    expect(sockets.flatMap(({ sent }) => sent)).toEqual([]);
  });

  test('a frame that is shorter than it says, and one for a channel that is not bound, are dropped', async () => {
    const { alice, bob, atBob } = await pair();
    await alice.prove('ChannelBind', [channel(0x4000), at(atBob)]);
    alice.send(encodeChannelData({ channel: 0x4000, data: text('whole') }).subarray(0, 6));
    alice.send(encodeChannelData({ channel: 0x4001, data: text('whole') }));
    alice.send(Uint8Array.of(0x40));
    expect(await bob.last()).toBeUndefined();
  });
});

test('a link that has gone ends its allocation, also one whose socket is still being opened', async () => {
  const alice = new Client('alice');
  await alice.allocate();
  server.gone(alice.link);
  expect(server.allocations).toBe(0);
  const bob = new Client('bob');
  bob.nonce = valueOf((await bob.ask('Allocate', [udp]))!, types.NONCE)!;
  const answer = bob.prove('Allocate', [udp]);
  server.gone(bob.link);
  expect(codeOf(await answer)).toBe('silence');
  expect(sockets.every(({ closed }) => closed)).toBe(true);
});

test('what is held back and let go after the end of its allocation goes nowhere', async () => {
  const held: (() => void)[] = [];
  server = start({}, { relay: (_, __, bytes, pass) => void held.push(() => pass(bytes)) });
  const { alice, bob, atBob } = await pair();
  await alice.prove('ChannelBind', [channel(0x4000), at(atBob)]);
  alice.send(encodeChannelData({ channel: 0x4000, data: text('late') }));
  sendTo(alice, atBob, 'late too');
  await alice.prove('Refresh', [lifetime(0)]);
  for (const pass of held) pass();
  expect(held).toHaveLength(2);
  expect(await bob.last()).toBeUndefined();
});
