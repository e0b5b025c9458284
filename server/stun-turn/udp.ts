import type { Socket } from 'node:dgram';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import { EndpointTable } from './endpoint-table.ts';
import type { Link, Relayed } from './flow.ts';
import { bindUdp } from './relay-sockets.ts';
import type { Door, Entrance } from './door.ts';

/** Flows that proved nothing, remembered for whoever looks on. The oldest goes first. */
const STRANGERS = 256;

/** Listens for datagrams at one address. @throws the system's error, such as `EADDRINUSE` */
export async function openUdp(address: string, port: number, door: Door): Promise<Entrance> {
  const socket = await bindUdp(address, port);
  const server = { address, port: socket.address().port };
  const known = new EndpointTable<UdpLink>();
  const strangers = new Map<string, UdpLink>();

  function stranger(client: Endpoint): UdpLink {
    const name = `${client.address} ${client.port}`;
    let link = strangers.get(name);
    if (!link) {
      link = new UdpLink(door.nextId(), socket, client, server, (kept) => {
        strangers.delete(name);
        if (kept) known.add(link!);
        else {
          known.delete(link!);
          remember(link!);
        }
      });
    }
    remember(link);
    return link;
  }

  /** Only somebody who looks on needs a stranger to be the same one the next time. */
  function remember(link: UdpLink): void {
    if (!door.watched) return;
    const name = `${link.address} ${link.port}`;
    strangers.delete(name);
    strangers.set(name, link);
    if (strangers.size <= STRANGERS) return;
    const [oldest] = strangers;
    strangers.delete(oldest![0]);
    door.turn.gone(oldest![1]);
  }

  socket.on('message', (bytes, from) => {
    const link = known.find(from.address, from.port);
    if (link?.allocation && bytes[0]! >= 0x40) return link.allocation.fromClient(bytes);
    if (bytes.length < 20) return;
    if (link) return door.turn.receive(link, bytes, door.now());
    // An address with a scope is of no use to anybody else, and port 0 cannot be answered.
    if (from.port === 0 || from.address.includes('%') || !door.admits(from.address)) return;
    door.turn.receive(stranger({ address: from.address, port: from.port }), bytes, door.now());
  });
  return {
    port: server.port,
    tick: () => {},
    close: () => {
      for (const link of [...known.all(), ...strangers.values()]) {
        link.closed = true;
        door.turn.gone(link);
      }
      socket.close();
    },
  };
}

class UdpLink implements Link, Endpoint {
  readonly transport = 'udp';
  readonly id: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly address: string;
  readonly port: number;
  allocation: Relayed | undefined;
  username: string | undefined;
  closed = false;
  readonly keep: (kept: boolean) => void;
  readonly #socket: Socket;

  constructor(id: number, socket: Socket, client: Endpoint, server: Endpoint, keep: (kept: boolean) => void) {
    this.id = id;
    this.#socket = socket;
    this.client = client;
    this.server = server;
    this.address = client.address;
    this.port = client.port;
    this.keep = keep;
  }

  send(message: Uint8Array): void {
    if (!this.closed) this.#socket.send(message, this.port, this.address);
  }

  sendChannelData(channel: number, data: Uint8Array): void {
    if (this.closed) return;
    const head = Buffer.allocUnsafe(4);
    head[0] = channel >> 8;
    head[1] = channel;
    head[2] = data.length >> 8;
    head[3] = data.length;
    this.#socket.send([head, data], this.port, this.address);
  }

  forwardChannelData(channel: number, frame: Uint8Array, sizeBytes: number): void {
    if (this.closed) return;
    frame[0] = channel >> 8;
    frame[1] = channel;
    this.#socket.send(frame, 0, 4 + sizeBytes, this.port, this.address);
  }
}
