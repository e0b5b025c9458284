import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../http/hosts.ts';

/** An address of this machine. */
export interface LocalAddress {
  readonly address: string;
  readonly loopback: boolean;
}

/** Networks between programs of this machine: containers, virtual machines. Nobody else is reached there. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|podman|utun|tun|tap|zt|tailscale|wg)/;

/** All addresses of this machine but those that need a scope, real networks first, IPv4 first, loopback last. */
export function machineAddresses(): LocalAddress[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ address }) => isIP(address) !== 0 && !/^fe[89ab]/i.test(address))
      .map(({ address, internal }) => {
        const rank = (internal ? 4 : 0) + (VIRTUAL.test(name) ? 2 : 0) + (address.includes(':') ? 1 : 0);
        return { address, loopback: internal, rank };
      }),
  );
  return all.sort((a, b) => a.rank - b.rank).map(({ address, loopback }) => ({ address, loopback }));
}

/**
 * The addresses at which to listen. One socket for each: what leaves a wildcard UDP socket has the source address that
 * the system likes, and a browser ignores an answer from another address than it asked.
 *
 * With a loopback `host` the networks' addresses are among them, since Firefox asks no STUN server on loopback.
 */
export function listenAddresses(host: string, all: readonly LocalAddress[]): LocalAddress[] {
  const one = isIP(host) !== 0 && !isLoopback(host) && host !== '0.0.0.0' && host !== '::';
  return all.filter(({ address, loopback }) => loopback || !one || address === host);
}

/** IPv4 as IPv4, where a socket for both families wrote it as IPv6. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
