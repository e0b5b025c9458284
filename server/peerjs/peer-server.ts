import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import express from 'express';
import { ExpressPeerServer } from 'peer';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { sendText } from '../http/headers.ts';
import { Bucket, type Rate } from '../signaling/bucket.ts';
import { type Knock, readKnock, readMessage } from './messages.ts';
import { Waiting } from './waiting.ts';

export interface PeerServerConfig {
  /** How often a connection is asked whether it lives, in milliseconds; at the third time without an answer it ends. */
  readonly pingMs: number;
  readonly socketsPerAddress: number;
  /** Messages of one connection. */
  readonly rate: Rate;
}

export interface PeerServerDeps {
  readonly log: Logger;
  /** Milliseconds, of a clock that does not jump. */
  readonly now: () => number;
  /** Whether a browser's page may connect (its Origin) under the name it used (its Host). */
  readonly allows: (request: IncomingMessage) => boolean;
}

export interface PeerServer {
  /** Peers that have an id now. */
  readonly peers: number;
  /** Answers what is asked below `/peerjs`. False: it is for somebody else. @param path without the query */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean;
  /** Ends every connection and gives `upgrade` back. May be called twice. */
  close(): void;
}

/** Where PeerJS is told to look for it (its option `path`). */
const PATH = '/peerjs';
/** PeerJS adds its key, which is fixed, and to that the name of what it asks. */
const SOCKET_PATH = `${PATH}/peerjs`;
const OPEN_TO_READ = [`${PATH}/`, `${PATH}/peerjs/id`, `${PATH}/peerjs/peers`];

/** An offer with many tracks has 20 kB; PeerServer alone takes 100 MB. */
const MAX_FRAME_BYTES = 64_000;
/** Bytes that wait for a page which does not read. */
const MAX_UNREAD_BYTES = 1_000_000;
const MAX_PEERS = 2_000;
/** As PeerServer has it: an offer to nobody is answered with EXPIRE after five to six seconds. */
const EXPIRE_MS = 5_000;
const TICK_MS = 1_000;
const FAREWELL_MS = 500;

const waitingRules = {
  perSource: { messages: 64, sizeBytes: 256_000 },
  total: { messages: 4_000, sizeBytes: 4_000_000 },
  lifetimeMs: EXPIRE_MS,
};

/**
 * PeerServer (the package `peer`) on an HTTP server that belongs to Socket.IO too, behind a fence: it sees only
 * messages that PeerJS could have sent, of connections that may be here. Ids, tokens, the sender's stamp and the
 * relaying are its own. See docs/why-peerserver-is-fenced-in.md.
 */
export function attachPeerServer(
  http: HttpServer | HttpsServer,
  config: PeerServerConfig,
  { log, now, allows }: PeerServerDeps,
): PeerServer {
  const perAddress = new Map<string, number>();
  const fenced = new Set<Fenced>();
  /** Those whom PeerServer has let in. */
  const present = new Map<string, Fenced>();
  const waiting = new Waiting(waitingRules);
  let closed = false;

  // Not `server`, with which it would answer every other upgrade with 400, Socket.IO's among them.
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const app = express();
  const peers = ExpressPeerServer(http, {
    path: PATH,
    key: 'peerjs',
    concurrent_limit: MAX_PEERS,
    allow_discovery: false,
    corsOptions: { origin: false },
    // Who lives is asked below, without looking at the time of day.
    alive_timeout: Infinity,
    createWebSocketServer: () => sockets,
  });
  for (const one of [app, peers]) one.disable('x-powered-by').disable('etag').set('query parser', false);
  // Without a listener any of these would end the process.
  peers.on('error', (error) => log.warn({ err: error }, 'PeerServer failed'));
  withoutTimers(() => app.use(peers));

  peers.on('connection', (client) => {
    const id = client.getId();
    const connection = client.getSocket() as unknown as Fenced;
    connection.id = id;
    present.set(id, connection);
    for (const { src, text } of waiting.take(id)) present.get(src)?.emit('message', text);
  });
  peers.on('disconnect', (client) => {
    present.delete(client.getId());
    waiting.forget(client.getId());
  });

  const countOf = (address: string | undefined) => perAddress.get(address ?? '') ?? 0;

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // What is not for us is Socket.IO's or Vite's. Socket.IO hangs up on what nobody answers.
    if (request.url?.replace(/\?.*$/s, '') !== SOCKET_PATH) return;
    const { remoteAddress: address = '' } = request.socket;
    const crowded = countOf(address) >= 2 * config.socketsPerAddress;
    if (closed || crowded || !allows(request)) {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', () =>
        socket.destroy(),
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => admit(ws, address, request.url ?? ''));
  }
  http.on('upgrade', upgrade);

  function admit(ws: WebSocket, address: string, url: string): void {
    const connection = new Fenced(ws, new Bucket(config.rate, now()));
    fenced.add(connection);
    perAddress.set(address, countOf(address) + 1);
    // ws ends the connection by itself: a frame too large, a reserved opcode, text that is not UTF-8.
    ws.on('error', (error) => log.debug({ err: error }, 'a PeerJS connection broke'));
    ws.on('close', () => {
      const left = countOf(address) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      fenced.delete(connection);
      connection.leave();
    });
    ws.on('pong', () => connection.lives());
    ws.on('message', (data: Buffer, isBinary) => {
      connection.lives();
      if (!connection.ended) hear(connection, isBinary ? undefined : String(data));
    });

    if (countOf(address) > config.socketsPerAddress)
      return connection.refuse(`More than ${config.socketsPerAddress} connections from one address`);
    const knock = readKnock(url.replace(/^[^?]*\??/, ''));
    if (!knock.ok) return connection.refuse(knock.why);
    enter(connection, knock.value);
  }

  function enter(connection: Fenced, { id, token, key }: Knock): void {
    // PeerServer gives whoever comes again with its token the id, but no OPEN, and leaves the old connection open.
    const before = present.get(id);
    if (before?.token === token) before.end(1000, 'taken over');
    connection.token = token;
    const url = `${SOCKET_PATH}?${String(new URLSearchParams({ id, token, key }))}`;
    sockets.emit('connection', connection, { url });
  }

  function hear(connection: Fenced, text: string | undefined): void {
    if (!connection.bucket.take(now())) return connection.refuse('Too many messages at once');
    if (text === undefined) return connection.refuse('Messages are text, not binary');
    const message = readMessage(text);
    if (!message.ok) return connection.refuse(message.why);
    const { id } = connection;
    if (id === undefined) return;
    const { value } = message;
    if (value.type === 'HEARTBEAT' || present.has(value.dst)) connection.emit('message', text);
    else if (!waiting.put(id, value.dst, text, now())) expired(id, value.dst);
  }

  /** In PeerJS: the error `peer-unavailable`. */
  function expired(src: string, dst: string): void {
    present.get(src)?.send(JSON.stringify({ type: 'EXPIRE', src: dst, dst: src }));
  }

  const timers = [
    setInterval(() => {
      for (const { src, dst } of waiting.expire(now())) expired(src, dst);
    }, TICK_MS),
    setInterval(() => {
      for (const connection of fenced) connection.ask();
    }, config.pingMs),
  ];
  for (const timer of timers) timer.unref();

  return {
    get peers() {
      return present.size;
    },
    handle(request, response, path) {
      if (path !== PATH && !path.startsWith(`${PATH}/`)) return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        sendText(response, 405, 'This is read with GET.');
      } else if (OPEN_TO_READ.includes(path)) {
        response.setHeader('Cache-Control', 'no-store');
        app(request, response);
      } else sendText(response, 404, 'PeerServer has nothing here.');
      return true;
    },
    close() {
      if (closed) return;
      closed = true;
      http.off('upgrade', upgrade);
      for (const timer of timers) clearInterval(timer);
      for (const connection of fenced) connection.end(1001, 'the server goes away');
      setTimeout(() => sockets.clients.forEach((ws) => ws.terminate()), FAREWELL_MS).unref();
    },
  };
}

/** What PeerServer takes for a WebSocket: it hears only what the fence lets through. */
class Fenced extends EventEmitter {
  /** Once PeerServer has let it in. */
  id: string | undefined;
  token: string | undefined;
  readonly bucket: Bucket;
  readonly #ws: WebSocket;
  #ended = false;
  #left = false;
  #asked = 0;

  constructor(ws: WebSocket, bucket: Bucket) {
    super();
    this.#ws = ws;
    this.bucket = bucket;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** For PeerServer. */
  send(text: string): void {
    if (this.#ended) return;
    this.#ws.send(text);
    // Others would pay for a page that does not read.
    if (this.#ws.bufferedAmount > MAX_UNREAD_BYTES) this.#ws.terminate();
  }

  /** For PeerServer. */
  close(): void {
    this.end(1000, '');
  }

  /** In PeerJS: the error `server-error` with these words. */
  refuse(msg: string): void {
    this.send(JSON.stringify({ type: 'ERROR', payload: { msg } }));
    this.end(1008, 'refused');
  }

  end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#ws.close(code, reason);
    this.leave();
  }

  /** Tells PeerServer, once, that the connection has ended: the id is free. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.emit('close');
  }

  lives(): void {
    this.#asked = 0;
  }

  /** Counts instead of looking at a clock: after a standstill of the process nobody is thrown out. */
  ask(): void {
    if (this.#asked++ < 2) this.#ws.ping();
    else this.#ws.terminate();
  }
}

/**
 * While it is mounted, PeerServer starts two loops of timers that nothing can end: one throws out silent peers, the
 * other gives up what waits for absent ones, both by the time of day. Both are done here.
 */
function withoutTimers(mount: () => void): void {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (() => undefined) as unknown as typeof setTimeout;
  try {
    mount();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}
