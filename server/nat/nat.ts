import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { Bucket } from '../signaling/bucket.ts';

/**
 * What may come in through a mapped port (RFC 4787 §5). `open`: whatever is sent there, as endpoint-independent
 * filtering lets it. `blocked`: only what comes from the very address and port to which the mapping was made.
 */
export type Filtering = 'open' | 'blocked';

export interface NatRules {
  readonly filtering: Filtering;
  /** Mappings at a time, of all, and of one inside address. */
  readonly mappings: number;
  readonly mappingsPerAddress: number;
  /** A mapping that nothing has left through for so long is given up, in milliseconds. Two minutes or more (REQ-5). */
  readonly idleMs: number;
  /** Packets that one mapping lets in. */
  readonly rate: { readonly burst: number; readonly perSec: number };
}

/** A port outside that stands for an endpoint inside. */
export interface Mapping {
  readonly id: number;
  readonly inside: Endpoint;
}

interface Kept extends Mapping {
  usedAtMs: number;
  readonly bucket: Bucket;
}

/**
 * The rules of a small NAT, without sockets.
 *
 * Out of it leads one way only: to our own STUN server. So a mapping is made by a request to that server; what comes to
 * its port goes in to the endpoint that made it, and nowhere else. When one inside endpoint sends to the mapped port of
 * another, the packet comes out of the sender's own mapped port: the two see each other as they would be seen from
 * outside (hairpinning, RFC 4787 §6, REQ-9).
 */
export class Nat {
  readonly #rules: NatRules;
  readonly #byInside = new Map<string, Kept>();
  readonly #byId = new Map<number, Kept>();
  readonly #perAddress = new Map<string, number>();
  #made = 0;

  constructor(rules: NatRules) {
    this.#rules = rules;
  }

  get mappings(): readonly Mapping[] {
    return [...this.#byId.values()];
  }

  /** A packet for the STUN server: the mapping through which it leaves, or undefined where none is free. */
  leave(inside: Endpoint, nowMs: number): { readonly mapping: Mapping; readonly isNew: boolean } | undefined {
    const known = this.#byInside.get(keyOf(inside));
    if (known) {
      known.usedAtMs = nowMs;
      return { mapping: known, isNew: false };
    }
    const ofAddress = this.#perAddress.get(inside.address) ?? 0;
    if (this.#byId.size >= this.#rules.mappings || ofAddress >= this.#rules.mappingsPerAddress)
      return undefined;
    const made: Kept = {
      id: ++this.#made,
      inside,
      usedAtMs: nowMs,
      bucket: new Bucket(this.#rules.rate, nowMs),
    };
    this.#byInside.set(keyOf(inside), made);
    this.#byId.set(made.id, made);
    this.#perAddress.set(inside.address, ofAddress + 1);
    return { mapping: made, isNew: true };
  }

  /**
   * A packet that came to a mapped port: to whom it goes, and out of which port it comes. That is the mapped port of
   * its sender, where it has one; `door` is the port at which the NAT takes requests. Undefined: it is dropped.
   */
  enter(
    id: number,
    source: Endpoint,
    server: Endpoint,
    nowMs: number,
  ): { readonly to: Endpoint; readonly from: Mapping | 'door' } | undefined {
    const mapping = this.#byId.get(id);
    if (!mapping || !mapping.bucket.take(nowMs)) return undefined;
    const { inside } = mapping;
    if (isSame(source, server)) return { to: inside, from: 'door' };
    if (this.#rules.filtering === 'blocked') return undefined;
    const sender = this.#byInside.get(keyOf(source));
    if (!sender) return { to: inside, from: 'door' };
    // It has left through the sender's mapping, which keeps that alive (REQ-6).
    sender.usedAtMs = nowMs;
    return { to: inside, from: sender };
  }

  /** Gives up the mappings that were not used for too long, and says which. */
  tick(nowMs: number): readonly Mapping[] {
    const idle = [...this.#byId.values()].filter(({ usedAtMs }) => nowMs - usedAtMs >= this.#rules.idleMs);
    for (const mapping of idle) this.#remove(mapping);
    return idle;
  }

  /** A mapping whose port could not be opened, or failed. */
  remove(id: number): void {
    const mapping = this.#byId.get(id);
    if (mapping) this.#remove(mapping);
  }

  #remove({ id, inside }: Kept): void {
    this.#byId.delete(id);
    this.#byInside.delete(keyOf(inside));
    const left = (this.#perAddress.get(inside.address) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(inside.address, left);
    else this.#perAddress.delete(inside.address);
  }
}

const keyOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

const isSame = (one: Endpoint, other: Endpoint): boolean =>
  one.address === other.address && one.port === other.port;
