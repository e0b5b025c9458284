/** The NATs of the laboratory, and what RFC 4787 makes of each pair of them. */

/** What stands between a home and the internet. `none`: nothing, the device has a public address. */
export type NatKind =
  'none' | 'endpoint-independent' | 'address-restricted' | 'port-restricted' | 'symmetric' | 'udp-blocked';

/** The five that take part in the matrix. */
export const natKinds = [
  'endpoint-independent',
  'address-restricted',
  'port-restricted',
  'symmetric',
  'udp-blocked',
] as const satisfies readonly NatKind[];

/** How a NAT treats the next destination of a socket (mapping), and what comes in unasked (filtering). */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

export interface Behaviour {
  readonly mapping: Dependence;
  readonly filtering: Dependence;
}

/**
 * The behaviours behind the names; undefined where no UDP passes at all.
 *
 * @see RFC 4787 §4.1 (mapping), §5 (filtering)
 */
export const behaviours: Readonly<Record<Exclude<NatKind, 'none'>, Behaviour | undefined>> = {
  'endpoint-independent': { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  'address-restricted': { mapping: 'endpoint-independent', filtering: 'address-dependent' },
  'port-restricted': { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
  symmetric: { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
  'udp-blocked': undefined,
};

/** Which servers the peers are given: none but STUN, or STUN and TURN over UDP and TCP. */
export type Servers = 'stun' | 'turn';

/** The way a call takes: between the NATs, through a relay, or none. `relayProtocol` is that of the client's own leg. */
export type Way = 'direct' | 'relay-udp' | 'relay-tcp' | 'none';

/**
 * The way that a call between two NATs has to take.
 *
 * A hole can be punched unless one side cannot know where to aim: a NAT that gives each destination a port of its own
 * is met only by one that lets any port of a known address in.
 */
export function predictWay(a: NatKind, b: NatKind, servers: Servers): Way {
  const blocked = a === 'udp-blocked' || b === 'udp-blocked';
  if (!blocked && (reaches(a, b) || reaches(b, a))) return 'direct';
  if (servers === 'stun') return 'none';
  return blocked ? 'relay-tcp' : 'relay-udp';
}

/** Whether a check from behind `from`, sent to the address that STUN found for `to`, is let in there. */
function reaches(from: NatKind, to: NatKind): boolean {
  if (to === 'none') return true;
  const [here, there] = [from === 'none' ? openToAll : behaviours[from], behaviours[to]];
  if (!here || !there) return false;
  // Its own check towards the other side opened the filter for the address, or the address and port, that it knows of.
  const knowsPort = here.mapping === 'endpoint-independent';
  const mapsAlike = there.mapping === 'endpoint-independent';
  switch (there.filtering) {
    case 'endpoint-independent':
      return mapsAlike;
    case 'address-dependent':
      return mapsAlike;
    case 'address-and-port-dependent':
      return mapsAlike && knowsPort;
    default:
      return there.filtering satisfies never;
  }
}

const openToAll: Behaviour = { mapping: 'endpoint-independent', filtering: 'endpoint-independent' };
