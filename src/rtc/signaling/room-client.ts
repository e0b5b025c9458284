import './no-eval.ts';
import { io, type Socket } from 'socket.io-client';
import type * as z from 'zod';
import {
  type Answer,
  type ChatMessage,
  type ErrorCode,
  type EventName,
  type EventPayload,
  events,
  help,
  limits,
  type MediaState,
  type Member,
  MessageId,
  type PageId,
  type Payload,
  type PeerId,
  type Place,
  Reply,
  type RequestName,
  requests,
  type RoomCode,
  type RoomId,
  type ServerId,
  SessionToken,
  type Signal,
  type Snapshot,
  WireError,
} from '../../protocol/signaling.ts';
import { randomId } from './rendezvous.ts';

/** Codes of this end, besides the server's. */
export type RoomErrorCode = ErrorCode | 'closed' | 'reset' | 'not-understood' | 'handler-failed';

/** Why something was not sent, or why there is no room. `help` says what a person can do. */
export class RoomError extends Error {
  override name = 'RoomError';
  readonly code: RoomErrorCode;

  constructor(code: RoomErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get help(): string {
    return helpOf[this.code];
  }
}

const helpOf: Readonly<Record<RoomErrorCode, string>> = {
  ...help,
  closed: 'This page has left the room: join again.',
  reset: 'The connection was away for too long and came back as a new participant: start the call again.',
  'not-understood': 'The server speaks another version of the protocol: reload the page.',
  'handler-failed': 'The code that handles messages threw an error; its cause says where.',
};

/** Where the client is. A state carries what is valid in it and nothing else. */
export type RoomState =
  | { state: 'idle' }
  /** `why` once an attempt has failed; the client goes on trying. */
  | { state: 'connecting'; why?: string }
  | { state: 'joined'; self: Member; server: ServerId }
  /** The connection is gone, calls go on, and the client tries to return to its seat. */
  | { state: 'reconnecting'; self: Member; why: string }
  | { state: 'refused'; error: RoomError }
  | { state: 'closed' };

export interface RoomEvents {
  state: RoomState;
  /** The others, after any change. */
  members: ReadonlyMap<PeerId, Member>;
  joined: Member;
  left: { member: Member; why: 'left' | 'timeout' };
  away: Member;
  /** `reloaded`: its page is a new one, so the `RTCPeerConnection` it had is gone. */
  back: { member: Member; before: Member; reloaded: boolean };
  /** We are a new participant in the eyes of the others: whatever calls there were are over. */
  reset: { before: Member; self: Member };
  /** In order, one at a time for each sender: the next waits for the promise of the handler. */
  signal: EventPayload<'signal:received'>;
  chat: ChatMessage;
  media: Member;
  /** Something that did not reach the application, and why. */
  fault: RoomError;
}

export interface RoomOptions {
  readonly room: RoomId;
  /** New for each load of the page. */
  readonly page: PageId;
  readonly name?: string;
  /** Keeps the seat over a reload: `sessionStorage`. Left out, a reload makes a new participant. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Leaves the room when aborted. */
  readonly signal: AbortSignal;
}

/** Requests that {@link RoomClient.ask} may send; what must survive a lost connection has a method of its own. */
export type Askable = Exclude<keyof typeof replies, `room:${string}` | Pending['name']>;

type Handler<E extends keyof RoomEvents> = (payload: RoomEvents[E]) => void | Promise<void>;
type RosterEvent = 'peer:joined' | 'peer:left' | 'peer:away' | 'peer:back' | 'media:changed';

/** A request that the server has not acknowledged yet. */
interface Pending {
  readonly name: 'signal:send' | 'chat:send';
  readonly payload: Payload<'signal:send'> | Payload<'chat:send'>;
  /** The receiver and its page, of a signal. */
  readonly to?: PeerId;
  readonly page?: PageId;
  /** The connection on which it was sent last, 0 for not yet. */
  sentOn: number;
  readonly settle: (reply: Reply<unknown>) => void;
  readonly fail: (error: RoomError) => void;
}

/** What arrives from one page of one sender. */
interface Inbound {
  readonly page: PageId;
  lastSequence: number;
  live: boolean;
  queue: Promise<void>;
}

/**
 * After a restart of the server all clients return at once: they spread over 0 to 4 s, then 0 to 5 s. Within
 * a grace period of 10 s everybody has tried twice. One client's own fault is no crowd: it returns sooner.
 */
const RETURN_TOGETHER_MS = 2_000;
const RETURN_ALONE_MS = 400;
const RETURN_MAX_MS = 5_000;
/** We stay below the server's rate, because a refusal in the middle would let a later signal overtake. */
const SHARE_OF_RATE = 0.9;
/** How much later than the server the client gives up members it waits for after a restart. */
const RESTORING_MARGIN_MS = 500;

/**
 * One participant of one room, over Socket.IO.
 *
 * It joins on each connection before anything else is sent, returns to its seat by the session token, sends
 * again in order what was not acknowledged, and hands over signals one at a time for each sender. Calls do not
 * depend on it: they go on while it reconnects, also over a restart of the server.
 *
 * The newcomer offers: after `connect()` resolves, `members` holds those who were there before.
 */
export class RoomClient {
  #state: RoomState = { state: 'idle' };
  #socket: Socket | undefined;
  #options: RoomOptions | undefined;
  /** Counts connections, so that an answer of an earlier one is recognised. */
  #connection = 0;
  #session: SessionToken | undefined;
  #self: Member | undefined;
  #server: ServerId | undefined;
  #version = 0;
  #syncing = false;
  readonly #members = new Map<PeerId, Member>();
  /** Members from before a restart of the server whose return we wait for. */
  readonly #missing = new Set<PeerId>();
  #missingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #chat: ChatMessage[] = [];
  #media: MediaState | undefined;
  #mediaSent: MediaState | undefined;
  readonly #sequences = new Map<PeerId, number>();
  readonly #inbound = new Map<PeerId, Inbound>();
  #outbox: Pending[] = [];
  #pumpTimer: ReturnType<typeof setTimeout> | undefined;
  #pace = new Pace(1, 1);
  readonly #handlers = new Map<keyof RoomEvents, Set<Handler<never>>>();
  readonly #receiver = Promise.withResolvers<void>();
  readonly #entered = Promise.withResolvers<Member>();
  readonly #end = new AbortController();

  get state(): RoomState {
    return this.#state;
  }

  /** Ourselves, once joined. */
  get self(): Member | undefined {
    return this.#self;
  }

  /** The others, those who are away included. */
  get members(): ReadonlyMap<PeerId, Member> {
    return this.#members;
  }

  /** What was said in the room, the oldest first, at most 100 messages. */
  get chat(): readonly ChatMessage[] {
    return this.#chat;
  }

  /** Calls `handler` from now on; the returned function ends that. Signals wait for the first handler. */
  on<E extends keyof RoomEvents>(event: E, handler: Handler<E>): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    if (event === 'signal') this.#receiver.resolve();
    return () => void handlers.delete(handler);
  }

  /**
   * Connects and joins. While the server cannot be reached it goes on trying; end that by the abort signal.
   *
   * @param url origin of the server, such as `location.origin`
   * @throws {RoomError} when the server refuses (room full, …) or the signal aborts first
   */
  connect(url: string, options: RoomOptions): Promise<Member> {
    if (this.#state.state !== 'idle') throw new RoomError('closed', 'a client connects once');
    this.#options = options;
    // Whoever only listens to states must not get an unhandled rejection as well.
    this.#entered.promise.catch(() => {});
    this.#set({ state: 'connecting' });
    this.#keepSession(options);
    const socket = io(url, {
      path: '/socket.io/',
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: RETURN_ALONE_MS,
      reconnectionDelayMax: RETURN_MAX_MS,
      randomizationFactor: 1,
    });
    this.#socket = socket;
    socket.on('connect', () => this.#join());
    socket.on('disconnect', (reason) => this.#lost(reason));
    socket.on('connect_error', (error) => this.#unreachable(error));
    this.#listen();
    if (options.signal.aborted) this.close();
    else {
      options.signal.addEventListener('abort', () => this.close(), { once: true, signal: this.#end.signal });
      socket.connect();
    }
    return this.#entered.promise;
  }

  /** Leaves the room for good: the others are told at once. May be called twice. */
  close(): void {
    if (this.#over()) return;
    if (this.#state.state === 'joined') this.#socket?.emit('room:leave', {});
    this.#finish({ state: 'closed' }, new RoomError('closed', 'the client was closed'));
  }

  /**
   * Sends a description or candidate to one other member; resolves when the server has it.
   *
   * While the connection is away it waits, and is sent in order after the return.
   *
   * @throws {RoomError} `no-such-peer` when they left, `stale-page` when they reloaded meanwhile, `peer-away`
   *   when they are away and too much waits for them, `too-large`, `reset`, `closed`
   */
  async send(to: PeerId, signal: Signal): Promise<void> {
    const member = this.#members.get(to);
    if (!member) throw new RoomError('no-such-peer', 'no such peer in your room');
    const sequence = (this.#sequences.get(to) ?? 0) + 1;
    const payload = checked('signal:send', { to, toPage: member.page, sequence, signal: plain(signal) });
    this.#sequences.set(to, sequence);
    await this.#post('signal:send', payload, { to, page: member.page });
  }

  /** The number of the signal sent to that peer last, 0 for none: the receiver sees the same number. */
  sequenceTo(to: PeerId): number {
    return this.#sequences.get(to) ?? 0;
  }

  /**
   * Asks a bot of the server into the room; it comes as any other member does.
   *
   * @throws {RoomError} `bot-unavailable`, `bots-busy`, `bot-present`, `rate-limited`; `closed` without a room
   */
  async invite(): Promise<Member> {
    return (await this.ask('bot:invite', {})).bot;
  }

  /** Asks for a code under which others find this room on its page. @throws {RoomError} `too-many-rooms`, `closed` */
  async share(place: Place): Promise<RoomCode> {
    return (await this.ask('code:create', place)).code;
  }

  /**
   * A request that is asked once: nobody waits for it to be repeated after a lost connection.
   *
   * @throws {RoomError} with the server's code; `closed` without a room
   */
  async ask<N extends Askable>(name: N, payload: Payload<N>): Promise<Answer<N>> {
    const socket = this.#socket;
    if (!socket || this.#state.state !== 'joined') throw new RoomError('closed', 'there is no room yet');
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const end = () => reject(new RoomError('closed', 'the connection was lost'));
    socket.once('disconnect', end);
    socket.emit(name, payload, resolve);
    const parsed = replies[name].safeParse(await promise.finally(() => socket.off('disconnect', end)));
    if (!parsed.success) throw new RoomError('not-understood', `the answer to ${name} was not understood`);
    if (!parsed.data.ok) throw new RoomError(parsed.data.error.code, parsed.data.error.message);
    return parsed.data.value as Answer<N>;
  }

  /**
   * Says something to the room; resolves when the server has it.
   *
   * @param id of the message: what is sent again, after a lost answer or by a person, is not said twice
   * @throws {RoomError} as {@link send}
   */
  async say(text: string, id = MessageId.parse(randomId())): Promise<Answer<'chat:send'>> {
    const payload = checked('chat:send', { text, id });
    return this.#post('chat:send', payload, {});
  }

  /** Tells the room what we send. Only the latest counts; it is repeated after a restart of the server. */
  setMedia(media: MediaState): void {
    this.#media = checked('media:change', media);
    this.#pump();
  }

  #post<N extends Pending['name']>(
    name: N,
    payload: Payload<N>,
    receiver: { to?: PeerId; page?: PageId },
  ): Promise<Answer<N>> {
    if (this.#over()) return Promise.reject(new RoomError('closed', 'the client is closed'));
    const { promise, resolve, reject } = Promise.withResolvers<Answer<N>>();
    const settle = (reply: Reply<unknown>) => {
      const parsed = replies[name].safeParse(reply);
      if (!parsed.success)
        reject(new RoomError('not-understood', `the answer to ${name} was not understood`));
      else if (!parsed.data.ok) reject(new RoomError(parsed.data.error.code, parsed.data.error.message));
      else resolve(parsed.data.value as Answer<N>);
    };
    this.#outbox.push({ name, payload, ...receiver, sentOn: 0, settle, fail: reject });
    this.#pump();
    return promise;
  }

  /** Sends what has not been sent on this connection, in order and no faster than the server takes it. */
  #pump(): void {
    if (this.#state.state !== 'joined') return;
    clearTimeout(this.#pumpTimer);
    const connection = this.#connection;
    for (const pending of this.#outbox) {
      if (pending.sentOn === connection) continue;
      if (pending.to !== undefined && this.#missing.has(pending.to)) continue;
      if (!this.#mayGo()) return;
      pending.sentOn = connection;
      this.#socket?.emit(pending.name, pending.payload, (reply: Reply<unknown>) => {
        if (connection !== this.#connection) return;
        this.#outbox = this.#outbox.filter((other) => other !== pending);
        pending.settle(reply);
      });
    }
    if (this.#media && !sameMedia(this.#media, this.#mediaSent) && this.#mayGo()) {
      this.#mediaSent = this.#media;
      this.#socket?.emit('media:change', this.#media);
    }
  }

  #mayGo(): boolean {
    const waitMs = this.#pace.take();
    if (waitMs > 0) this.#pumpTimer = setTimeout(() => this.#pump(), waitMs);
    return waitMs === 0;
  }

  #join(): void {
    const { room, page, name } = this.#options!;
    const connection = ++this.#connection;
    this.#syncing = false;
    const payload = {
      room,
      page,
      ...(name !== undefined && { name }),
      ...(this.#session && { session: this.#session }),
    };
    this.#socket?.emit('room:join', payload, (raw: unknown) => {
      if (connection !== this.#connection || this.#over()) return;
      const parsed = replies['room:join'].safeParse(raw);
      if (!parsed.success)
        return this.#refuse('not-understood', 'the answer to room:join was not understood');
      const reply = parsed.data;
      if (reply.ok) return this.#joined(reply.value);
      const { code, message } = reply.error;
      if (code !== 'rate-limited' && code !== 'internal') return this.#refuse(code, message);
      setTimeout(() => connection === this.#connection && this.#join(), RETURN_TOGETHER_MS * Math.random());
    });
  }

  #joined({ self, session, resumed, server, restoringMs, rate, snapshot }: Answer<'room:join'>): void {
    const before = this.#self;
    const restarted = this.#server !== undefined && this.#server !== server;
    const reset = before !== undefined && !resumed;
    this.#session = session;
    this.#self = self;
    this.#server = server;
    this.#mediaSent = self.media;
    this.#pace = new Pace(Math.max(1, rate.burst * SHARE_OF_RATE - 1), rate.perSec * SHARE_OF_RATE);
    if (reset) this.#forgetAll();
    const announce = this.#apply(snapshot, before === undefined || reset, restarted ? restoringMs : 0);
    this.#set({ state: 'joined', self, server });
    if (reset) this.#emit('reset', { before, self });
    announce();
    this.#pump();
    this.#entered.resolve(self);
  }

  /**
   * Takes over a snapshot and returns what announces the changes, for when the state is consistent.
   *
   * @param fresh no announcements: the application reads `members` from the start
   * @param restoringMs after a restart of the server: how long those who are not back yet may still come
   */
  #apply({ version, members, chat }: Snapshot, fresh: boolean, restoringMs: number): () => void {
    const announcements: (() => void)[] = [];
    this.#version = version;
    const present = new Map(members.map((member) => [member.peer, member]));
    for (const [peer, member] of this.#members) {
      if (present.has(peer) || this.#missing.has(peer)) continue;
      if (restoringMs > 0) {
        this.#missing.add(peer);
        this.#members.set(peer, { ...member, away: true });
      } else announcements.push(this.#remove(peer, 'timeout'));
    }
    for (const member of members) {
      if (member.peer === this.#self?.peer) this.#self = member;
      else announcements.push(this.#update(member, fresh));
    }
    for (const message of chat) announcements.push(this.#hear(message, fresh));
    if (restoringMs > 0) this.#awaitMissing(restoringMs);
    return () => {
      for (const announce of announcements) announce();
      this.#emit('members', this.#members);
    };
  }

  /** Takes over one member and returns what announces the change; `#remove` and `#hear` do likewise. */
  #update(member: Member, fresh = false): () => void {
    const before = this.#members.get(member.peer);
    const quiet = this.#missing.delete(member.peer);
    this.#members.set(member.peer, member);
    if (fresh) return () => {};
    if (!before) return () => this.#emit('joined', member);
    const reloaded = before.page !== member.page;
    if (reloaded) this.#forget(member.peer, new RoomError('stale-page', 'the peer has reloaded its page'));
    return () => {
      if (reloaded || (before.away && !member.away && !quiet))
        this.#emit('back', { member, before, reloaded });
      else if (!before.away && member.away) this.#emit('away', member);
      if (!sameMedia(before.media, member.media)) this.#emit('media', member);
    };
  }

  #remove(peer: PeerId, why: 'left' | 'timeout'): () => void {
    const member = this.#members.get(peer);
    if (!member) return () => {};
    this.#members.delete(peer);
    this.#missing.delete(peer);
    this.#sequences.delete(peer);
    this.#forget(peer, new RoomError('no-such-peer', 'the peer has left'));
    return () => this.#emit('left', { member, why });
  }

  #hear(message: ChatMessage, fresh = false): () => void {
    if (this.#chat.some(({ id }) => id === message.id)) return () => {};
    this.#chat.push(message);
    if (this.#chat.length > limits.chatHistory) this.#chat.shift();
    return fresh ? () => {} : () => this.#emit('chat', message);
  }

  /** Those who have not come back by the end of the server's window have left. */
  #awaitMissing(restoringMs: number): void {
    clearTimeout(this.#missingTimer);
    this.#missingTimer = setTimeout(() => {
      // Without a connection nobody can say who is back: the next snapshot will.
      if (this.#state.state === 'joined') for (const peer of this.#missing) this.#remove(peer, 'timeout')();
      this.#missing.clear();
      this.#emit('members', this.#members);
    }, restoringMs + RESTORING_MARGIN_MS);
  }

  /** Calls `handle` for an event that has nothing to do with who is in the room. After {@link connect}. */
  hear<E extends EventName>(event: E, handle: (payload: EventPayload<E>) => void): void {
    this.#socket?.on<string>(event, (raw: unknown) => {
      const parsed = events[event].safeParse(raw);
      if (parsed.success) handle(parsed.data as EventPayload<E>);
      else this.#emit('fault', new RoomError('not-understood', `${event} was not understood`));
    });
  }

  #listen(): void {
    const listen: typeof this.hear = (event, handle) => this.hear(event, handle);
    const follow = <E extends RosterEvent>(event: E, handle: (payload: EventPayload<E>) => void) =>
      listen(event, (payload) => {
        // Before the answer to room:join, and while a snapshot is under way, the snapshot says it all.
        if (this.#state.state !== 'joined' || this.#syncing || payload.version <= this.#version) return;
        if (payload.version !== this.#version + 1) return this.#sync();
        this.#version = payload.version;
        handle(payload);
        this.#emit('members', this.#members);
      });
    follow('peer:joined', ({ member }) => this.#update(member)());
    follow('peer:back', ({ member }) => {
      this.#update(member)();
      this.#pump();
    });
    follow('peer:away', ({ peer }) => {
      const member = this.#members.get(peer);
      if (member) this.#update({ ...member, away: true })();
    });
    follow('peer:left', ({ peer, why }) => this.#remove(peer, why)());
    follow('media:changed', ({ peer, media }) => {
      const member = this.#members.get(peer);
      if (member) this.#update({ ...member, media })();
      else if (peer === this.#self?.peer) this.#self = { ...this.#self, media };
    });
    listen('chat:received', ({ message }) => this.#hear(message)());
    listen('signal:received', (received) => this.#receive(received));
    listen('session:ended', ({ code, message }) => this.#refuse(code, message));
  }

  /** A roster event is missing: read the whole room. */
  #sync(): void {
    this.#syncing = true;
    const connection = this.#connection;
    this.#socket?.emit('room:sync', {}, (raw: unknown) => {
      if (connection !== this.#connection || this.#state.state !== 'joined') return;
      this.#syncing = false;
      const parsed = replies['room:sync'].safeParse(raw);
      if (parsed.success && parsed.data.ok) this.#apply(parsed.data.value, false, 0)();
      else this.#emit('fault', new RoomError('not-understood', 'the answer to room:sync was not understood'));
    });
  }

  #receive(received: EventPayload<'signal:received'>): void {
    const { from, fromPage, fromEpoch, sequence } = received;
    const member = this.#members.get(from);
    // The last words of a page that has been reloaded since.
    if (member && member.page !== fromPage && fromEpoch < member.epoch) return;
    let inbound = this.#inbound.get(from);
    if (inbound?.page !== fromPage) {
      if (inbound) inbound.live = false;
      inbound = { page: fromPage, lastSequence: 0, live: true, queue: this.#receiver.promise };
      this.#inbound.set(from, inbound);
    }
    // After a return the server repeats what may have been lost on the old connection.
    if (sequence <= inbound.lastSequence) return;
    inbound.lastSequence = sequence;
    const current = inbound;
    // One at a time: two descriptions handled at once end in a dead call (webrtc-pc §10.7, glare).
    current.queue = current.queue.then(() => (current.live ? this.#deliver(received) : undefined));
  }

  async #deliver(received: EventPayload<'signal:received'>): Promise<void> {
    for (const handler of this.#handlers.get('signal') ?? []) {
      try {
        await (handler as Handler<'signal'>)(received);
      } catch (cause) {
        this.#emit('fault', new RoomError('handler-failed', 'a handler of signals failed', { cause }));
      }
    }
  }

  #lost(reason: string): void {
    this.#connection++;
    clearTimeout(this.#pumpTimer);
    const socket = this.#socket;
    if (!socket || this.#over()) return;
    // What Socket.IO kept would be sent before room:join; ours is in the outbox.
    socket.sendBuffer.length = 0;
    // The server ended all connections, ours among them; or ours alone was cut.
    socket.io.reconnectionDelay(reason === 'transport close' ? RETURN_TOGETHER_MS : RETURN_ALONE_MS);
    this.#set(
      this.#self
        ? { state: 'reconnecting', self: this.#self, why: reason }
        : { state: 'connecting', why: reason },
    );
    // Socket.IO does not come back by itself from this one.
    if (reason === 'io server disconnect')
      setTimeout(() => this.#over() || socket.connect(), 2 * RETURN_TOGETHER_MS * Math.random());
  }

  #unreachable(error: Error & { data?: unknown }): void {
    if (this.#over()) return;
    const refusal = WireError.safeParse(error.data);
    if (refusal.success) return this.#refuse(refusal.data.code, refusal.data.message);
    if (this.#state.state === 'connecting') this.#set({ state: 'connecting', why: error.message });
    else if (this.#self) this.#set({ state: 'reconnecting', self: this.#self, why: error.message });
  }

  #refuse(code: RoomErrorCode, message: string): void {
    if (this.#over()) return;
    const error = new RoomError(code, message);
    this.#finish({ state: 'refused', error }, error);
  }

  #over(): boolean {
    return this.#state.state === 'closed' || this.#state.state === 'refused';
  }

  #finish(state: RoomState, error: RoomError): void {
    this.#set(state);
    this.#connection++;
    clearTimeout(this.#pumpTimer);
    clearTimeout(this.#missingTimer);
    this.#end.abort();
    this.#session = undefined;
    this.#socket?.disconnect();
    for (const pending of this.#outbox.splice(0)) pending.fail(error);
    for (const inbound of this.#inbound.values()) inbound.live = false;
    this.#entered.reject(error);
  }

  /** Whatever was on the way to or from a page that is gone. */
  #forget(peer: PeerId, error: RoomError): void {
    const inbound = this.#inbound.get(peer);
    if (inbound) inbound.live = false;
    this.#inbound.delete(peer);
    const gone = this.#outbox.filter(({ to }) => to === peer);
    this.#outbox = this.#outbox.filter(({ to }) => to !== peer);
    for (const pending of gone) pending.fail(error);
  }

  #forgetAll(): void {
    for (const peer of this.#members.keys())
      this.#forget(peer, new RoomError('reset', 'we came back as a new participant'));
    this.#members.clear();
    this.#missing.clear();
    this.#sequences.clear();
  }

  /**
   * Keeps the session token in storage only while the page is hidden or going away: a duplicated tab copies the
   * storage, and would otherwise take this tab's seat. Outside a browser it is always kept.
   */
  #keepSession({ storage, room }: RoomOptions): void {
    if (!storage) return;
    const key = `peerscope:session:${room}`;
    this.#session = SessionToken.safeParse(tryTo(() => storage.getItem(key))).data;
    const put = () =>
      tryTo(() => (this.#session ? storage.setItem(key, this.#session) : storage.removeItem(key)));
    const remove = () => tryTo(() => storage.removeItem(key));
    const { signal } = this.#end;
    signal.addEventListener('abort', remove);
    if (!('document' in globalThis)) {
      this.on('state', ({ state }) => void (state === 'joined' && put()));
      return;
    }
    const follow = () => (document.visibilityState === 'hidden' ? put() : remove());
    follow();
    this.on('state', follow);
    document.addEventListener('visibilitychange', follow, { signal });
    addEventListener('pagehide', put, { signal });
    addEventListener('pageshow', follow, { signal });
  }

  #set(state: RoomState): void {
    this.#state = state;
    this.#emit('state', state);
  }

  #emit<E extends Exclude<keyof RoomEvents, 'signal'>>(event: E, payload: RoomEvents[E]): void {
    const handlers = this.#handlers.get(event);
    if (event === 'fault' && !handlers?.size) console.error(payload);
    for (const handler of handlers ?? []) {
      try {
        void (handler as Handler<E>)(payload);
      } catch (cause) {
        // One listener's error must not keep the others, or the client's own state, from going on.
        if (event === 'fault') console.error(cause);
        else this.#emit('fault', new RoomError('handler-failed', `a handler of ${event} failed`, { cause }));
      }
    }
  }
}

/** A token bucket of the client's own. */
class Pace {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #atMs = performance.now();

  constructor(burst: number, perSec: number) {
    this.#burst = burst;
    this.#perMs = perSec / 1000;
    this.#tokens = burst;
  }

  /** Takes a token and returns 0, or how long to wait for one, in milliseconds. */
  take(): number {
    const nowMs = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#perMs);
    this.#tokens -= 1;
    return 0;
  }
}

const replies = {
  'room:join': Reply(requests['room:join'].answer),
  'room:sync': Reply(requests['room:sync'].answer),
  'signal:send': Reply(requests['signal:send'].answer),
  'chat:send': Reply(requests['chat:send'].answer),
  'bot:invite': Reply(requests['bot:invite'].answer),
  'code:create': Reply(requests['code:create'].answer),
  'ice:servers': Reply(requests['ice:servers'].answer),
  'ice:practice': Reply(requests['ice:practice'].answer),
  'wire:watch': Reply(requests['wire:watch'].answer),
  'wire:claim': Reply(requests['wire:claim'].answer),
  'stun:listen': Reply(requests['stun:listen'].answer),
  'stun:answer': Reply(requests['stun:answer'].answer),
  'wire:impair': Reply(requests['wire:impair'].answer),
  'wire:end': Reply(requests['wire:end'].answer),
  'classroom:start': Reply(requests['classroom:start'].answer),
  'classroom:send': Reply(requests['classroom:send'].answer),
  'classroom:end': Reply(requests['classroom:end'].answer),
} as const;

/** Storage may be blocked by the browser's settings; then a reload makes a new participant. */
function tryTo<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** The payload as the server will accept it. @throws {RoomError} `too-large`, `bad-request` */
function checked<N extends RequestName>(name: N, payload: unknown): Payload<N> {
  const parsed = requests[name].payload.safeParse(payload);
  if (parsed.success) return parsed.data as Payload<N>;
  const long = (issue: z.core.$ZodIssue): boolean =>
    issue.code === 'invalid_union' ? issue.errors.flat().some(long) : issue.code === 'too_big';
  const code = parsed.error.issues.some(long) ? 'too-large' : 'bad-request';
  throw new RoomError(code, `${name}: ${parsed.error.issues[0]?.message ?? 'not understood'}`);
}

/** Browser objects as plain data, undefined fields left out: as JSON will carry them. */
function plain(signal: Signal): unknown {
  return JSON.parse(JSON.stringify(signal));
}

function sameMedia(a: MediaState | undefined, b: MediaState | undefined): boolean {
  return a?.muted === b?.muted && a?.camera === b?.camera && a?.screen === b?.screen;
}
