import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Logger } from 'pino';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { codeOf } from '../error-code.ts';
import { type Filtering, type Mapping, Nat, type NatRules } from './nat.ts';
import { isPlainBindingRequest } from '../stun-turn/plain-request.ts';

export interface NatBoxConfig {
  /** Where the NAT takes requests; the blocked one at the next. Taken ones are stepped over, 0 takes any. */
  readonly port: number;
  /** Whom it serves: only programs of this machine, or all that reach it. */
  readonly serves: 'machine' | 'network';
}

export interface NatBoxDeps {
  readonly log: Logger;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  /** Where our own STUN server is, at each address of this machine; the NAT has its doors beside it, over IPv4. */
  readonly servers: () => readonly Endpoint[];
  /** Whether an address is this machine's. */
  readonly isOwn: (address: string) => boolean;
  readonly rules?: Partial<Omit<NatRules, 'filtering'>>;
}

/** A small user-space NAT: it needs no rights, and changes nothing in the system's network. */
export interface NatBox {
  /** Opens its ports. Where it cannot, it says so in its health, and the rest of the server goes on. */
  listen(): Promise<void>;
  close(): void;
  readonly health: {
    readonly state: 'up' | 'failed' | 'closed';
    readonly port: number;
    readonly mappings: number;
  };
  /** The `stun:` URL that leads through it: at the address wanted, or at the first that it has. */
  url(filtering: Filtering, address?: string): string | undefined;
}

const defaults = {
  mappings: 128,
  mappingsPerAddress: 64,
  // The shortest that RFC 4787 allows (REQ-5): a page that was closed leaves its mapping behind.
  idleMs: 120_000,
  // A call of 10 Mbit/s, and its bursts.
  rate: { burst: 2_000, perSec: 2_000 },
};
/** How many ports are tried, one after the other, before it gives up. */
const TRIES = 32;
/** How often the machine's addresses are looked at: a laptop changes its network. */
const RESCAN_MS = 5_000;
/** A literal address needs no look-up, and the usual one costs a turn of the event loop for each packet. */
const lookup = ((address: string, _: unknown, done: (error: null, address: string, family: number) => void) =>
  done(null, address, 4)) as never;

/** One variant of the NAT, with a port at each local address. */
interface Door {
  readonly filtering: Filtering;
  readonly nat: Nat;
  port: number;
  readonly sockets: Map<string, Socket>;
}

interface Outside {
  readonly socket: Socket;
  /** The local address at which it was made; the server that it leads to is there too. */
  readonly address: string;
  readonly opened: Promise<unknown>;
}

export function createNatBox(config: NatBoxConfig, deps: NatBoxDeps): NatBox {
  const { log, now } = deps;
  const doors: readonly Door[] = (['open', 'blocked'] as const).map((filtering) => ({
    filtering,
    nat: new Nat({ ...defaults, ...deps.rules, filtering }),
    port: 0,
    sockets: new Map<string, Socket>(),
  }));
  const outsides = new Map<Mapping, Outside>();
  let state: 'up' | 'failed' | 'closed' = 'closed';
  let timer: ReturnType<typeof setInterval> | undefined;

  const isServed = ({ address }: RemoteInfo) => config.serves === 'network' || deps.isOwn(address);
  const serverAt = (wanted: string) => deps.servers().find(({ address }) => address === wanted);
  const addresses = () => deps.servers().flatMap(({ address }) => (address.includes(':') ? [] : [address]));

  /** A packet from inside: a request for the STUN server, and nothing else. */
  function fromInside(door: Door, address: string, bytes: Buffer, from: RemoteInfo): void {
    const server = serverAt(address);
    if (!server || !isServed(from) || !isPlainBindingRequest(bytes)) return;
    const left = door.nat.leave({ address: from.address, port: from.port }, now());
    if (!left) return log.debug('the NAT has no mapping left');
    const { mapping, isNew } = left;
    const outside = isNew ? openOutside(door, address, mapping) : outsides.get(mapping);
    void outside?.opened.then(
      () => outsides.has(mapping) && send(outside.socket, bytes, server),
      () => {},
    );
  }

  function openOutside(door: Door, address: string, mapping: Mapping): Outside {
    const socket = createSocket({ type: 'udp4', lookup });
    const opened = bind(socket, 0, address);
    const outside = { socket, address, opened };
    outsides.set(mapping, outside);
    const failed = (error: Error) => {
      log.warn({ err: error }, 'a mapped port of the NAT failed');
      closeOutside(door, mapping);
    };
    opened.then(
      () => socket.on('error', failed),
      (error: Error) => failed(error),
    );
    socket.on('message', (bytes, from) => fromOutside(door, address, mapping, bytes, from));
    return outside;
  }

  /** A packet at a mapped port: in to the endpoint that made the mapping, if the NAT lets it. */
  function fromOutside(door: Door, address: string, mapping: Mapping, bytes: Buffer, from: RemoteInfo): void {
    const server = serverAt(address);
    if (!server || !isServed(from)) return;
    const entered = door.nat.enter(mapping.id, from, server, now());
    if (!entered) return;
    const socket = entered.from === 'door' ? door.sockets.get(address) : outsides.get(entered.from)?.socket;
    if (socket) send(socket, bytes, entered.to);
  }

  function closeOutside(door: Door, mapping: Mapping): void {
    door.nat.remove(mapping.id);
    outsides.get(mapping)?.socket.close();
    outsides.delete(mapping);
  }

  function send(socket: Socket, bytes: Buffer, to: Endpoint): void {
    // A closed port of the other end comes back as an error: nobody waits for it.
    socket.send(bytes, to.port, to.address, () => {});
  }

  async function openDoor(door: Door, address: string, port: number): Promise<void> {
    const socket = createSocket({ type: 'udp4', lookup });
    await bind(socket, port, address);
    door.port = socket.address().port;
    door.sockets.set(address, socket);
    socket.on('error', (error) => log.warn({ err: error }, 'the door of the NAT failed'));
    socket.on('message', (bytes, from) => fromInside(door, address, bytes, from));
  }

  function shut(door: Door): void {
    for (const socket of door.sockets.values()) socket.close();
    door.sockets.clear();
  }

  /** The same port at every address, or the next one at which that is possible. */
  async function open(door: Door, first: number): Promise<void> {
    for (let tried = 0; ; tried++) {
      const port = first === 0 ? 0 : first + tried;
      try {
        for (const address of addresses())
          await openDoor(door, address, door.sockets.size > 0 ? door.port : port);
        return;
      } catch (error) {
        shut(door);
        if (codeOf(error) !== 'EADDRINUSE' || tried === TRIES) throw error;
      }
    }
  }

  /** The machine's network may be another one since. */
  function rescan(): void {
    const found = new Set(addresses());
    for (const door of doors) {
      for (const [address, socket] of door.sockets) {
        if (found.has(address)) continue;
        socket.close();
        door.sockets.delete(address);
      }
      for (const address of found) {
        if (door.sockets.has(address)) continue;
        openDoor(door, address, door.port).catch((error: unknown) =>
          log.debug({ err: error, address }, 'the NAT has no door at this address'),
        );
      }
      for (const mapping of door.nat.mappings) {
        const outside = outsides.get(mapping);
        if (outside && !found.has(outside.address)) closeOutside(door, mapping);
      }
    }
  }

  function tick(): void {
    for (const door of doors) {
      for (const mapping of door.nat.tick(now())) closeOutside(door, mapping);
    }
    rescan();
  }

  return {
    listen: async () => {
      try {
        let port = config.port;
        for (const door of doors) {
          await open(door, port);
          port = config.port === 0 ? 0 : door.port + 1;
        }
        state = 'up';
        timer = setInterval(tick, RESCAN_MS);
        timer.unref();
      } catch (error) {
        doors.forEach(shut);
        state = 'failed';
        log.warn({ err: error }, 'the NAT could not open its ports');
      }
    },
    close: () => {
      state = 'closed';
      clearInterval(timer);
      doors.forEach(shut);
      for (const door of doors) for (const mapping of door.nat.mappings) closeOutside(door, mapping);
    },
    get health() {
      return { state, port: doors[0]?.port ?? 0, mappings: outsides.size };
    },
    url: (filtering, wanted) => {
      const door = doors.find((one) => one.filtering === filtering);
      const open = addresses().filter((address) => door?.sockets.has(address));
      const address = open.find((one) => one === wanted) ?? open[0];
      return door && address && state === 'up' ? `stun:${address}:${door.port}` : undefined;
    },
  };
}

function bind(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => {
      socket.close();
      reject(error);
    };
    socket.once('error', refuse);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', refuse);
      resolve();
    });
  });
}
