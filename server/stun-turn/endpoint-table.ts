import type { Endpoint } from '../../src/protocol/stun/address.ts';

/**
 * Things that have an address and a port, found by both.
 *
 * By the port first: an address that comes with a packet is a new string each time, and to compare it costs less than to
 * hash it.
 */
export class EndpointTable<T extends Endpoint> {
  readonly #byPort = new Map<number, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(address: string, port: number): T | undefined {
    const all = this.#byPort.get(port);
    if (all === undefined) return undefined;
    for (const one of all) if (one.address === address) return one;
    return undefined;
  }

  add(one: T): void {
    this.delete(one);
    const all = this.#byPort.get(one.port);
    if (all) all.push(one);
    else this.#byPort.set(one.port, [one]);
    this.#size++;
  }

  delete({ address, port }: Endpoint): void {
    const all = this.#byPort.get(port);
    const at = all?.findIndex((one) => one.address === address) ?? -1;
    if (!all || at < 0) return;
    all.splice(at, 1);
    if (all.length === 0) this.#byPort.delete(port);
    this.#size--;
  }

  /** A new array: the table may be changed while one walks through it. */
  all(): T[] {
    return [...this.#byPort.values()].flat();
  }
}
