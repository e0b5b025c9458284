/** On what the reuse of a mapping, or the admission of a packet, depends (RFC 4787 §4.1, §5). */
export const dependences = [
  'endpoint-independent',
  'address-dependent',
  'address-and-port-dependent',
] as const;
export type Dependence = (typeof dependences)[number];

/** What a NAT does, in the words of RFC 4787. */
export interface NatBehaviour {
  /** When an inside endpoint sends to somebody new: does it keep its outside port? §4.1 */
  readonly mapping: Dependence;
  /** Who may send to an outside port: anybody, whoever's address, or whoever's address and port was sent to. §5 */
  readonly filtering: Dependence;
  /** Whether a packet from inside may be sent to an outside port of this very NAT. §6 */
  readonly hairpinning: boolean;
  /** Whether UDP is dropped in both directions; then only TCP passes. */
  readonly udpBlocked: boolean;
}

/** The NATs of the recordings, by name. `none` is a public address of one's own. */
export const natKinds = [
  'none',
  'endpoint-independent',
  'address-restricted',
  'port-restricted',
  'symmetric',
  'udp-blocked',
] as const;
export type NatKind = (typeof natKinds)[number];

const eim = { mapping: 'endpoint-independent', hairpinning: false, udpBlocked: false } as const;

/** What each kind does; `undefined` for no NAT at all. */
export const behaviours: Readonly<Record<NatKind, NatBehaviour | undefined>> = {
  none: undefined,
  'endpoint-independent': { ...eim, filtering: 'endpoint-independent' },
  'address-restricted': { ...eim, filtering: 'address-dependent' },
  'port-restricted': { ...eim, filtering: 'address-and-port-dependent' },
  symmetric: {
    ...eim,
    mapping: 'address-and-port-dependent',
    filtering: 'address-and-port-dependent',
  },
  'udp-blocked': { ...eim, filtering: 'address-and-port-dependent', udpBlocked: true },
};

/** The name that a behaviour has, if it is one of {@link behaviours}; hairpinning does not matter. */
export function kindOf(behaviour: NatBehaviour | undefined): NatKind | undefined {
  return natKinds.find((kind) => {
    const known = behaviours[kind];
    if (!known || !behaviour) return known === behaviour;
    if (known.udpBlocked || behaviour.udpBlocked) return known.udpBlocked === behaviour.udpBlocked;
    return known.mapping === behaviour.mapping && known.filtering === behaviour.filtering;
  });
}

export type Side = 'a' | 'b';

/** Which servers both ends know: none, STUN, or STUN and TURN over UDP and over TCP. */
export const serverChoices = ['none', 'stun', 'turn'] as const;
export type ServerChoice = (typeof serverChoices)[number];

/** A network to simulate: two hosts, what stands between each and the internet, and the servers that they know. */
export interface NetworkPlan {
  /** The router of `a`; `undefined` when it has none. */
  readonly a: NatBehaviour | undefined;
  /** The router of `b`; not looked at when both are behind the same one. */
  readonly b: NatBehaviour | undefined;
  /** Both hosts are behind the router of `a`, in one local network. */
  readonly sameRouter: boolean;
  /** In the local network that they share, hosts cannot reach each other: «AP isolation», «guest network». */
  readonly isolation: boolean;
  /** A carrier's NAT (CGNAT, RFC 6598) in front of one router, or of both. */
  readonly carrier: { readonly behaviour: NatBehaviour; readonly serves: Side | 'both' } | undefined;
  readonly servers: ServerChoice;
}

/** Two homes, each behind a router of a kind. */
export function between(a: NatKind, b: NatKind, servers: ServerChoice): NetworkPlan {
  return {
    a: behaviours[a],
    b: behaviours[b],
    sameRouter: false,
    isolation: false,
    carrier: undefined,
    servers,
  };
}

/** The same network seen from the other side: who was `a` is `b`. */
export function swapped(plan: NetworkPlan): NetworkPlan {
  const { carrier } = plan;
  const serves = carrier?.serves === 'a' ? 'b' : carrier?.serves === 'b' ? 'a' : 'both';
  return {
    ...plan,
    ...(!plan.sameRouter && { a: plan.b, b: plan.a }),
    carrier: carrier && { ...carrier, serves: plan.sameRouter ? carrier.serves : serves },
  };
}
