import { isIP } from 'node:net';
import type { Logger } from 'pino';
import { isLoopback } from '../../http/hosts.ts';
import { listenAddresses, machineAddresses, type LocalAddress } from '../../stun-turn/addresses.ts';
import { openNdc } from './ndc.ts';
import type { Transports } from './transport.ts';

export interface OpenOptions {
  /** Where the site listens. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly log: Logger;
  /** The addresses of this machine. */
  readonly machine?: () => LocalAddress[];
}

/**
 * Opens the port with the native library or, where that does not load, with the one that is all TypeScript.
 *
 * @throws {Error} when no port can be opened
 */
export async function openTransports({ host, port, log, machine }: OpenOptions): Promise<Transports> {
  const options = {
    port,
    bind: isIP(host) === 4 && !isLoopback(host) && host !== '0.0.0.0' ? host : undefined,
    addresses: () => mediaAddresses(host, (machine ?? machineAddresses)()),
    warn: (message: string) => log.warn({ message }, 'node-datachannel'),
  };
  try {
    return await openNdc(options);
  } catch (error) {
    log.warn({ err: error }, 'node-datachannel cannot be used: the SFU runs on werift, at twice the cost');
    const { openWerift } = await import('./werift.ts');
    return openWerift(options);
  }
}

/**
 * Which addresses a browser is told, the preferred ones first: IPv4, those of real networks. Loopback only where nobody
 * else reaches the site, or there is no other: to another machine it would be its own.
 *
 * With a loopback `host` the networks' addresses come first, since Firefox uses no candidate on loopback.
 */
function mediaAddresses(host: string, all: readonly LocalAddress[]): string[] {
  const usable = listenAddresses(host, all).filter(({ address }) => isIP(address) === 4);
  const outside = usable.filter(({ loopback }) => !loopback);
  return (isLoopback(host) || outside.length === 0 ? usable : outside).map(({ address }) => address);
}
