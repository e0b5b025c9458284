import { Emitter } from './emitter.ts';
import type { FromHost, ToHost } from './frames.ts';

/** What `ws` hands to a listener: bytes, which as text are what was sent. In Node it is a `Buffer`. */
class Bytes extends Uint8Array<ArrayBuffer> {
  override toString(): string {
    return new TextDecoder().decode(this);
  }
}

const bytesOf = (text: string): Bytes => Bytes.from(new TextEncoder().encode(text));

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const fromBase64 = (text: string): Bytes => Bytes.from(atob(text), (letter) => letter.charCodeAt(0));

function copyOf(given: string | ArrayBuffer | ArrayBufferView): Bytes {
  if (typeof given === 'string') return bytesOf(given);
  if (given instanceof ArrayBuffer) return Bytes.from(new Uint8Array(given));
  return Bytes.from(new Uint8Array(given.buffer, given.byteOffset, given.byteLength));
}

interface Outside {
  readonly post: (frame: FromHost) => void;
  readonly listens: (server: WebSocketServer) => void;
}

/** One client, as the package `ws` shows it to a server. */
export class WebSocket extends Emitter {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  readonly #socket: string;
  readonly #post: (frame: FromHost) => void;
  #readyState = 1;

  constructor(socket: string, post: (frame: FromHost) => void) {
    super();
    this.#socket = socket;
    this.#post = post;
  }

  get readyState(): number {
    return this.#readyState;
  }

  /** A text as a text message, bytes as a binary one. After the end it is lost, and says so to a callback only. */
  send(
    data: unknown,
    options?: { binary?: boolean } | ((error?: Error) => void),
    callback?: (error?: Error) => void,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    if (this.#readyState !== WebSocket.OPEN) {
      const state = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'][this.#readyState] ?? '';
      const why = `WebSocket is not open: readyState ${this.#readyState} (${state})`;
      if (done) queueMicrotask(() => done(new Error(why)));
      return;
    }
    const given = typeof data === 'number' ? String(data) : data;
    const wants = typeof options === 'object' ? options.binary : undefined;
    if (typeof given !== 'string' && !ArrayBuffer.isView(given) && !(given instanceof ArrayBuffer))
      throw new TypeError(
        `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received ${received(data)}`,
      );
    const isBinary = wants ?? typeof given !== 'string';
    const bytes = copyOf(given);
    const socket = this.#socket;
    if (isBinary) this.#post({ do: 'data', socket, data: toBase64(bytes), isBinary: true });
    else this.#post({ do: 'data', socket, data: bytes.toString() });
    if (done) queueMicrotask(() => done());
  }

  /** Asks the other side to close; `close` follows when it has. @param code 1000, or 3000 to 4999 */
  close(code?: number, reason = ''): void {
    if (this.#readyState >= WebSocket.CLOSING) return;
    if (code !== undefined && !isValidCode(code))
      throw new TypeError('First argument must be a valid error code number');
    this.#readyState = WebSocket.CLOSING;
    this.#post({ do: 'close', socket: this.#socket, code: code ?? 1005, reason });
  }

  /** Ends it without a word: the client sees 1006. */
  terminate(): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    this.#readyState = WebSocket.CLOSING;
    this.#post({ do: 'close', socket: this.#socket, code: 1006, reason: '' });
  }

  /** What came from outside. */
  receive(frame: Extract<ToHost, { do: 'data' | 'close' }>): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    if (frame.do === 'data') {
      const data = frame.isBinary ? fromBase64(frame.data) : bytesOf(frame.data);
      if (this.#readyState === WebSocket.OPEN) this.tell('message', data, frame.isBinary === true);
      return;
    }
    this.#readyState = WebSocket.CLOSED;
    this.tell('close', frame.code ?? 1006, bytesOf(frame.reason ?? ''));
  }
}

/** The server of the package `ws`, without a port: who connects comes from outside. */
export class WebSocketServer extends Emitter {
  /** Those that are connected. */
  readonly clients = new Set<WebSocket>();
  readonly #sockets = new Map<string, WebSocket>();
  readonly #outside: Outside;

  constructor(outside: Outside) {
    super();
    this.#outside = outside;
    outside.listens(this);
  }

  receive(frame: ToHost): void {
    const { socket } = frame;
    if (frame.do === 'open') {
      const ws = new WebSocket(socket, this.#outside.post);
      this.#sockets.set(socket, ws);
      this.clients.add(ws);
      this.#outside.post({ do: 'accept', socket, id: '' });
      this.tell('connection', ws, { url: frame.url, headers: {} });
    } else if (frame.do === 'data') this.#sockets.get(socket)?.receive(frame);
    else if (frame.do === 'close') {
      const ws = this.#sockets.get(socket);
      this.#sockets.delete(socket);
      if (ws) this.clients.delete(ws);
      ws?.receive(frame);
    }
  }

  close(callback?: (error?: Error) => void): void {
    if (callback) queueMicrotask(() => callback());
  }
}

function received(data: unknown): string {
  if (data === null || data === undefined) return String(data);
  if (typeof data === 'function') return 'function';
  if (typeof data === 'object') return `an instance of ${data.constructor?.name ?? 'Object'}`;
  return `type ${typeof data}`;
}

const isValidCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) ||
  (code >= 3000 && code <= 4999);
