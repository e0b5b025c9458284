import { Emitter, type Listener } from '../../protocol/classroom/emitter.ts';
import type { FromHost, Kind, ToHost } from '../../protocol/classroom/frames.ts';

/** What stands between a client in this page and the server: who sends for it, and who is told of it. */
export interface Line {
  readonly send: (frame: ToHost) => void;
  /** For the record: what passes, in words. */
  readonly note: (way: 'sent' | 'received', name: string, text: string) => void;
}

/** A client that frames can be handed to. */
export interface Client {
  readonly kind: Kind;
  receive(frame: FromHost): void;
  /** The server is gone without a word. */
  lost(): void;
}

/** A `WebSocket` as a page has it, whose other end is a server in a worker. It connects as soon as it is made. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- EventTarget tells nothing of its events
export class PageWebSocket extends EventTarget implements Client {
  readonly kind = 'ws';
  readonly #line: Line;
  readonly #socket: string;
  #readyState: 0 | 1 | 2 | 3 = WebSocket.CONNECTING;

  constructor(line: Line, socket: string, url: string) {
    super();
    this.#line = line;
    this.#socket = socket;
    line.note('sent', 'connect', url);
    line.send({ do: 'open', socket, as: 'ws', url });
  }

  get readyState(): number {
    return this.#readyState;
  }

  /** @throws {DOMException} `InvalidStateError` before it is open, as the browser's own does */
  send(data: string): void {
    if (this.#readyState === WebSocket.CONNECTING)
      throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
    if (this.#readyState !== WebSocket.OPEN) return;
    this.#line.note('sent', typeOf(data), data);
    this.#line.send({ do: 'data', socket: this.#socket, data });
  }

  close(code = 1005, reason = ''): void {
    if (this.#readyState >= WebSocket.CLOSING) return;
    this.#readyState = WebSocket.CLOSING;
    this.#line.note('sent', 'close', code === 1005 ? '' : `${code} ${reason}`.trim());
    this.#line.send({ do: 'close', socket: this.#socket, code, reason });
    this.#closed(code, reason);
  }

  /** The cable is pulled: the server sees 1006, and this end too. */
  drop(): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    this.#line.send({ do: 'close', socket: this.#socket });
    this.lost();
  }

  lost(): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    this.#line.note('received', 'close', '1006');
    this.#closed(1006, '');
  }

  receive(frame: FromHost): void {
    if (this.#readyState === WebSocket.CLOSED) return;
    if (frame.do === 'accept') {
      this.#readyState = WebSocket.OPEN;
      this.#line.note('received', 'open', '');
      this.dispatchEvent(new Event('open'));
    } else if (frame.do === 'data') {
      const data = frame.isBinary
        ? new Blob([Uint8Array.from(atob(frame.data), (letter) => letter.charCodeAt(0))])
        : frame.data;
      this.#line.note(
        'received',
        typeof data === 'string' ? typeOf(data) : 'a binary message',
        typeof data === 'string' ? data : `${data.size} bytes`,
      );
      this.dispatchEvent(new MessageEvent('message', { data }));
    } else if (frame.do === 'close') {
      this.#line.note('received', 'close', `${frame.code} ${frame.reason}`.trim());
      this.#line.send({ do: 'close', socket: this.#socket, code: frame.code });
      this.#closed(frame.code, frame.reason);
    } else if (frame.do === 'refuse') {
      this.#line.note('received', 'refused', frame.why);
      this.#closed(1006, '');
    }
  }

  #closed(code: number, reason: string): void {
    this.#readyState = WebSocket.CLOSED;
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean: code !== 1006 }));
  }
}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- see above
export interface PageWebSocket {
  addEventListener(
    name: 'message',
    listener: (event: MessageEvent<string | Blob>) => void,
    options?: AddEventListenerOptions,
  ): void;
  addEventListener(
    name: 'close',
    listener: (event: CloseEvent) => void,
    options?: AddEventListenerOptions,
  ): void;
  addEventListener(name: 'open', listener: (event: Event) => void, options?: AddEventListenerOptions): void;
}

/** A socket as socket.io-client gives it to a page, whose other end is a server in a worker. */
export class PageIoSocket extends Emitter implements Client {
  readonly kind = 'socket.io';
  readonly #line: Line;
  readonly #newSocket: (client: Client) => string;
  #socket: string;
  #id: string | undefined;
  #isOpening = false;
  #lastAck = -1;
  readonly #acks = new Map<number, Listener>();
  /** What was sent before the connection stood. */
  #early: (() => void)[] = [];
  readonly #any: ((name: string, ...args: unknown[]) => void)[] = [];

  constructor(line: Line, newSocket: (client: Client) => string) {
    super();
    this.#line = line;
    this.#newSocket = newSocket;
    this.#socket = newSocket(this);
    this.#open();
  }

  /** A new one with each connection; undefined while there is none. */
  get id(): string | undefined {
    return this.#id;
  }

  get connected(): boolean {
    return this.#id !== undefined;
  }

  /** Comes back after it was gone, as a new connection. */
  connect(): this {
    if (this.connected || this.#isOpening) return this;
    this.#socket = this.#newSocket(this);
    this.#open();
    return this;
  }

  disconnect(): this {
    if (!this.connected) return this;
    this.#line.note('sent', 'disconnect', '');
    this.#line.send({ do: 'close', socket: this.#socket, asked: true });
    this.#gone('io client disconnect');
    return this;
  }

  /** The cable is pulled: nobody says goodbye. */
  drop(): void {
    if (!this.connected) return;
    this.#line.send({ do: 'close', socket: this.#socket });
    this.lost();
  }

  onAny(listener: (name: string, ...args: unknown[]) => void): this {
    this.#any.push(listener);
    return this;
  }

  /** A function at the end is called with the server's acknowledgement. */
  emit(name: string, ...args: unknown[]): this {
    const last = args.at(-1);
    const payload = typeof last === 'function' ? args.slice(0, -1) : args;
    const send = () => {
      const plain = JSON.parse(JSON.stringify([name, ...payload])) as unknown[];
      this.#line.note('sent', name, inShort(plain.slice(1)));
      if (typeof last !== 'function') {
        this.#line.send({ do: 'event', socket: this.#socket, args: plain });
        return;
      }
      const ack = ++this.#lastAck;
      this.#acks.set(ack, last as Listener);
      this.#line.send({ do: 'event', socket: this.#socket, args: plain, ack });
    };
    if (this.connected) send();
    else this.#early.push(send);
    return this;
  }

  /** Resolves with the acknowledgement. @param timeoutMs milliseconds after which it rejects */
  emitWithAck(name: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`“${name}” was not acknowledged within ${timeoutMs} ms.`)),
        timeoutMs,
      );
      this.emit(name, payload, (answer: unknown) => {
        clearTimeout(timer);
        resolve(answer);
      });
    });
  }

  lost(): void {
    if (!this.connected) return;
    this.#line.note('received', 'disconnect', 'transport close');
    this.#gone('transport close');
  }

  receive(frame: FromHost): void {
    if (frame.do === 'accept') {
      this.#id = frame.id;
      this.#isOpening = false;
      this.#line.note('received', 'connected', frame.id);
      this.tell('connect');
      for (const send of this.#early.splice(0)) send();
    } else if (frame.do === 'event') this.#event(frame);
    else if (frame.do === 'ack') {
      this.#line.note('received', 'acknowledgement', inShort(frame.args));
      const waiting = this.#acks.get(frame.ack);
      this.#acks.delete(frame.ack);
      waiting?.(...frame.args);
    } else if (frame.do === 'close') {
      if (!this.connected) return;
      this.#line.note('received', 'disconnect', frame.reason);
      this.#gone(frame.reason);
    } else if (frame.do === 'refuse') {
      this.#isOpening = false;
      this.#line.note('received', 'refused', frame.why);
      this.tell('connect_error', new Error(frame.why));
    }
  }

  #open(): void {
    this.#isOpening = true;
    this.#line.note('sent', 'connect', '/socket.io/');
    this.#line.send({ do: 'open', socket: this.#socket, as: 'socket.io', url: '/socket.io/' });
  }

  #gone(reason: string): void {
    this.#id = undefined;
    this.#acks.clear();
    this.tell('disconnect', reason);
  }

  #event({ args, ack }: Extract<FromHost, { do: 'event' }>): void {
    const [name, ...rest] = args;
    const words = String(name);
    this.#line.note('received', words, inShort(rest));
    const answer = (...answers: unknown[]) =>
      ack !== undefined && this.#line.send({ do: 'ack', socket: this.#socket, ack, args: answers });
    for (const listener of this.#any) listener(words, ...rest);
    this.tell(words, ...rest, ...(ack === undefined ? [] : [answer]));
  }
}

const inShort = (args: readonly unknown[]): string =>
  args.map((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))).join(', ');

/** The `type` of a JSON message, which is what such messages are told apart by. */
function typeOf(text: string): string {
  try {
    const message: unknown = JSON.parse(text);
    if (message instanceof Object && 'type' in message && typeof message.type === 'string')
      return message.type.slice(0, 60);
  } catch {
    return 'a text that is not JSON';
  }
  return 'a message';
}
