import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endpointText, type Endpoint, type NodeId } from './packet.ts';
import {
  behaviours,
  between,
  dependences,
  kindOf,
  natKinds,
  serverChoices,
  swapped,
  type NatBehaviour,
  type NatKind,
  type NetworkPlan,
} from './plan.ts';
import { simulate, type Reach, type Simulation } from './simulate.ts';

const kinds = [
  'endpoint-independent',
  'address-restricted',
  'port-restricted',
  'symmetric',
  'udp-blocked',
] as const satisfies readonly NatKind[];

/** What two browsers behind real NATs did: a row for each kind of A, a column for each of B. */
const measured: Readonly<Record<'stun' | 'turn', readonly (readonly Reach[])[]>> = {
  stun: [
    ['direct', 'direct', 'direct', 'prflx', 'none'],
    ['direct', 'direct', 'direct', 'prflx', 'none'],
    ['direct', 'direct', 'direct', 'none', 'none'],
    ['prflx', 'prflx', 'none', 'none', 'none'],
    ['none', 'none', 'none', 'none', 'none'],
  ],
  turn: [
    ['direct', 'direct', 'direct', 'prflx', 'relay/tcp'],
    ['direct', 'direct', 'direct', 'prflx', 'relay/tcp'],
    ['direct', 'direct', 'direct', 'relay/udp', 'relay/tcp'],
    ['prflx', 'prflx', 'relay/udp', 'relay/udp', 'relay/tcp'],
    ['relay/tcp', 'relay/tcp', 'relay/tcp', 'relay/tcp', 'relay/tcp'],
  ],
};
const cells = (['stun', 'turn'] as const).flatMap((servers) =>
  kinds.flatMap((a, row) =>
    kinds.map((b, column) => ({ a, b, servers, reach: measured[servers][row]?.[column] })),
  ),
);

test.each(cells)('$a × $b with $servers: $reach, as between real browsers', ({ a, b, servers, reach }) => {
  expect(simulate(between(a, b, servers)).outcome.reach).toBe(reach);
});

test('who sees which candidate type, where one side is symmetric', () => {
  const { outcome } = simulate(between('address-restricted', 'symmetric', 'stun'));
  expect([outcome.a?.local.type, outcome.a?.remote.type]).toEqual(['srflx', 'prflx']);
  expect([outcome.b?.local.type, outcome.b?.remote.type]).toEqual(['prflx', 'srflx']);
});

const hairpin = (kind: NatKind): NatBehaviour => ({ ...natOf(kind), hairpinning: true });
function natOf(kind: NatKind): NatBehaviour {
  const behaviour = behaviours[kind];
  if (!behaviour) throw new Error(`${kind} is no NAT`);
  return behaviour;
}
const homes = between('port-restricted', 'port-restricted', 'stun');
const oneRouter: NetworkPlan = { ...homes, sameRouter: true };
const carrier = (kind: NatKind, serves: 'a' | 'both', behaviour = natOf(kind)): Partial<NetworkPlan> => ({
  carrier: { behaviour, serves },
});

const specials: readonly (readonly [string, NetworkPlan, Reach])[] = [
  ['the same LAN', oneRouter, 'direct'],
  ['the same LAN without any server', { ...oneRouter, servers: 'none' }, 'direct'],
  ['the same router, isolated, no hairpinning', { ...oneRouter, isolation: true }, 'none'],
  ['the same, with TURN', { ...oneRouter, isolation: true, servers: 'turn' }, 'relay/udp'],
  [
    'the same router, isolated, hairpinning',
    { ...oneRouter, isolation: true, a: hairpin('port-restricted') },
    'direct',
  ],
  [
    'a port-restricted carrier NAT before one home',
    { ...homes, ...carrier('port-restricted', 'a') },
    'direct',
  ],
  ['a symmetric carrier NAT before one home', { ...homes, ...carrier('symmetric', 'a') }, 'none'],
  ['the same, with TURN', { ...homes, ...carrier('symmetric', 'a'), servers: 'turn' }, 'relay/udp'],
  [
    'a symmetric carrier NAT, and an endpoint-independent NAT on the other side',
    { ...homes, b: behaviours['endpoint-independent'], ...carrier('symmetric', 'a') },
    'prflx',
  ],
  [
    'both behind one carrier NAT without hairpinning',
    { ...homes, ...carrier('port-restricted', 'both') },
    'none',
  ],
  ['the same, with TURN', { ...homes, ...carrier('port-restricted', 'both'), servers: 'turn' }, 'relay/udp'],
  [
    'both behind one carrier NAT with hairpinning',
    { ...homes, ...carrier('port-restricted', 'both', hairpin('port-restricted')) },
    'direct',
  ],
  ['two public addresses without any server', between('none', 'none', 'none'), 'direct'],
  ['two homes without any server', { ...homes, servers: 'none' }, 'none'],
];
test.each(specials)('%s: %#', (_, plan, reach) => {
  expect(simulate(plan).outcome.reach).toBe(reach);
});

test('a symmetric NAT opens a row for each destination, an endpoint-independent one reuses its row', () => {
  const { steps } = simulate(between('endpoint-independent', 'symmetric', 'stun'));
  const tables = steps.at(-1)?.tables;
  expect(tables?.['router-a']).toHaveLength(1);
  const rows = tables?.['router-b'] ?? [];
  expect(new Set(rows.map(({ inside }) => endpointText(inside))).size).toBe(1);
  expect(new Set(rows.map(({ outside }) => outside.port)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(2);
});

test('the first check ends at the other side’s filter, and has opened the own one for the answer', () => {
  const { steps } = simulate(between('port-restricted', 'port-restricted', 'stun'));
  const journeys = steps.flatMap(({ event }) => (event.is === 'packet' ? [event.journey] : []));
  const dies = journeys.findIndex(({ drop }) => drop === 'filtered');
  const punches = journeys.findIndex(
    ({ arrived, packet }, at) => at > dies && arrived?.at === 'b' && packet.message.is === 'binding',
  );
  expect(journeys[dies]?.hops.map(({ at, did }) => `${at} ${did}`)).toEqual([
    'b sent',
    'router-b out',
    'router-a dropped',
  ]);
  expect(punches).toBeGreaterThan(dies);
});

test('nobody sends anything when a router blocks UDP and there is no TURN server: it ends as failed on both sides', () => {
  const { steps } = simulate(between('udp-blocked', 'port-restricted', 'stun'));
  expect(steps.filter(({ event }) => event.is === 'failed')).toHaveLength(2);
});

describe('any network', () => {
  const dependence = fc.constantFrom(...dependences);
  const nat: fc.Arbitrary<NatBehaviour> = fc.record({
    mapping: dependence,
    filtering: dependence,
    hairpinning: fc.boolean(),
    udpBlocked: fc.constant(false),
  });
  const behaviour = fc.oneof(
    { weight: 6, arbitrary: nat },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(behaviours['udp-blocked']) },
  );
  const network: fc.Arbitrary<NetworkPlan> = fc.record({
    a: behaviour,
    b: behaviour,
    sameRouter: fc.boolean(),
    isolation: fc.boolean(),
    carrier: fc.option(fc.record({ behaviour: nat, serves: fc.constantFrom('a', 'b', 'both') }), {
      nil: undefined,
    }),
    servers: fc.constantFrom(...serverChoices),
  });
  const check = (property: (plan: NetworkPlan) => void, runs = 300) =>
    fc.assert(fc.property(network, property), { numRuns: runs });

  test('no packet comes through a filter that forbids it', () => {
    check((plan) => expectNoneForbidden(simulate(plan)));
  });

  test('who offers makes no difference to how the two reach each other', () => {
    check((plan) => {
      expect(simulate(swapped(plan)).outcome.reach).toBe(simulate(plan).outcome.reach);
    });
  });

  test('the same plan gives the same steps, and both ends settle on one path or both fail', () => {
    check((plan) => {
      const { outcome, steps } = simulate(plan);
      expect(simulate(plan).steps.length).toBe(steps.length);
      expect(steps.length).toBeLessThan(600);
      expect(outcome.a === undefined).toBe(outcome.b === undefined);
      if (outcome.reach === 'none') expect(steps.at(-1)?.event.is).toBe('failed');
    });
  });

  test('with a TURN server every network connects', () => {
    check((plan) => {
      expect(simulate({ ...plan, servers: 'turn' }).outcome.reach).not.toBe('none');
    });
  });

  test('without a relay, two homes connect exactly where one side’s checks find an open port', () => {
    fc.assert(
      fc.property(nat, nat, (a, b) => {
        const plan = { ...homes, a, b };
        const isOpen = reaches(a, b) || reaches(b, a);
        expect(simulate(plan).outcome.reach !== 'none').toBe(isOpen);
      }),
      { numRuns: 300 },
    );
  });
});

/**
 * Whether a check of `from` gets to the port that `to` has announced (the one that STUN saw), and one of the two
 * answers gets back: thought out on paper from RFC 4787, and not by the simulator's means.
 */
function reaches(from: NatBehaviour, to: NatBehaviour): boolean {
  const isStable = ({ mapping }: NatBehaviour) => mapping === 'endpoint-independent';
  // The announced port has sent to the STUN server only, unless it is the port towards everybody.
  const admits =
    to.filtering === 'endpoint-independent' ||
    (isStable(to) && (to.filtering === 'address-dependent' || isStable(from)));
  if (!admits) return false;
  if (isStable(to)) return true;
  // The answer leaves from another port than the one that was asked, so it does not count (RFC 8445 §7.2.5.2.1), and
  // the check that goes back comes from there, too. It has to be let in, and its own answer has to keep its port.
  if (from.filtering === 'address-and-port-dependent') return false;
  return from.mapping !== 'address-and-port-dependent' || to.mapping === 'address-dependent';
}

/** Goes through what was on the wire, and through nothing that a NAT says about itself. */
function expectNoneForbidden({ plan, steps }: Simulation): void {
  const sent = new Map<NodeId, { outside: string; to: Endpoint }[]>();
  for (const { event } of steps) {
    if (event.is !== 'packet') continue;
    const { hops, packet } = event.journey;
    for (const [index, { at, did, source }] of hops.entries()) {
      const before = hops[index - 1];
      if (!before || (did !== 'out' && did !== 'in' && did !== 'hairpin')) continue;
      const behaviour = at === 'router-a' ? plan.a : at === 'router-b' ? plan.b : plan.carrier?.behaviour;
      if (!behaviour) throw new Error(`${at} is not in the plan`);
      expect(packet.transport === 'udp' && behaviour.udpBlocked).toBe(false);
      const list = sent.get(at) ?? [];
      sent.set(at, list);
      if (did !== 'in') list.push({ outside: endpointText(source), to: before.destination });
      if (did === 'hairpin') expect(behaviour.hairpinning).toBe(true);
      if (did !== 'in') continue;
      const admitted = list.filter(({ outside }) => outside === endpointText(before.destination));
      expect(admitted.length).toBeGreaterThan(0);
      const filtering = packet.transport === 'tcp' ? 'address-and-port-dependent' : behaviour.filtering;
      if (filtering === 'endpoint-independent') continue;
      expect(
        admitted.some(
          ({ to }) =>
            to.address === source.address && (filtering === 'address-dependent' || to.port === source.port),
        ),
      ).toBe(true);
    }
  }
}

test('a behaviour is known by its name, whatever it does about hairpinning', () => {
  for (const kind of natKinds) expect(kindOf(behaviours[kind])).toBe(kind);
  expect(kindOf(hairpin('symmetric'))).toBe('symmetric');
  expect(kindOf({ ...natOf('symmetric'), filtering: 'endpoint-independent' })).toBeUndefined();
});
