import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { EndpointTable } from './endpoint-table.ts';
import type {
  AllocationView,
  Count,
  Counters,
  Link,
  Owner,
  Relayed,
  RelayHook,
  RelaySocket,
} from './flow.ts';

/** RFC 8656 §9 */
const PERMISSION_MS = 300_000;
/** RFC 8656 §12 */
const CHANNEL_MS = 600_000;
/** Of one allocation. A browser has one of each for each candidate of the other side. */
const MAX_PERMISSIONS = 256;
const MAX_CHANNELS = 128;

interface Permission {
  /** Until its time is over. */
  live: boolean;
  expiresAtMs: number;
  /** Whether data may go to any port there, and not only to relayed addresses of ours. */
  readonly outside: boolean;
}

interface Channel extends Endpoint {
  readonly number: number;
  readonly permission: Permission;
  expiresAtMs: number;
  /** The allocation at the other end, when the peer is a relayed address of ours. */
  target: Allocation | undefined;
  readonly up: (data: Uint8Array) => void;
  readonly down: (data: Uint8Array) => void;
}

export interface AllocationDeps {
  /** All living allocations, by relayed address. */
  readonly relayed: EndpointTable<Allocation>;
  /** Whether data may go to an address where no allocation of ours lives. */
  readonly mayReach: (address: string) => boolean;
  /** Gives the client data for which it has no channel. */
  readonly indicate: (link: Link, from: Endpoint, data: Uint8Array) => void;
  readonly hook?: RelayHook | undefined;
}

/**
 * A relayed transport address with its permissions and channels (RFC 8656 §3.2), and the way of the data through it.
 *
 * What happens to each packet makes no objects and asks no clock: times are looked at in {@link tick}.
 */
export class Allocation implements Relayed, Endpoint {
  readonly address: string;
  readonly port: number;
  readonly link: Link;
  readonly owner: Owner;
  readonly username: string;
  readonly key: Uint8Array;
  /** Of the request that made it, and what it was answered: the same request again is a retransmission. */
  readonly request: Uint8Array;
  answer: Uint8Array = new Uint8Array();
  expiresAtMs: number;
  open = true;

  readonly #socket: RelaySocket;
  readonly #deps: AllocationDeps;
  readonly #permissions = new Map<string, Permission>();
  readonly #channels = new Map<number, Channel>();
  readonly #peers = new EndpointTable<Channel>();
  readonly #fromClient = count();
  readonly #toClient = count();
  readonly #channelFromClient = count();
  readonly #channelToClient = count();
  readonly #counters: Counters = {
    fromClient: this.#fromClient,
    toClient: this.#toClient,
    channelData: { fromClient: this.#channelFromClient, toClient: this.#channelToClient },
    dropped: 0,
  };

  constructor(
    made: Pick<Allocation, 'link' | 'owner' | 'username' | 'key' | 'request' | 'expiresAtMs'>,
    socket: RelaySocket,
    deps: AllocationDeps,
  ) {
    this.link = made.link;
    this.owner = made.owner;
    this.username = made.username;
    this.key = made.key;
    this.request = made.request;
    this.expiresAtMs = made.expiresAtMs;
    this.address = socket.local.address;
    this.port = socket.local.port;
    this.#socket = socket;
    this.#deps = deps;
    deps.relayed.add(this);
    socket.onPacket((bytes, from) => this.#fromPeer(from, bytes, 0, bytes.length, true));
  }

  /** Whether the client could reach that peer now; the port counts where only relayed addresses are allowed. */
  mayReach({ address, port }: Endpoint): boolean {
    return (
      port !== 0 && (this.#deps.relayed.find(address, port) !== undefined || this.#deps.mayReach(address))
    );
  }

  /** Makes or refreshes the permission for an address. Undefined when there are too many. */
  permit(address: string, nowMs: number): Permission | undefined {
    let permission = this.#permissions.get(address);
    if (!permission) {
      if (this.#permissions.size >= MAX_PERMISSIONS) this.#forgetDead();
      if (this.#permissions.size >= MAX_PERMISSIONS) return undefined;
      permission = { live: true, expiresAtMs: 0, outside: this.#deps.mayReach(address) };
      this.#permissions.set(address, permission);
    }
    permission.live = true;
    permission.expiresAtMs = nowMs + PERMISSION_MS;
    return permission;
  }

  /** Binds a channel or refreshes it, with the permission for its peer (RFC 8656 §12.2). */
  bind(number: number, { address, port }: Endpoint, nowMs: number): 'bound' | 'mismatch' | 'too-many' {
    const channel = this.#channels.get(number);
    const other = this.#peers.find(address, port);
    if (channel !== other) return 'mismatch'; // the number has another peer, or the peer another number
    if (!channel && this.#channels.size >= MAX_CHANNELS) return 'too-many';
    const permission = this.permit(address, nowMs);
    if (!permission) return 'too-many';
    if (channel) channel.expiresAtMs = nowMs + CHANNEL_MS;
    else this.#addChannel(number, { address, port }, permission, nowMs);
    return 'bound';
  }

  fromClient(frame: Uint8Array): void {
    const channel = this.#channels.get((frame[0]! << 8) | frame[1]!);
    const sizeBytes = (frame[2]! << 8) | frame[3]!;
    if (channel === undefined || 4 + sizeBytes > frame.length) return this.drop();
    add(this.#fromClient, sizeBytes);
    add(this.#channelFromClient, sizeBytes);
    const { hook } = this.#deps;
    if (hook) hook(this.owner, 'up', frame.subarray(4, 4 + sizeBytes), channel.up);
    else this.#toChannel(channel, frame, 4, sizeBytes);
  }

  /** The data of a Send indication (RFC 8656 §11.2). */
  send(data: Uint8Array, peer: Endpoint): void {
    if (!this.#permissions.get(peer.address)?.live) return this.drop();
    add(this.#fromClient, data.length);
    const pass = (bytes: Uint8Array) => this.#toPeer(peer, bytes);
    const { hook } = this.#deps;
    if (hook) hook(this.owner, 'up', data, pass);
    else pass(data);
  }

  drop(): void {
    this.#counters.dropped++;
  }

  /** Ends what has expired. False when that is the allocation itself. */
  tick(nowMs: number): boolean {
    if (nowMs >= this.expiresAtMs) return false;
    for (const permission of this.#permissions.values())
      if (nowMs >= permission.expiresAtMs) permission.live = false;
    for (const channel of this.#channels.values()) {
      if (nowMs < channel.expiresAtMs) continue;
      this.#channels.delete(channel.number);
      this.#peers.delete(channel);
    }
    return true;
  }

  close(): void {
    this.open = false;
    this.#deps.relayed.delete(this);
    this.#socket.close();
  }

  view(nowMs: number): AllocationView {
    const { session, label } = this.owner;
    const { id, transport, client, server } = this.link;
    return {
      session,
      label,
      flow: { id, transport, client, server },
      relayed: { address: this.address, port: this.port },
      leftMs: this.expiresAtMs - nowMs,
      permissions: [...this.#permissions]
        .filter(([, { live }]) => live)
        .map(([address, { expiresAtMs }]) => ({ address, leftMs: expiresAtMs - nowMs })),
      channels: [...this.#channels.values()].map(({ number, address, port, expiresAtMs }) => ({
        number,
        peer: { address, port },
        leftMs: expiresAtMs - nowMs,
      })),
      counters: structuredClone(this.#counters),
    };
  }

  #addChannel(number: number, peer: Endpoint, permission: Permission, nowMs: number): void {
    const channel: Channel = {
      number,
      address: peer.address,
      port: peer.port,
      permission,
      expiresAtMs: nowMs + CHANNEL_MS,
      target: undefined,
      up: (data) => this.#toChannel(channel, data, 0, data.length),
      down: (data) => this.#deliver(channel, channel, data),
    };
    this.#channels.set(number, channel);
    this.#peers.add(channel);
  }

  #forgetDead(): void {
    const inUse = new Set([...this.#channels.values()].map(({ permission }) => permission));
    for (const [address, permission] of this.#permissions)
      if (!permission.live && !inUse.has(permission)) this.#permissions.delete(address);
  }

  #toChannel(channel: Channel, bytes: Uint8Array, start: number, sizeBytes: number): void {
    if (!this.open) return;
    if (!channel.target?.open) channel.target = this.#deps.relayed.find(channel.address, channel.port);
    // The peer is a relayed address of ours: what would leave this process would come straight back.
    if (channel.target) channel.target.#fromPeer(this, bytes, start, sizeBytes, false);
    else if (channel.permission.outside) this.#socket.send(bytes, start, sizeBytes, channel);
    else this.drop();
  }

  #toPeer(peer: Endpoint, data: Uint8Array): void {
    if (!this.open) return;
    const target = this.#deps.relayed.find(peer.address, peer.port);
    if (target) target.#fromPeer(this, data, 0, data.length, false);
    else if (this.#permissions.get(peer.address)?.outside) this.#socket.send(data, 0, data.length, peer);
    else this.drop();
  }

  /** @param outside it came from the network, and not from another allocation */
  #fromPeer(from: Endpoint, bytes: Uint8Array, start: number, sizeBytes: number, outside: boolean): void {
    const channel = this.#peers.find(from.address, from.port);
    const permission = channel ? channel.permission : this.#permissions.get(from.address);
    if (!permission?.live || (outside && !permission.outside)) return this.drop();
    const { hook } = this.#deps;
    if (!hook && channel && start === 4) {
      add(this.#toClient, sizeBytes);
      add(this.#channelToClient, sizeBytes);
      return this.link.forwardChannelData(channel.number, bytes, sizeBytes);
    }
    const data = bytes.subarray(start, start + sizeBytes);
    if (!hook) return this.#deliver(channel, from, data);
    if (channel) return hook(this.owner, 'down', data, channel.down);
    const { address, port } = from;
    hook(this.owner, 'down', data, (bytes) => this.#deliver(undefined, { address, port }, bytes));
  }

  #deliver(channel: Channel | undefined, from: Endpoint, data: Uint8Array): void {
    if (!this.open) return;
    add(this.#toClient, data.length);
    // It may have expired while the packet was held back.
    if (!channel || this.#channels.get(channel.number) !== channel)
      return this.#deps.indicate(this.link, from, data);
    add(this.#channelToClient, data.length);
    this.link.sendChannelData(channel.number, data);
  }
}

function count(): Count {
  return { packets: 0, bytes: 0 };
}

function add(to: Count, sizeBytes: number): void {
  to.packets++;
  to.bytes += sizeBytes;
}
