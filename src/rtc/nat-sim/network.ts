import { Nat, type NatRefusal, type Row, type Translated } from './nat.ts';
import type { Endpoint, NodeId, Packet } from './packet.ts';
import type { NatBehaviour, NetworkPlan } from './plan.ts';

/** Why a packet ends on its way. */
export type Drop = NatRefusal | 'isolated' | 'private-address' | 'nobody-there';

/** What a node on the way did with a packet. */
export interface Hop {
  readonly at: NodeId;
  /** `out`, `in` and `hairpin` are a NAT's; a host or a server sends, receives, or is where it ends. */
  readonly did: 'sent' | 'out' | 'in' | 'hairpin' | 'received' | 'dropped';
  /** How the packet looks from here on. */
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** The row of the NAT's table that was used, and whether it was made for this packet. */
  readonly row?: number;
  readonly isNew?: boolean;
  /** The row had not sent to this destination before, so that filtering now lets answers in. */
  readonly isPeerNew?: boolean;
}

/** One packet's way through the network. */
export interface Journey {
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  /** Why it ended early; absent when it arrived. */
  readonly drop?: Drop;
  /** What arrived, and where. */
  readonly arrived?: { readonly at: NodeId; readonly packet: Packet };
}

export type NatId = 'router-a' | 'router-b' | 'carrier';
export type Tables = Readonly<Partial<Record<NatId, readonly Row[]>>>;

/** A network in which addresses mean something: a LAN, a carrier's network, the internet. */
interface Realm {
  readonly nodes: Map<string, NodeId>;
  /** The way out; the internet has none. */
  readonly gateway?: NatId;
}

/** Documentation addresses (RFC 5737), private ones (RFC 1918) and a carrier's (RFC 6598). */
export const addresses = {
  server: '203.0.113.20',
  'router-a': '203.0.113.101',
  'router-b': '203.0.113.102',
  carrier: '203.0.113.103',
  'router-a behind carrier': '100.64.0.101',
  'router-b behind carrier': '100.64.0.102',
  a: '10.1.0.2',
  b: '10.2.0.2',
  'b behind router-a': '10.1.0.3',
} as const;

/** Whether an address means nothing on the internet: RFC 1918, and a carrier's shared space of RFC 6598. */
export const isPrivate = (address: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(address);

/**
 * Hosts, NATs and a server, joined as a plan says, and the way of each packet through them.
 *
 * A packet arrives, or ends, before the next one starts; when it is handed over is the caller's business.
 */
export class Network {
  readonly nats: Readonly<Partial<Record<NatId, Nat>>>;
  /** The address of each host in its own network. */
  readonly hosts: Readonly<Record<'a' | 'b', string>>;
  readonly #realms = new Map<string, Realm>();
  /** In which realm a host, or the outside of a NAT, is. */
  readonly #realmOf = new Map<NodeId, string>();
  readonly #isolated: boolean;

  constructor(plan: NetworkPlan) {
    const nats: Partial<Record<NatId, Nat>> = {};
    const add = (id: NatId, address: string, behaviour: NatBehaviour) => {
      nats[id] = new Nat(address, behaviour, ports(id));
    };
    this.#isolated = plan.sameRouter && plan.isolation && plan.a !== undefined;
    this.#realm('internet', undefined, [['server', addresses.server]]);
    const { carrier } = plan;
    if (carrier) {
      add('carrier', addresses.carrier, carrier.behaviour);
      this.#place('internet', 'carrier', addresses.carrier);
      this.#realm('carrier', 'carrier', []);
    }
    const hosts: Record<'a' | 'b', string> = { a: addresses.a, b: addresses.b };
    for (const side of ['a', 'b'] as const) {
      const router = `router-${side}` as const;
      const behind =
        plan.sameRouter && plan.a ? carrier : carrier && [side, 'both'].includes(carrier.serves) && carrier;
      const outer = behind ? 'carrier' : 'internet';
      const outside = behind ? addresses[`${router} behind carrier`] : addresses[router];
      if (side === 'b' && plan.sameRouter && plan.a) {
        hosts.b = addresses['b behind router-a'];
        this.#place('router-a', 'b', hosts.b);
      } else if (plan[side]) {
        add(router, outside, plan[side]);
        this.#place(outer, router, outside);
        this.#realm(router, router, []);
        this.#place(router, side, hosts[side]);
      } else {
        hosts[side] = outside;
        this.#place(outer, side, outside);
      }
    }
    this.nats = nats;
    this.hosts = hosts;
  }

  /** The tables as they are now. */
  get tables(): Tables {
    const tables: Partial<Record<NatId, readonly Row[]>> = {};
    for (const id of ['router-a', 'router-b', 'carrier'] as const) {
      const nat = this.nats[id];
      if (nat) tables[id] = nat.rows;
    }
    return tables;
  }

  /** What stands between a host and the internet, from inside to outside. */
  behind(side: 'a' | 'b'): readonly NatId[] {
    const chain: NatId[] = [];
    let realm = this.#realms.get(this.#realmOf.get(side) ?? '');
    while (realm?.gateway) {
      chain.push(realm.gateway);
      realm = this.#realms.get(this.#realmOf.get(realm.gateway) ?? '');
    }
    return chain;
  }

  /** Sends a packet, from a host or from the server, and says where it went. The tables change on the way. */
  send(from: 'a' | 'b' | 'server', packet: Packet): Journey {
    const hops: Hop[] = [];
    const hop = (at: NodeId, did: Hop['did'], now: Packet, row?: Translated) => {
      const { source, destination } = now;
      const used = row && !('refusal' in row) && { row: row.row, isNew: row.isNew, isPeerNew: row.isPeerNew };
      hops.push({ at, did, source, destination, ...used });
    };
    const drop = (at: NodeId, why: Drop, now: Packet): Journey => {
      hop(at, 'dropped', now);
      return { packet, hops, drop: why };
    };
    hop(from, 'sent', packet);
    let realmId = this.#realmOf.get(from) ?? 'internet';
    let now = packet;
    // Each turn goes one network outwards or inwards; a packet out to the internet and in again takes six at most.
    for (let turn = 0; turn < 8; turn++) {
      const realm = this.#realms.get(realmId);
      const at = realm?.nodes.get(now.destination.address);
      if (at === 'a' || at === 'b' || at === 'server') {
        if (this.#isolated && at !== from && realmId === 'router-a' && hops.length === 1)
          return drop('router-a', 'isolated', now);
        hop(at, 'received', now);
        return { packet, hops, arrived: { at, packet: now } };
      }
      if (at && isNatId(at)) {
        const result = this.nats[at]?.inbound(now);
        if (!result || 'refusal' in result) return drop(at, result?.refusal ?? 'nobody-there', now);
        now = result.packet;
        hop(at, 'in', now, result);
        realmId = at;
        continue;
      }
      const gateway = realm?.gateway;
      const nat = gateway && this.nats[gateway];
      if (!gateway || !nat)
        return drop('internet', isPrivate(now.destination.address) ? 'private-address' : 'nobody-there', now);
      // From inside to an outside port of this very NAT: out, with its outside source, and in again (RFC 4787 REQ-9).
      const isOwn = now.destination.address === nat.address;
      if (isOwn && !nat.behaviour.hairpinning) return drop(gateway, 'no-hairpin', now);
      const result = nat.outbound(now);
      if ('refusal' in result) return drop(gateway, result.refusal, now);
      now = result.packet;
      hop(gateway, isOwn ? 'hairpin' : 'out', now, result);
      realmId = this.#realmOf.get(gateway) ?? 'internet';
    }
    return drop('internet', 'nobody-there', now);
  }

  #realm(id: string, gateway: NatId | undefined, nodes: [NodeId, string][]): void {
    this.#realms.set(id, { nodes: new Map(), ...(gateway && { gateway }) });
    for (const [node, address] of nodes) this.#place(id, node, address);
  }

  #place(realm: string, node: NodeId, address: string): void {
    this.#realms.get(realm)?.nodes.set(address, node);
    this.#realmOf.set(node, realm);
  }
}

const isNatId = (id: NodeId): id is NatId => id === 'router-a' || id === 'router-b' || id === 'carrier';

/** Ports that look arbitrary and are the same in each run: each NAT goes through its own range in leaps. */
function ports(id: NatId): () => number {
  const start = { 'router-a': 21_007, 'router-b': 33_011, carrier: 45_013 }[id];
  let count = 0;
  return () => start + ((count++ * 1_237) % 9_973);
}
