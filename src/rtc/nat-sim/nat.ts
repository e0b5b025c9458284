import { isSame, type Endpoint, type Packet } from './packet.ts';
import type { Dependence, NatBehaviour } from './plan.ts';

/** One mapping: an inside endpoint and the outside port that stands for it. */
export interface Row {
  readonly transport: 'udp' | 'tcp';
  readonly inside: Endpoint;
  readonly outside: Endpoint;
  /** Where the mapping depends on it: towards whom it holds. The port counts only for `address-and-port-dependent`. */
  readonly towards: Endpoint | undefined;
  /** To whom the inside endpoint has sent through this mapping: what filtering looks at. */
  readonly sentTo: readonly Endpoint[];
}

/** Why a NAT drops a packet. */
export type NatRefusal = 'udp-blocked' | 'no-mapping' | 'filtered' | 'no-hairpin';

export type Translated =
  | { readonly packet: Packet; readonly row: number; readonly isNew: boolean; readonly isPeerNew: boolean }
  | { readonly refusal: NatRefusal; readonly row?: number };

/**
 * A network address and port translator. It knows no time: its mappings do not end.
 *
 * TCP is translated as conntrack-like NATs do: a row for each connection, and only its other end may answer.
 *
 * @see RFC 4787 §4 (mapping), §5 (filtering), §6 (hairpinning)
 */
export class Nat {
  readonly address: string;
  readonly behaviour: NatBehaviour;
  /** Replaced, never changed: a list that was read stays what it was. */
  rows: readonly Row[] = [];
  readonly #nextPort: () => number;

  /** @param nextPort gives the outside port of the next mapping, a new one at each call */
  constructor(address: string, behaviour: NatBehaviour, nextPort: () => number) {
    this.address = address;
    this.behaviour = behaviour;
    this.#nextPort = nextPort;
  }

  /** A packet from inside gets the outside endpoint of its mapping as its source; a mapping is made where there is none. */
  outbound(packet: Packet): Translated {
    const { transport, source, destination } = packet;
    if (transport === 'udp' && this.behaviour.udpBlocked) return { refusal: 'udp-blocked' };
    const mapping: Dependence = transport === 'tcp' ? 'address-and-port-dependent' : this.behaviour.mapping;
    const found = this.rows.findIndex(
      (row) =>
        row.transport === transport &&
        isSame(row.inside, source) &&
        (!row.towards || isWithin(mapping, row.towards, destination)),
    );
    const row: Row = this.rows[found] ?? {
      transport,
      inside: source,
      outside: { address: this.address, port: this.#nextPort() },
      towards: mapping === 'endpoint-independent' ? undefined : destination,
      sentTo: [],
    };
    const isPeerNew = !row.sentTo.some((peer) => isSame(peer, destination));
    const next = isPeerNew ? { ...row, sentTo: [...row.sentTo, destination] } : row;
    const place = found < 0 ? this.rows.length : found;
    if (next !== this.rows[found]) this.rows = this.rows.toSpliced(place, 1, next);
    return { packet: { ...packet, source: row.outside }, row: place, isNew: found < 0, isPeerNew };
  }

  /** A packet from outside goes to the inside endpoint of the mapping at its destination, if filtering lets it. */
  inbound(packet: Packet): Translated {
    const { transport, source, destination } = packet;
    if (transport === 'udp' && this.behaviour.udpBlocked) return { refusal: 'udp-blocked' };
    const place = this.rows.findIndex(
      (row) => row.transport === transport && isSame(row.outside, destination),
    );
    const row = this.rows[place];
    if (!row) return { refusal: 'no-mapping' };
    const filtering: Dependence =
      transport === 'tcp' ? 'address-and-port-dependent' : this.behaviour.filtering;
    const isAdmitted =
      filtering === 'endpoint-independent' || row.sentTo.some((peer) => isWithin(filtering, peer, source));
    if (!isAdmitted) return { refusal: 'filtered', row: place };
    return { packet: { ...packet, destination: row.inside }, row: place, isNew: false, isPeerNew: false };
  }
}

function isWithin(dependence: Dependence, one: Endpoint, other: Endpoint): boolean {
  if (dependence === 'endpoint-independent') return true;
  return dependence === 'address-dependent' ? one.address === other.address : isSame(one, other);
}
