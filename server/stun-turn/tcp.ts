import { once } from 'node:events';
import { createServer, isIPv6, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Endpoint } from '../../src/protocol/stun/address.ts';
import type { KeyAndCertificate } from '../certificate.ts';
import type { Door, Entrance } from './door.ts';
import type { Link, Relayed } from './flow.ts';
import { Frames } from './framing.ts';

/** How long a connection may be without an allocation, and how long a frame may take. */
const IDLE_MS = 15_000;
/** A client that does not read: what it misses is lost, as it would be on a full network. */
const MAX_WAITING_BYTES = 1 << 20;
const PADDING = Buffer.alloc(3);

/**
 * Listens for TCP connections at one address, or for TLS ones.
 *
 * @throws the system's error, such as `EADDRINUSE`
 */
export async function openTcp(
  address: string,
  port: number,
  door: Door,
  certificate?: KeyAndCertificate,
): Promise<Entrance> {
  const links = new Map<TcpLink, { frames: Frames; sinceMs: number }>();
  const transport = certificate ? 'tls' : 'tcp';

  function accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (!remoteAddress || !remotePort || remoteAddress.includes('%') || !door.admits(remoteAddress)) {
      socket.destroy();
      return;
    }
    const client = { address: remoteAddress, port: remotePort };
    const link = new TcpLink(door.nextId(), transport, socket, client, { address, port: entrancePort() });
    const state = { frames: new Frames(), sinceMs: door.now() };
    links.set(link, state);
    socket.setNoDelay(true);
    const known = () => link.allocation !== undefined;
    const take = (frame: Buffer) => {
      state.sinceMs = door.now();
      door.turn.receive(link, frame, state.sinceMs);
    };
    socket.on('data', (chunk: Buffer) => {
      const wasPending = state.frames.pending;
      if (!state.frames.push(chunk, known, take)) socket.destroy();
      // The beginning of a frame: from now on its end is waited for.
      else if (!wasPending && state.frames.pending) state.sinceMs = door.now();
    });
    socket.on('close', () => {
      links.delete(link);
      door.turn.gone(link);
    });
  }

  const server: Server = certificate
    ? createTlsServer({ ...certificate, handshakeTimeout: IDLE_MS }, accept)
    : createServer(accept);
  const entrancePort = () => (server.address() as AddressInfo | null)?.port ?? port;
  server.maxConnections = door.maxConnections;
  server.on('connection', (socket: Socket) => socket.on('error', () => {}));
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) });
  await once(server, 'listening');
  server.on('error', () => {});
  return {
    port: entrancePort(),
    tick: (nowMs) => {
      for (const [{ allocation, socket }, { frames, sinceMs }] of links)
        if ((!allocation || frames.pending) && nowMs - sinceMs > IDLE_MS) socket.destroy();
    },
    close: () => {
      server.close();
      for (const { socket } of links.keys()) socket.destroy();
    },
  };
}

class TcpLink implements Link {
  readonly id: number;
  readonly transport: 'tcp' | 'tls';
  readonly socket: Socket;
  readonly client: Endpoint;
  readonly server: Endpoint;
  allocation: Relayed | undefined;
  username: string | undefined;

  constructor(id: number, transport: 'tcp' | 'tls', socket: Socket, client: Endpoint, server: Endpoint) {
    this.id = id;
    this.transport = transport;
    this.socket = socket;
    this.client = client;
    this.server = server;
  }

  /** A connection is remembered by its socket. */
  keep(): void {}

  send(message: Uint8Array): void {
    if (this.#takes()) this.socket.write(message);
  }

  sendChannelData(channel: number, data: Uint8Array): void {
    if (!this.#takes()) return;
    const head = Buffer.allocUnsafe(4);
    head.writeUInt16BE(channel, 0);
    head.writeUInt16BE(data.length, 2);
    this.socket.cork();
    this.socket.write(head);
    this.socket.write(data);
    this.#pad(data.length);
    this.socket.uncork();
  }

  forwardChannelData(channel: number, frame: Uint8Array, sizeBytes: number): void {
    if (!this.#takes()) return;
    frame[0] = channel >> 8;
    frame[1] = channel;
    if (sizeBytes % 4 === 0) return void this.socket.write(frame.subarray(0, 4 + sizeBytes));
    this.socket.cork();
    this.socket.write(frame.subarray(0, 4 + sizeBytes));
    this.#pad(sizeBytes);
    this.socket.uncork();
  }

  /** A stream has no datagrams: each frame ends at a multiple of four (RFC 8656 §12.5). */
  #pad(sizeBytes: number): void {
    const missing = -sizeBytes & 3;
    if (missing > 0) this.socket.write(PADDING.subarray(0, missing));
  }

  #takes(): boolean {
    return this.socket.writable && this.socket.writableLength < MAX_WAITING_BYTES;
  }
}
