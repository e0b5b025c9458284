import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sdpFixtures } from '../../../tests/fixtures/sdp.ts';
import {
  type Candidate,
  candidatePairPriority,
  candidatePriority,
  candidatePriorityParts,
  explainCandidate,
  parseCandidate,
  printCandidate,
} from './candidate.ts';

function read(text: string): Candidate {
  const parsed = parseCandidate(text);
  if (parsed.kind !== 'candidate') throw new Error(`not a candidate: ${text}`);
  return parsed.candidate;
}

const chromiumSrflx =
  'candidate:51585401 1 udp 1685987071 203.0.113.7 40061 typ srflx raddr 10.9.0.1 rport 40061 generation 0 ufrag 8o7w network-id 1 network-cost 10';

test('reads every part of what Chromium writes', () => {
  expect(read(chromiumSrflx)).toEqual({
    foundation: '51585401',
    component: 'rtp',
    protocol: 'udp',
    priority: 1685987071,
    address: '203.0.113.7',
    port: 40061,
    type: 'srflx',
    relatedAddress: '10.9.0.1',
    relatedPort: 40061,
    generation: 0,
    usernameFragment: '8o7w',
    networkId: 1,
    networkCost: 10,
    extensions: [],
  });
});

test.each([
  ['with a=', `a=${chromiumSrflx}`],
  ['bare', chromiumSrflx.replace('candidate:', '')],
  ['with a line ending', `${chromiumSrflx}\r\n`],
  ['in capitals, as Firefox writes UDP', chromiumSrflx.replace('udp', 'UDP')],
])('reads the same candidate %s', (_, text) => {
  expect(read(text)).toEqual(read(chromiumSrflx));
});

test('reads mDNS names, IPv6 addresses and TCP types', () => {
  const mdns = read(
    'candidate:4 2 TCP 2105458942 6766bea8-e817-4c6e-beec-493b416f2800.local 9 typ host tcptype active',
  );
  expect(mdns).toMatchObject({ component: 'rtcp', protocol: 'tcp', tcpType: 'active', port: 9 });
  expect(read('candidate:1 1 udp 2122265343 fd09::1 55595 typ host').address).toBe('fd09::1');
});

test.each(['', '  ', 'a=end-of-candidates', 'end-of-candidates'])(
  'takes %j for the end of candidates',
  (text) => {
    expect(parseCandidate(text)).toEqual({ kind: 'end-of-candidates' });
  },
);

test.each([
  ['foundation', 'candidate:'],
  ['foundation', 'candidate:ä 1 udp 1 10.0.0.1 1 typ host'],
  ['component', 'candidate:1 3 udp 1 10.0.0.1 1 typ host'],
  ['component', 'candidate:1'],
  ['protocol', 'candidate:1 1 sctp 1 10.0.0.1 1 typ host'],
  ['priority', 'candidate:1 1 udp 0 10.0.0.1 1 typ host'],
  ['priority', 'candidate:1 1 udp 2147483648 10.0.0.1 1 typ host'],
  ['priority', 'candidate:1 1 udp 1e3 10.0.0.1 1 typ host'],
  ['address', 'candidate:1 1 udp 1 10.0.0.256 1 typ host'],
  ['address', 'candidate:1 1 udp 1 <script> 1 typ host'],
  ['port', 'candidate:1 1 udp 1 10.0.0.1 65536 typ host'],
  ['port', 'candidate:1 1 udp 1 10.0.0.1'],
  ['type', 'candidate:1 1 udp 1 10.0.0.1 1 type host'],
  ['type', 'candidate:1 1 udp 1 10.0.0.1 1 typ guest'],
  ['type', 'candidate:1 1 udp 1 10.0.0.1 1 typ'],
  ['relatedAddress', 'candidate:1 1 udp 1 10.0.0.1 1 typ srflx raddr 1.2.3 rport 1'],
  ['relatedPort', 'candidate:1 1 udp 1 10.0.0.1 1 typ srflx raddr 1.2.3.4 rport x'],
  ['tcpType', 'candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype lazy'],
  ['extensions', 'candidate:1 1 udp 1 10.0.0.1 1 typ host generation'],
])('names the %s as what is wrong in %j', (field, text) => {
  expect(parseCandidate(text)).toMatchObject({
    kind: 'malformed',
    field,
    problem: expect.stringMatching(/.{10}/),
  });
});

/** Any code units, also control characters and halves of surrogate pairs. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

test('never throws, whatever the text', () => {
  fc.assert(fc.property(anyText, (text) => void parseCandidate(text)));
  const tokens = fc.array(
    fc.constantFrom('candidate:1', '1', 'udp', '99', '10.0.0.1', 'typ', 'host', 'raddr', '', '\0'),
    { maxLength: 14 },
  );
  fc.assert(
    fc.property(tokens, (parts) => void parseCandidate(parts.join(' '))),
    { numRuns: 1000 },
  );
});

const token = fc.stringMatching(/^[A-Za-z0-9+/]{1,32}$/);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.uuid().map((name) => `${name}.local`),
);
const port = fc.integer({ min: 0, max: 65_535 });
const anyCandidate: fc.Arbitrary<Candidate> = fc.record(
  {
    foundation: token,
    component: fc.constantFrom('rtp' as const, 'rtcp' as const),
    protocol: fc.constantFrom('udp' as const, 'tcp' as const),
    priority: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    address,
    port,
    type: fc.constantFrom('host' as const, 'srflx' as const, 'prflx' as const, 'relay' as const),
    extensions: fc.array(fc.record({ name: token.map((name) => `x-${name}`), value: token }), {
      maxLength: 3,
    }),
    relatedAddress: address,
    relatedPort: port,
    tcpType: fc.constantFrom('active' as const, 'passive' as const, 'so' as const),
    generation: fc.nat(),
    usernameFragment: token,
    networkId: fc.integer({ min: 0, max: 65_535 }),
    networkCost: fc.integer({ min: 0, max: 999 }),
  },
  {
    requiredKeys: [
      'foundation',
      'component',
      'protocol',
      'priority',
      'address',
      'port',
      'type',
      'extensions',
    ],
  },
);

test('reads back what it prints', () => {
  fc.assert(
    fc.property(anyCandidate, (candidate) => {
      expect(read(printCandidate(candidate))).toEqual(candidate);
    }),
  );
});

test('prints what the browsers wrote, but for the case of the protocol', () => {
  const lines = [...sdpFixtures.values()].flatMap((text) => text.match(/^a=candidate:.*$/gm) ?? []);
  expect(lines.length).toBeGreaterThan(200);
  for (const line of lines) {
    const printed = printCandidate(read(line));
    expect(`a=${printed}`).toBe(line.trimEnd().replace(' UDP ', ' udp ').replace(' TCP ', ' tcp '));
  }
});

test('takes a priority apart and puts it together again', () => {
  expect(candidatePriorityParts(2122260223)).toEqual({
    typePreference: 126,
    localPreference: 32542,
    componentId: 1,
  });
  const parts = fc.record({
    typePreference: fc.integer({ min: 0, max: 126 }),
    localPreference: fc.integer({ min: 0, max: 65_535 }),
    componentId: fc.integer({ min: 1, max: 256 }),
  });
  fc.assert(
    fc.property(parts, (each) => {
      expect(candidatePriorityParts(candidatePriority(each))).toEqual(each);
    }),
  );
});

test('gives the priorities that RFC 8445 recommends', () => {
  const priorities = [126, 110, 100, 0].map((typePreference) =>
    candidatePriority({ typePreference, localPreference: 65_535, componentId: 1 }),
  );
  expect(priorities).toEqual([2130706431, 1862270975, 1694498815, 16777215]);
});

test.each([
  [
    'a type preference over 126',
    () => candidatePriority({ typePreference: 127, localPreference: 0, componentId: 1 }),
  ],
  ['a component of 0', () => candidatePriority({ typePreference: 1, localPreference: 0, componentId: 0 })],
  ['a broken number', () => candidatePriorityParts(1.5)],
  ['a priority over 2³¹−1', () => candidatePriorityParts(2 ** 31)],
  ['a pair with priority 0', () => candidatePairPriority(0, 1)],
])('refuses %s', (_, act) => {
  expect(act).toThrow(RangeError);
});

test('orders pairs as both sides must agree', () => {
  const [host, relay] = [2130706431, 16777215];
  expect(candidatePairPriority(host, relay)).toBe(2n ** 32n * 16777215n + 2n * 2130706431n + 1n);
  expect(candidatePairPriority(host, relay) - candidatePairPriority(relay, host)).toBe(1n);
  expect(candidatePairPriority(host, host)).toBeGreaterThan(candidatePairPriority(host, relay));
});

test.each([
  [
    'a hidden host',
    'candidate:1 1 udp 2113937151 6766bea8-e817-4c6e-beec-493b416f2800.local 33020 typ host generation 0 network-cost 999',
    /hidden.*mDNS.*network-cost 999/,
  ],
  [
    'an active TCP host',
    'candidate:1 1 tcp 1518214911 10.9.0.1 9 typ host tcptype active',
    /10\.9\.0\.1.*Port 9 is a placeholder/,
  ],
  ['an IPv6 host', 'candidate:1 1 udp 2122265343 fd09::1 55595 typ host', /\[fd09::1\]:55595/],
  [
    'a server reflexive address',
    chromiumSrflx,
    /STUN server.*203\.0\.113\.7:40061.*10\.9\.0\.1:40061.*Wi-Fi/,
  ],
  [
    'a blanked related address',
    'candidate:1 1 UDP 1685987327 203.0.113.7 33075 typ srflx raddr 0.0.0.0 rport 0',
    /blanked out/,
  ],
  [
    'a relay',
    'candidate:2 2 UDP 92151550 198.51.100.20 50010 typ relay raddr 203.0.113.7 rport 40061',
    /TURN server lends 198\.51\.100\.20:50010.*saw this peer at 203\.0\.113\.7:40061.*RTCP/,
  ],
])('explains %s', (_, text, expected) => {
  expect(explainCandidate(read(text)).text).toMatch(expected);
});

test('takes a candidate apart from left to right', () => {
  const { fields } = explainCandidate(read(chromiumSrflx));
  expect(fields.map(({ name, value }) => `${name}=${value}`).join(' ')).toBe(
    'foundation=51585401 component=1 protocol=udp priority=1685987071 address=203.0.113.7 port=40061 type=srflx raddr=10.9.0.1 rport=40061 generation=0 ufrag=8o7w network-id=1 network-cost=10',
  );
});
