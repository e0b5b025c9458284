/** All calls that are made in the laboratory, and what has to come of each. */
import { natKinds, predictWay, type NatKind, type Servers, type Way } from './kinds.ts';
import type { Call } from './lab.ts';

export interface Cell extends Call {
  /** Of the file that shows it; words of the NATs and servers. */
  readonly id: string;
  /** What is special about the network, in words; absent in the matrix. */
  readonly special?: string;
  readonly expected: Way | 'home';
}

const homes = ['alice', 'bob'] as const;
const port: NatKind = 'port-restricted';

/** Each NAT with each, with STUN alone and with TURN. */
const matrix: readonly Cell[] = (['stun', 'turn'] as const).flatMap((servers) =>
  natKinds.flatMap((a) => natKinds.map((b) => pairing(a, b, servers))),
);

/** Networks in which more than the two NATs counts. */
const special: readonly Cell[] = [
  cell('same-home', 'Both in one home', 'stun', 'home', {
    network: { a: port, b: port },
    devices: ['alice', 'neighbour'],
  }),
  cell('same-home-names', 'Both in one home, addresses hidden behind mDNS names', 'stun', 'home', {
    network: { a: port, b: port },
    devices: ['alice', 'neighbour'],
    hidesAddresses: true,
  }),
  ...bothServers('isolated', 'Both in one home whose access point keeps its devices apart', 'relay-udp', {
    network: { a: port, b: port, isolated: true },
    devices: ['alice', 'neighbour'],
  }),
  cell('isolated-hairpin', 'Kept apart by the access point, but the router hairpins', 'stun', 'direct', {
    network: { a: port, b: port, isolated: true, hairpin: ['router-a'] },
    devices: ['alice', 'neighbour'],
  }),
  cell('double-nat', 'A carrier’s NAT in front of alice’s own', 'stun', 'direct', {
    network: { a: port, b: port, carrier: { kind: port, customers: ['router-a'] } },
    devices: homes,
  }),
  ...bothServers('double-nat-symmetric', 'A symmetric carrier’s NAT in front of alice’s own', 'relay-udp', {
    network: { a: port, b: port, carrier: { kind: 'symmetric', customers: ['router-a'] } },
    devices: homes,
  }),
  ...bothServers('same-carrier', 'Both customers of one carrier whose NAT does not hairpin', 'relay-udp', {
    network: { a: port, b: port, carrier: { kind: port, customers: ['router-a', 'router-b'] } },
    devices: homes,
  }),
  cell('same-carrier-hairpin', 'Both customers of one carrier whose NAT hairpins', 'stun', 'direct', {
    network: {
      a: port,
      b: port,
      carrier: { kind: port, customers: ['router-a', 'router-b'] },
      hairpin: ['carrier'],
    },
    devices: homes,
  }),
  cell('public-address', 'Alice has a public address, bob is behind a symmetric NAT', 'stun', 'direct', {
    network: { a: 'none', b: 'symmetric' },
    devices: ['public', 'bob'],
  }),
  cell('relay-only', 'Both want to be reached through TURN only', 'turn', 'relay-udp', {
    network: { a: 'endpoint-independent', b: 'endpoint-independent' },
    devices: homes,
    policy: 'relay',
  }),
];

/** The nine of every `npm test`: each of the three ways, each kind of NAT, and the networks that people have most. */
export const quick: readonly Cell[] = [
  pairing(port, port, 'turn'),
  pairing('endpoint-independent', 'symmetric', 'turn'),
  pairing('address-restricted', 'symmetric', 'turn'),
  pairing(port, 'symmetric', 'turn'),
  pairing('symmetric', 'symmetric', 'turn'),
  pairing('udp-blocked', port, 'turn'),
  ...special
    .filter(({ id }) => ['double-nat', 'same-carrier-turn', 'same-home'].includes(id))
    .map((one): Cell => ({ ...one, servers: 'turn' })),
];

/** With Firefox as the other browser: the same, where it has a home of its own. */
const withFirefox: readonly Cell[] = quick
  .filter(({ devices }) => devices[1] === 'bob')
  .map((one): Cell => ({ ...one, id: `${one.id}-firefox`, browserB: 'firefox' }));

/** In the order of the index. */
export const allCells: readonly Cell[] = [...matrix, ...special, ...withFirefox];

function pairing(a: NatKind, b: NatKind, servers: Servers): Cell {
  const expected = predictWay(a, b, servers);
  return { id: `${servers}-${a}-${b}`, network: { a, b }, devices: homes, servers, expected };
}

function cell(
  id: string,
  special: string,
  servers: Servers,
  expected: Cell['expected'],
  rest: Omit<Call, 'servers'>,
): Cell {
  return { id, special, servers, expected, ...rest };
}

/** Impossible with STUN alone, and through a relay with TURN. */
function bothServers(id: string, special: string, way: Way, rest: Omit<Call, 'servers'>): Cell[] {
  return [cell(id, special, 'stun', 'none', rest), cell(`${id}-turn`, special, 'turn', way, rest)];
}
