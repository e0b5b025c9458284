/**
 * Records what a page does without its code knowing: each `RTCPeerConnection` that is opened in it, each frame of each
 * `WebSocket`, each request of `fetch()`. The page's globals are replaced, so this is for a page of one's own (a hidden
 * frame), and it must come before any library that keeps what it finds.
 *
 * A `Proxy` in place of a class of our own: `prototype` stays the browser's, so that what `webrtc-adapter` changes there
 * holds, and so do `instanceof`, static methods and the constructor's exceptions.
 */
import type { Run } from '../bench.ts';
import { capturePeer } from '../peer.ts';
import type { PeerLabel, RtcEvent } from '../timeline.ts';
import type { Exchange } from './exchange.ts';
import { frameReader, type ReadFrame, type Way } from './frames.ts';

/** Whose page it is, and where it is recorded. */
export interface Capture {
  readonly name: PeerLabel;
  readonly bench: Run;
  readonly exchange: Exchange;
  /** Whether code is only being loaded: libraries open a connection then to try what the browser can. */
  readonly isLoading: () => boolean;
}

type Global = Window & typeof globalThis;

/** Puts the recording in place; nothing is recorded until the returned function is called. */
export function captureGlobals(global: Global): (capture: Capture) => void {
  let capture: Capture | undefined;
  const now = () => (capture && !capture.bench.signal.aborted ? capture : undefined);
  captureConnections(global, now);
  captureSockets(global, now);
  captureRequests(global, now);
  return (given) => {
    capture = given;
    given.exchange.join(given.name);
  };
}

type Now = () => Capture | undefined;

function captureConnections(global: Global, now: Now): void {
  const native = global.RTCPeerConnection as typeof RTCPeerConnection | undefined;
  if (!native) return;
  const opened = { own: 0, probes: 0 };
  const recorded = standIn(native, (args, construct) => {
    const capture = now();
    if (!capture) return construct(args);
    const { name, bench, exchange } = capture;
    const isProbe = capture.isLoading();
    const label = isProbe
      ? numbered(`${name}/probe`, '-', opened.probes + 1)
      : numbered(name, '/', opened.own + 1);
    const given = (args[0] ?? {}) as RTCConfiguration;
    const configured = bench.interference?.configure(label, given, bench) ?? given;
    const pc = construct(bench.interference ? [configured, ...args.slice(1)] : args);
    if (isProbe) opened.probes += 1;
    else opened.own += 1;
    if (!isProbe) exchange.add(name, label, pc);
    capturePeer(label, bench, pc, configured);
    return pc;
  });
  for (const key of ['RTCPeerConnection', 'webkitRTCPeerConnection'])
    if (Reflect.get(global, key) === native) replace(global, key, recorded);
  replace(native.prototype, 'constructor', recorded);
}

const numbered = (name: string, mark: string, number: number): PeerLabel =>
  number === 1 ? name : `${name}${mark}${number}`;

function captureSockets(global: Global, now: Now): void {
  const native = global.WebSocket;
  const recorded = standIn(native, (args, construct) => {
    const socket = construct(args);
    const capture = now();
    if (capture) recordSocket(socket, capture, now);
    return socket;
  });
  replace(global, 'WebSocket', recorded);
  replace(native.prototype, 'constructor', recorded);
}

/** Records a socket: its opening and its end have no size, its frames have one. */
function recordSocket(socket: WebSocket, capture: Capture, now: Now): void {
  const { name, exchange } = capture;
  const url = new URL(socket.url);
  const path = url.pathname;
  const read = frameReader(url);
  const ownId = url.searchParams.get('id');
  if (ownId !== null) exchange.know(ownId, name);
  const record = (event: RtcEvent, peer = name) => void now()?.bench.timeline.append(peer, event);
  const state = (way: Way, what: 'connect' | 'open' | 'close', text: string) =>
    record({ kind: 'server-message', way, name: what, text, socket: path });

  state('sent', 'connect', `${url.origin}${path}`);
  socket.addEventListener('open', () => state('received', 'open', ''));
  socket.addEventListener('close', ({ code, reason }) =>
    state('received', 'close', `${code} ${reason}`.trim()),
  );
  const frame = (way: Way, data: unknown) => {
    if (!now()) return;
    try {
      take(way, data);
    } catch (error) {
      // The record may lack something; the socket of the code that runs here must not.
      console.warn('A frame could not be recorded:', error);
    }
  };
  const take = (way: Way, data: unknown) => {
    const message = read(way, data);
    if (message.self !== undefined && way === 'received') exchange.know(message.self, name);
    for (const [id, called] of message.names ?? []) exchange.know(id, called);
    const { signal } = message;
    const crossing =
      signal &&
      (way === 'sent' ? exchange.post(name, message.to, signal) : exchange.take(name, message.from, signal));
    record(serverMessage(way, path, bytesOf(data), message, crossing?.id));
    if (!signal || !crossing) return;
    const { id, from, to } = crossing;
    if (way === 'sent') record({ kind: 'signal-sent', id, to, signal }, from);
    else record({ kind: 'signal-received', id, from, signal }, to);
  };
  socket.addEventListener('message', ({ data }) => frame('received', data));
  const send = socket.send.bind(socket);
  replace(socket, 'send', (data: Parameters<WebSocket['send']>[0]) => {
    // Before it is sent, as an answer can never come before the question. A closed socket sends nothing.
    if (socket.readyState === socket.OPEN) frame('sent', data);
    send(data);
  });
}

function serverMessage(
  way: Way,
  socket: string,
  sizeBytes: number,
  { name, text }: ReadFrame,
  id: string | undefined,
): RtcEvent {
  return { kind: 'server-message', way, name, text, socket, sizeBytes, ...(id !== undefined && { id }) };
}

/** Bytes of a frame's payload, without what TCP, TLS and WebSocket add (RFC 6455 §5.2). */
function bytesOf(data: unknown): number {
  if (typeof data === 'string') return new TextEncoder().encode(data).byteLength;
  const { byteLength, size } = (data ?? {}) as { byteLength?: unknown; size?: unknown };
  return typeof byteLength === 'number' ? byteLength : typeof size === 'number' ? size : 0;
}

function captureRequests(global: Global, now: Now): void {
  const native = global.fetch;
  const recorded: typeof fetch = (input, init) => {
    const capture = now();
    const told = capture && requestOf(global, input, init);
    const answer = native.call(global, input, init);
    if (!capture || told === undefined) return answer;
    const record = (way: Way, text: string) =>
      void now()?.bench.timeline.append(capture.name, { kind: 'server-message', way, name: told, text });
    record('sent', '');
    // Beside the promise that the code is given, which stays the browser's.
    answer.then(
      ({ status, statusText }) => record('received', `${status} ${statusText}`.trim()),
      (error: unknown) => record('received', `failed: ${String(error)}`),
    );
    return answer;
  };
  replace(global, 'fetch', recorded);
}

/** `GET /peerjs/peerjs/id`; undefined for what is no request to a server. */
function requestOf(
  global: Global,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): string | undefined {
  const isRequest = typeof input === 'object' && 'method' in input;
  const method = init?.method ?? (isRequest ? input.method : 'GET');
  const address = String(isRequest ? input.url : input);
  if (!URL.canParse(address, global.location.href)) return undefined;
  const { origin, protocol, pathname } = new URL(address, global.location.href);
  if (!protocol.startsWith('http')) return undefined;
  return `${method.toUpperCase()} ${origin === global.location.origin ? '' : origin}${pathname}`;
}

type Class<T extends object> = abstract new (...args: never[]) => T;

/** A constructor that does as `native` does, through `make`; everything else of it is the original's. */
function standIn<T extends object, C extends Class<T>>(
  native: C & Class<T>,
  make: (args: unknown[], construct: (args: unknown[]) => T) => T,
): C {
  const recorded: C = new Proxy<C>(native, {
    construct: (target, args, newTarget) =>
      make(
        args,
        (given) => Reflect.construct(target, given, newTarget === recorded ? target : newTarget) as T,
      ),
  });
  return recorded;
}

/** As writable and configurable as the browser has it. */
function replace(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false });
}
