import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { Bucket, type Rate } from '../signaling/bucket.ts';
import { isPlainBindingRequest, MAX_BYTES } from './plain-request.ts';

/** A question that came to a port whose answers a page writes. */
export interface Asked {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly from: { readonly address: string; readonly port: number };
}

export interface ByHandDeps {
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  /** Where to listen; undefined while there is no such address. */
  readonly address: () => string | undefined;
  readonly isOwn: (address: string) => boolean;
}

/** Ports at a time on this server. */
const MAX_PORTS = 16;
/** So many questions wait for their answers; older ones are forgotten. */
const MAX_ASKED = 16;
/** A browser asks again after half a second, and gives up after some seconds. */
const ANSWER_MS = 5_000;
const QUESTIONS: Rate = { burst: 20, perSec: 10 };

interface Port {
  readonly socket: Socket;
  readonly bucket: Bucket;
  readonly asked: Map<number, { readonly from: RemoteInfo; readonly atMs: number }>;
}

/**
 * STUN servers whose answers are written by a page: one UDP port for each that wants one.
 *
 * Only who opened the port may ask there, and an answer goes to nobody but who has asked, once: whatever bytes a page
 * writes, they reach its own computer only.
 */
export class StunByHand {
  readonly #deps: ByHandDeps;
  readonly #ports = new Map<string, Port>();
  #count = 0;

  constructor(deps: ByHandDeps) {
    this.#deps = deps;
  }

  get open(): number {
    return this.#ports.size;
  }

  /**
   * Opens a port, or another one in place of the one that this session had.
   *
   * @param client the address from which the page is connected; only from there it may be asked
   * @returns its `stun:` URL; undefined where no more ports are to be had
   */
  async listen(
    session: string,
    client: string,
    onAsked: (asked: Asked) => void,
  ): Promise<string | undefined> {
    this.forget(session);
    const address = this.#deps.address();
    if (address === undefined || this.#ports.size >= MAX_PORTS) return undefined;
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const port: Port = { socket, bucket: new Bucket(QUESTIONS, this.#deps.now()), asked: new Map() };
    this.#ports.set(session, port);
    socket.on('message', (bytes, from) => {
      if (!this.#mayAsk(client, from.address) || !isPlainBindingRequest(bytes)) return;
      const nowMs = this.#deps.now();
      if (!port.bucket.take(nowMs)) return;
      const id = ++this.#count;
      port.asked.set(id, { from, atMs: nowMs });
      for (const oldest of port.asked.keys()) {
        if (port.asked.size <= MAX_ASKED) break;
        port.asked.delete(oldest);
      }
      onAsked({ id, bytes, from: { address: from.address, port: from.port } });
    });
    socket.on('error', () => this.#close(session, port));
    await new Promise<void>((resolve) => {
      socket.once('close', resolve);
      socket.bind({ port: 0, address, exclusive: true }, resolve);
    });
    if (this.#ports.get(session) !== port) return undefined;
    const host = address.includes(':') ? `[${address}]` : address;
    return `stun:${host}:${socket.address().port}`;
  }

  /** Sends the answer to a question, as it is. False when it is too late, too long, or there was no such question. */
  answer(session: string, id: number, bytes: Uint8Array): boolean {
    const port = this.#ports.get(session);
    const asked = port?.asked.get(id);
    if (!port || !asked) return false;
    port.asked.delete(id);
    if (bytes.length > MAX_BYTES || this.#deps.now() - asked.atMs > ANSWER_MS) return false;
    port.socket.send(bytes, asked.from.port, asked.from.address, () => {});
    return true;
  }

  forget(session: string): void {
    const port = this.#ports.get(session);
    if (port) this.#close(session, port);
  }

  close(): void {
    for (const [session, port] of this.#ports) this.#close(session, port);
  }

  #close(session: string, port: Port): void {
    if (this.#ports.get(session) !== port) return;
    this.#ports.delete(session);
    port.socket.close();
  }

  /** A page of this machine asks from any of its addresses; one elsewhere from the address that it is connected from. */
  #mayAsk(client: string, from: string): boolean {
    return from === client || (this.#deps.isOwn(client) && this.#deps.isOwn(from));
  }
}
