import type { Logger } from 'pino';
import type { KeyAndCertificate } from '../certificate.ts';
import { isLoopback } from '../http/hosts.ts';
import type { Rate } from '../signaling/bucket.ts';
import { type LocalAddress, listenAddresses, machineAddresses } from './addresses.ts';
import type { Door } from './door.ts';
import type { AllocationView, RelayHook, Tap } from './flow.ts';
import { createPeerPolicy, type PeerMode } from './peers.ts';
import { type Place, Places } from './places.ts';
import { openRelay, type PortRange } from './relay-sockets.ts';
import { type TurnRules, TurnServer } from './turn-server.ts';

export interface StunTurnConfig extends Omit<TurnRules, 'secret' | 'strangers'> {
  /** Where the site listens: on loopback, only this machine may ask. */
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly peers: readonly PeerMode[];
  readonly relayPorts: PortRange;
}

export interface StunTurnDeps {
  readonly log: Logger;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  readonly secret: string;
  /** With one there is TLS too. */
  readonly certificate?: KeyAndCertificate | undefined;
  readonly tap?: Tap | undefined;
  readonly relay?: RelayHook | undefined;
  /** The addresses of this machine. */
  readonly addresses?: () => LocalAddress[];
}

export interface StunTurnHealth {
  readonly state: 'closed' | 'up' | 'failed';
  readonly port: number;
  readonly allocations: number;
}

/** The embedded STUN and TURN server with its sockets. */
export interface StunTurn {
  /** Opens the sockets. Does not throw: a site without TURN is still a site; `health` and the log say what failed. */
  listen(): Promise<void>;
  /** Ends all allocations and gives the ports back. May be called twice. */
  close(): void;
  readonly health: StunTurnHealth;
  /** Where it can be asked, real networks first, loopback last. */
  readonly places: readonly Place[];
  isOwn(address: string): boolean;
  allocationsOf(session: string): AllocationView[];
  endAllocationsOf(session: string, label?: string): number;
  /** Looks for addresses that have come or gone. It does so by itself every few seconds. */
  rescan(): Promise<void>;
}

const TICK_MS = 500;
const RESCAN_MS = 5_000;
/** A class behind one address, each with a few tries a second. */
const STRANGERS: Rate = { burst: 300, perSec: 100 };

export function createStunTurn(config: StunTurnConfig, deps: StunTurnDeps): StunTurn {
  const { log, now } = deps;
  const addresses = deps.addresses ?? machineAddresses;
  const onlyOwn = isLoopback(config.host);
  let own = new Set<string>();
  let state: StunTurnHealth['state'] = 'closed';
  let closed = false;
  let flows = 0;
  let timers: NodeJS.Timeout[] = [];

  const isOwn = (address: string) => address.startsWith('127.') || own.has(address);
  const look = (): LocalAddress[] => {
    const all = addresses();
    own = new Set(all.map(({ address }) => address));
    return listenAddresses(config.host, all);
  };

  const turn = new TurnServer(
    { ...config, secret: deps.secret, strangers: STRANGERS },
    {
      openRelay: (wanted) => openRelay(config.relayPorts, wanted),
      relayAddress: (server, family) => relayAddress(places.all, server, family),
      mayReach: createPeerPolicy(config.peers, isOwn),
      isOwn,
      now,
      tap: deps.tap,
      get relay() {
        return deps.relay;
      },
    },
  );
  const door: Door = {
    turn,
    now,
    nextId: () => ++flows,
    admits: (address) => !onlyOwn || isOwn(address),
    watched: deps.tap !== undefined,
    maxConnections: 2 * config.totalQuota,
  };
  const places = new Places(config, door, deps.certificate);
  const follow = async (): Promise<void> => {
    try {
      if (places.port === 0) await places.open(look());
      else await places.follow(look());
      if (!closed) state = 'up';
    } catch (error) {
      if (state !== 'failed') log.error({ err: error }, 'no STUN and TURN server: no socket could be opened');
      state = 'failed';
    }
  };
  let scanning: Promise<void> | undefined;
  const rescan = () => (scanning ??= follow().finally(() => (scanning = undefined)));

  return {
    listen: async () => {
      await rescan();
      if (closed) return;
      if (config.port !== 0 && state === 'up' && places.port !== config.port)
        log.info(
          { wanted: config.port, port: places.port },
          'the port of TURN is taken, another one is used',
        );
      log.info({ places: places.all.map(({ address, port }) => `${address} ${port}`) }, 'TURN is listening');
      const tick = setInterval(() => {
        turn.tick(now());
        places.tick(now());
      }, TICK_MS);
      const scan = setInterval(() => void rescan(), RESCAN_MS);
      timers = [tick, scan];
      for (const timer of timers) timer.unref();
    },
    close: () => {
      if (closed) return;
      closed = true;
      state = 'closed';
      for (const timer of timers) clearInterval(timer);
      turn.close();
      places.close();
    },
    get health() {
      return { state, port: places.port, allocations: turn.allocations };
    },
    get places() {
      return places.all;
    },
    isOwn,
    allocationsOf: (session) => turn.allocationsOf(session),
    endAllocationsOf: (session, label) => turn.endAllocationsOf(session, label),
    rescan,
  };
}

/**
 * Where to relay for a client that came to one of our addresses: there, if the family is the wanted one, else at the
 * first address of that family which is reached as far as the client's.
 */
function relayAddress(all: readonly Place[], server: string, family: 4 | 6): string | undefined {
  const isFamily = (address: string) => address.includes(':') === (family === 6);
  if (isFamily(server)) return server;
  const loopback = all.find(({ address }) => address === server)?.loopback ?? false;
  return all.find((place) => isFamily(place.address) && place.loopback === loopback)?.address;
}
