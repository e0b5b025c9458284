import { Emitter, type Listener } from './emitter.ts';
import type { FromHost, ToHost } from './frames.ts';

type Post = (frame: FromHost) => void;
type EventFrame = Extract<ToHost, { do: 'event' | 'ack' | 'close' }>;

/** Names that Socket.IO keeps for itself; a server may not emit them. */
const RESERVED: ReadonlySet<string> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

interface Outside {
  readonly post: Post;
  readonly listens: (server: Server) => void;
  /** A new id, that nobody can guess. */
  readonly newId: () => string;
}

type Rooms = string | readonly string[];
const listOf = (rooms: Rooms): readonly string[] => (typeof rooms === 'string' ? [rooms] : rooms);

/** Who is in which room. A socket is in a room of its own, whose name is its id. */
class Adapter {
  readonly rooms = new Map<string, Set<string>>();
  readonly sids = new Map<string, Set<string>>();

  add(id: string, room: string): void {
    this.rooms.set(room, (this.rooms.get(room) ?? new Set()).add(id));
    this.sids.set(id, (this.sids.get(id) ?? new Set()).add(room));
  }

  remove(id: string, room: string): void {
    this.sids.get(id)?.delete(room);
    const members = this.rooms.get(room);
    members?.delete(id);
    if (members?.size === 0) this.rooms.delete(room);
  }

  removeAll(id: string): void {
    for (const room of this.sids.get(id) ?? []) this.remove(id, room);
    this.sids.delete(id);
  }
}

/** To whom something goes: all in these rooms (all at all without one), but for those. Each gets it once. */
export class BroadcastOperator {
  readonly #server: Server;
  readonly #rooms: ReadonlySet<string>;
  readonly #except: ReadonlySet<string>;

  constructor(server: Server, rooms: ReadonlySet<string>, except: ReadonlySet<string>) {
    this.#server = server;
    this.#rooms = rooms;
    this.#except = except;
  }

  to(rooms: Rooms): BroadcastOperator {
    return new BroadcastOperator(this.#server, new Set([...this.#rooms, ...listOf(rooms)]), this.#except);
  }

  in(rooms: Rooms): BroadcastOperator {
    return this.to(rooms);
  }

  except(rooms: Rooms): BroadcastOperator {
    return new BroadcastOperator(this.#server, this.#rooms, new Set([...this.#except, ...listOf(rooms)]));
  }

  get volatile(): this {
    return this;
  }

  emit(name: string, ...args: unknown[]): boolean {
    refuseReserved(name);
    for (const socket of this.#reached()) socket.deliver(name, args);
    return true;
  }

  fetchSockets(): Promise<Socket[]> {
    return Promise.resolve([...this.#reached()]);
  }

  socketsJoin(rooms: Rooms): void {
    for (const socket of this.#reached()) socket.join(rooms);
  }

  socketsLeave(rooms: Rooms): void {
    for (const socket of this.#reached()) for (const room of listOf(rooms)) socket.leave(room);
  }

  disconnectSockets(close = false): void {
    for (const socket of this.#reached()) socket.disconnect(close);
  }

  #reached(): readonly Socket[] {
    const { rooms } = this.#server.sockets.adapter;
    const without = new Set([...this.#except].flatMap((room) => [...(rooms.get(room) ?? [])]));
    const ids =
      this.#rooms.size === 0
        ? [...this.#server.sockets.sockets.keys()]
        : [...new Set([...this.#rooms].flatMap((room) => [...(rooms.get(room) ?? [])]))];
    return ids.flatMap((id) => {
      const socket = without.has(id) ? undefined : this.#server.sockets.sockets.get(id);
      return socket ? [socket] : [];
    });
  }
}

/** One client, as Socket.IO shows it to a server. */
export class Socket extends Emitter {
  readonly id: string;
  /** A place for what the server wants to know of it. */
  // oxlint-disable-next-line typescript/no-explicit-any -- as in Socket.IO
  data: any = {};
  readonly handshake: {
    readonly auth: Record<string, unknown>;
    readonly query: Record<string, string>;
    readonly url: string;
    readonly time: string;
  };
  connected = true;
  readonly #server: Server;
  readonly #number: string;
  readonly #post: Post;
  readonly #acks = new Map<number, Listener>();
  readonly #any: Listener[] = [];
  #lastAck = -1;

  constructor(server: Server, number: string, id: string, url: string, post: Post) {
    super();
    this.#server = server;
    this.#number = number;
    this.#post = post;
    this.id = id;
    const query = Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? ''));
    this.handshake = { auth: {}, query, url, time: new Date().toString() };
  }

  get rooms(): Set<string> {
    return this.#server.sockets.adapter.sids.get(this.id) ?? new Set();
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** To everybody else. */
  get broadcast(): BroadcastOperator {
    return new BroadcastOperator(this.#server, new Set(), new Set([this.id]));
  }

  get volatile(): this {
    return this;
  }

  join(rooms: Rooms): void {
    for (const room of listOf(rooms)) this.#server.sockets.adapter.add(this.id, room);
  }

  leave(room: string): void {
    this.#server.sockets.adapter.remove(this.id, room);
  }

  /** To all in a room, or to one by its id, but never to this one. */
  to(rooms: Rooms): BroadcastOperator {
    return this.broadcast.to(rooms);
  }

  in(rooms: Rooms): BroadcastOperator {
    return this.to(rooms);
  }

  except(rooms: Rooms): BroadcastOperator {
    return this.broadcast.except(rooms);
  }

  emit(name: string, ...args: unknown[]): boolean {
    refuseReserved(name);
    this.deliver(name, args);
    return true;
  }

  send(...args: unknown[]): this {
    this.emit('message', ...args);
    return this;
  }

  emitWithAck(name: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve) => this.emit(name, ...args, resolve));
  }

  onAny(listener: Listener): this {
    this.#any.push(listener);
    return this;
  }

  disconnect(_close = false): this {
    if (!this.connected) return this;
    this.#post({ do: 'close', socket: this.#number, code: 1000, reason: 'io server disconnect' });
    this.end('server namespace disconnect');
    return this;
  }

  /** Sends an event; a function at the end waits for the acknowledgement. */
  deliver(name: string, args: readonly unknown[]): void {
    if (!this.connected) return;
    const last = args.at(-1);
    if (typeof last !== 'function') {
      this.#post({ do: 'event', socket: this.#number, args: asPlain([name, ...args]) });
      return;
    }
    const ack = ++this.#lastAck;
    this.#acks.set(ack, last as Listener);
    this.#post({ do: 'event', socket: this.#number, args: asPlain([name, ...args.slice(0, -1)]), ack });
  }

  receive(frame: EventFrame): void {
    if (!this.connected) return;
    if (frame.do === 'close') this.end(frame.asked ? 'client namespace disconnect' : 'transport close');
    else if (frame.do === 'ack') {
      const waiting = this.#acks.get(frame.ack);
      this.#acks.delete(frame.ack);
      waiting?.(...frame.args);
    } else this.#event(frame);
  }

  /** Its rooms are still known to `disconnecting`, and no more to `disconnect`. */
  end(reason: string): void {
    if (!this.connected) return;
    this.tell('disconnecting', reason);
    this.#server.sockets.adapter.removeAll(this.id);
    this.#server.sockets.sockets.delete(this.id);
    this.connected = false;
    this.tell('disconnect', reason);
  }

  #event({ args, ack }: Extract<EventFrame, { do: 'event' }>): void {
    const [name, ...rest] = args;
    if (typeof name !== 'string' || RESERVED.has(name)) return;
    let isAnswered = false;
    const answer = (...answers: unknown[]) => {
      if (isAnswered || ack === undefined) return;
      isAnswered = true;
      this.#post({ do: 'ack', socket: this.#number, ack, args: asPlain(answers) });
    };
    const all = ack === undefined ? rest : [...rest, answer];
    for (const listener of this.#any) listener(name, ...all);
    this.tell(name, ...all);
  }
}

/** The server of the package `socket.io`, without a port: who connects comes from outside. */
export class Server extends Emitter {
  readonly sockets = { sockets: new Map<string, Socket>(), adapter: new Adapter() };
  readonly #outside: Outside;
  readonly #byNumber = new Map<string, Socket>();
  readonly #middleware: ((socket: Socket, next: (error?: Error) => void) => void)[] = [];

  constructor(outside: Outside) {
    super();
    this.#outside = outside;
    outside.listens(this);
  }

  get engine(): { readonly clientsCount: number } {
    return { clientsCount: this.sockets.sockets.size };
  }

  use(middleware: (socket: Socket, next: (error?: Error) => void) => void): this {
    this.#middleware.push(middleware);
    return this;
  }

  to(rooms: Rooms): BroadcastOperator {
    return new BroadcastOperator(this, new Set(listOf(rooms)), new Set());
  }

  in(rooms: Rooms): BroadcastOperator {
    return this.to(rooms);
  }

  except(rooms: Rooms): BroadcastOperator {
    return new BroadcastOperator(this, new Set(), new Set(listOf(rooms)));
  }

  emit(name: string, ...args: unknown[]): boolean {
    return new BroadcastOperator(this, new Set(), new Set()).emit(name, ...args);
  }

  fetchSockets(): Promise<Socket[]> {
    return Promise.resolve([...this.sockets.sockets.values()]);
  }

  receive(frame: ToHost): void {
    if (frame.do === 'open') this.#open(frame.socket, frame.url);
    else if (frame.do !== 'data') {
      const socket = this.#byNumber.get(frame.socket);
      if (frame.do === 'close') this.#byNumber.delete(frame.socket);
      socket?.receive(frame);
    }
  }

  #open(number: string, url: string): void {
    const { post, newId } = this.#outside;
    const socket = new Socket(this, number, newId(), url, post);
    const step = (index: number): void => {
      const middleware = this.#middleware[index];
      if (!middleware) this.#accept(number, socket);
      else
        middleware(socket, (error) => {
          if (error) post({ do: 'refuse', socket: number, why: error.message });
          else step(index + 1);
        });
    };
    step(0);
  }

  #accept(number: string, socket: Socket): void {
    this.#byNumber.set(number, socket);
    this.sockets.sockets.set(socket.id, socket);
    socket.join(socket.id);
    this.#outside.post({ do: 'accept', socket: number, id: socket.id });
    this.tell('connect', socket);
    this.tell('connection', socket);
  }
}

function refuseReserved(name: string): void {
  if (RESERVED.has(name)) throw new Error(`"${name}" is a reserved event name`);
}

/** As JSON would carry it: no functions, no classes, `undefined` in a list is `null`. */
const asPlain = (args: readonly unknown[]): readonly unknown[] =>
  JSON.parse(JSON.stringify(args)) as unknown[];
