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
  type Lobby,
  type MediaState,
  type Member,
  MessageId,
  type PageId,
  type Payload,
  type PeerId,
  type Place,
  type Reaction,
  Reply,
  type RequestName,
  requests,
  type RoomCode,
  type RoomId,
  type Routing,
  type ServerId,
  SessionToken,
  type Signal,
  type Snapshot,
  type Strain,
  type TopologyReason,
  WireError,
} from '../../protocol/signaling.ts';
import type { BroadcastScope } from '../../protocol/broadcast.ts';
import type { MiddleboxKind, Topology } from '../../protocol/middlebox.ts';
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
  /** In the lobby of a meeting, until the host decides. */
  | { state: 'waiting'; self: Member; server: ServerId }
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
  left: { member: Member; why: 'left' | 'timeout' | 'removed' };
  away: Member;
  /** `reloaded`: its page is a new one, so the `RTCPeerConnection` it had is gone. */
  back: { member: Member; before: Member; reloaded: boolean };
  /** We are a new participant in the eyes of the others: whatever calls there were are over. */
  reset: { before: Member; self: Member };
  /** In order, one at a time for each sender: the next waits for the promise of the handler. */
  signal: EventPayload<'signal:received'>;
  chat: ChatMessage;
  media: Member;
  /** Another name, another role, a hand that went up or down; of ourselves too. */
  changed: { member: Member; before: Member };
  reacted: EventPayload<'member:reacted'>;
  /** The host asks us to mute ourselves; the server cannot do it. */
  'muted-by-host': EventPayload<'host:muted'>;
  /** The lobby is open or closed, or, told to the host only, others wait in it. */
  lobby: Lobby;
  /**
   * Media travel in another way from now on, or who may change that is another one. Why is null where we have missed it;
   * `by` is for whose page a mesh was too much.
   */
  routing: Routing & { readonly why: TopologyReason | null; readonly by: PeerId | null };
  /** The mix of everybody is being recorded, or that has ended. */
  'mix-recording': EventPayload<'mix:recording'>;
  /** Something that did not reach the application, and why. */
  fault: RoomError;
}

export interface RoomOptions {
  readonly room: RoomId;
  /** New for each load of the page. */
  readonly page: PageId;
  readonly name?: string;
  /** Left out, the room is a lab's. */
  readonly kind?: 'meeting';
  /** Keeps the seat over a reload: `sessionStorage`. Left out, a reload makes a new participant. */
  readonly storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Leaves the room when aborted. */
  readonly signal: AbortSignal;
}

/** Requests that {@link RoomClient.ask} may send; what must survive a lost connection has a method of its own. */
export type Askable = Exclude<keyof typeof replies, `room:${string}` | Pending['name']>;

type Handler<E extends keyof RoomEvents> = (payload: RoomEvents[E]) => void | Promise<void>;
type RosterEvent = { [E in EventName]: EventPayload<E> extends { version: number } ? E : never }[EventName];

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
/** An attempt that leads nowhere, on a network that swallows it or at a proxy that hangs up, is given up after so long. */
const CONNECT_MS = 8_000;
/**
 * We stay below the server's rate, because a refusal in the middle would let a later signal overtake. Of the burst half:
 * what is sent over a while may arrive at once.
 */
const SHARE_OF_RATE = 0.9;
const SHARE_OF_BURST = 0.5;
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
  /** False before we were let in, and again when we came back as somebody new whom the host has to let in. */
  #inside = false;
  /** Whether we have ever been. */
  #wasInside = false;
  #server: ServerId | undefined;
  #version = 0;
  #syncing = false;
  readonly #members = new Map<PeerId, Member>();
  /** Members from before a restart of the server whose return we wait for. */
  readonly #missing = new Set<PeerId>();
  #missingTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #chat: ChatMessage[] = [];
  #lobby: Lobby = { on: false, waiting: [] };
  #routing: Routing = { topology: 'mesh', auto: false };
  #topologies: readonly Topology[] = ['mesh'];
  #name: string | undefined;
  #nameSent: string | undefined;
  #hand = false;
  #handSent = false;
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
  #sessionChanged = () => {};

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

  /** Whether newcomers have to wait; who does is known to the host only. */
  get lobby(): Lobby {
    return this.#lobby;
  }

  /** How media are to travel, and whether the server may change it. */
  get routing(): Routing {
    return this.#routing;
  }

  /** What the server offers. */
  get topologies(): readonly Topology[] {
    return this.#topologies;
  }

  /** Calls `handler` from now on; the returned function ends that. Signals wait for the first handler. */
  on<E extends keyof RoomEvents>(event: E, handler: Handler<E>): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    this.#handlers.set(event, handlers.add(handler));
    if (event === 'signal') this.#receiver.resolve();
    return () => void handlers.delete(handler);
  }

  /**
   * Connects and joins. While the server cannot be reached it goes on trying, and while the host has not decided it
   * waits in the lobby; end that by the abort signal.
   *
   * @param url origin of the server, such as `location.origin`
   * @throws {RoomError} when the server refuses (room full, …), the host does, or the signal aborts first
   */
  connect(url: string, options: RoomOptions): Promise<Member> {
    if (this.#state.state !== 'idle') throw new RoomError('closed', 'a client connects once');
    this.#options = options;
    this.#name = options.name;
    // Whoever only listens to states must not get an unhandled rejection as well.
    this.#entered.promise.catch(() => {});
    this.#set({ state: 'connecting' });
    this.#keepSession(options);
    const socket = io(url, {
      path: '/socket.io/',
      // For a proxy in front of several servers: all of one room come to the same (docs/growing.md).
      query: { room: options.room },
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: RETURN_ALONE_MS,
      reconnectionDelayMax: RETURN_MAX_MS,
      randomizationFactor: 1,
      timeout: CONNECT_MS,
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
    if (this.#isThere()) this.#socket?.emit('room:leave', {});
    this.#finish({ state: 'closed' }, new RoomError('closed', 'the client was closed'));
  }

  /**
   * Drops the connection, makes a new one at once and returns to the seat: for when the network has changed, which the
   * old connection would notice only seconds later. What waits to be sent goes out after the return, once and in order.
   *
   * Resolves when we are back, in the room or in its lobby; while the server cannot be reached it goes on trying.
   *
   * @throws {RoomError} `closed` when there is no room to return to; why the server refuses
   */
  reconnect(): Promise<Member> {
    const socket = this.#socket;
    if (!socket || this.#over())
      return Promise.reject(new RoomError('closed', 'there is no room to return to'));
    const { promise, resolve, reject } = Promise.withResolvers<Member>();
    socket.disconnect();
    const stop = this.on('state', (state) => {
      if (state.state === 'joined' || state.state === 'waiting') resolve(state.self);
      else if (state.state === 'refused') reject(state.error);
      else if (state.state === 'closed') reject(new RoomError('closed', 'the client was closed'));
    });
    socket.connect();
    return promise.finally(stop);
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

  /**
   * Asks so many bots into the room at once. In a lab's room they send to that server in the middle and answer no offer.
   *
   * @param count 1 to 30
   * @throws {RoomError} `bot-unavailable`, `bots-busy`, `too-many-bots`, `middlebox-unavailable`, `middlebox-full`
   */
  async inviteGhosts(count: number, kind: MiddleboxKind): Promise<readonly Member[]> {
    return (await this.ask('bot:invite', { count, for: kind })).bots;
  }

  /**
   * Asks for a token for the broadcast of this room.
   *
   * @throws {RoomError} `middlebox-unavailable` where the server has no SFU of its own
   */
  broadcastToken(scope: BroadcastScope): Promise<Answer<'broadcast:token'>> {
    return this.ask('broadcast:token', { scope });
  }

  /** Sends a bot away. @throws {RoomError} `not-host` for others than the host and whoever has invited it */
  async dismiss(peer: PeerId): Promise<void> {
    await this.ask('bot:dismiss', { peer });
  }

  /** Asks for a code under which others find this room on its page. @throws {RoomError} `too-many-rooms`, `closed` */
  async share(place: Place): Promise<RoomCode> {
    return (await this.ask('code:create', place)).code;
  }

  /**
   * A request that is asked once: nobody waits for it to be repeated after a lost connection.
   *
   * @throws {RoomError} with the server's code; `in-lobby`, `closed` without a room
   */
  async ask<N extends Askable>(name: N, payload: Payload<N>): Promise<Answer<N>> {
    const socket = this.#socket;
    if (this.#state.state === 'waiting') throw new RoomError('in-lobby', 'the host has not let you in yet');
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
    if (this.#state.state === 'waiting') throw new RoomError('in-lobby', 'the host has not let you in yet');
    const payload = checked('chat:send', { text, id });
    return this.#post('chat:send', payload, {});
  }

  /** Tells the room what we send. Only the latest counts; it is repeated after a restart of the server. */
  setMedia(media: MediaState): void {
    this.#media = checked('media:change', media);
    this.#pump();
  }

  /**
   * Takes another name, also in the lobby. As with {@link setMedia} only the latest counts, and it lasts.
   *
   * @throws {RoomError} `too-large`, `bad-request`
   */
  rename(name: string): void {
    this.#name = checked('member:rename', { name }).name;
    this.#pump();
  }

  /** Raises our hand or takes it down, in a meeting. Only the latest counts; the host may take it down. */
  raiseHand(up: boolean): void {
    this.#hand = up;
    this.#pump();
  }

  /** Shows something for a moment. @throws {RoomError} `rate-limited` after four in a row */
  async react(reaction: Reaction): Promise<void> {
    await this.ask('member:react', { reaction });
  }

  /** As host: newcomers wait from now on, or all who do are let in. These and the next throw `not-host`, `no-such-peer`. */
  async setLobby(on: boolean): Promise<void> {
    await this.ask('host:lobby', { on });
  }

  /** Lets somebody in who waits. @throws {RoomError} `room-full` */
  async admit(peer: PeerId): Promise<void> {
    await this.ask('host:admit', { peer });
  }

  /** Sends somebody away who waits. */
  async turnAway(peer: PeerId): Promise<void> {
    await this.ask('host:refuse', { peer });
  }

  /**
   * Chooses how media travel.
   *
   * @param why the server in the middle cannot be reached from here: the others are told
   * @throws {RoomError} `middlebox-unavailable`, `middlebox-full`
   */
  async setRouting({ topology, auto }: Routing, why?: 'unavailable'): Promise<void> {
    await this.ask('host:topology', { topology, auto, ...(why && { why }) });
  }

  /** Says that the mesh is too much for this page. Anybody may. */
  async strain(strain: Strain): Promise<void> {
    await this.ask('topology:strain', strain);
  }

  /**
   * Begins or ends a recording of the mix, which all are told of. The host may.
   *
   * @throws {RoomError} `not-host`, `middlebox-unavailable`, `middlebox-full`
   */
  async recordMix(on: boolean): Promise<void> {
    await this.ask('mix:record', { on });
  }

  /** Makes somebody else the host. @throws {RoomError} `peer-away` */
  async passHost(peer: PeerId): Promise<void> {
    await this.ask('host:pass', { peer });
  }

  /** Takes somebody's hand down. */
  async takeHandDown(peer: PeerId): Promise<void> {
    await this.ask('host:hand-down', { peer });
  }

  /** Asks somebody, or with null all the others, to mute themselves: their pages do it. */
  async askToMute(peer: PeerId | null): Promise<void> {
    await this.ask('host:mute', { peer });
  }

  /** Ends somebody's part in the meeting. */
  async remove(peer: PeerId): Promise<void> {
    await this.ask('host:remove', { peer });
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
    if (!this.#isThere()) return;
    clearTimeout(this.#pumpTimer);
    if (this.#name !== undefined && this.#name !== this.#nameSent && this.#mayGo()) {
      this.#nameSent = this.#name;
      this.#socket?.emit('member:rename', { name: this.#name });
    }
    if (this.#state.state !== 'joined') return;
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
    if (this.#options?.kind === 'meeting' && this.#hand !== this.#handSent && this.#mayGo()) {
      this.#handSent = this.#hand;
      this.#socket?.emit('member:hand', { up: this.#hand });
    }
  }

  #mayGo(): boolean {
    const waitMs = this.#pace.take();
    if (waitMs > 0) this.#pumpTimer = setTimeout(() => this.#pump(), waitMs);
    return waitMs === 0;
  }

  #join(): void {
    const { room, page, kind } = this.#options!;
    const name = this.#name;
    const connection = ++this.#connection;
    this.#syncing = false;
    const payload = {
      room,
      page,
      ...(name !== undefined && { name }),
      ...(kind && { kind }),
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

  #joined(answer: Answer<'room:join'>): void {
    const { self, session, admitted, resumed, server, restoringMs, rate, topologies, snapshot } = answer;
    const before = this.#self;
    const restarted = this.#server !== undefined && this.#server !== server;
    const reset = this.#inside && before !== undefined && !resumed;
    // Of somebody new the hand is down, and all are after a restart; else the server knows best: the host may have taken it down.
    const keepsHand = restarted || reset || this.#hand !== this.#handSent;
    this.#renew(session);
    this.#self = self;
    this.#server = server;
    this.#topologies = topologies;
    this.#nameSent = self.name;
    this.#mediaSent = self.media;
    this.#handSent = self.handAtMs !== null;
    if (!keepsHand) this.#hand = this.#handSent;
    this.#pace = new Pace(Math.max(1, rate.burst * SHARE_OF_BURST - 1), rate.perSec * SHARE_OF_RATE);
    if (reset) {
      this.#forgetAll();
      this.#inside = false;
    }
    if (admitted) return this.#enter(self, server, snapshot, before, restarted ? restoringMs : 0);
    this.#lobby = snapshot.lobby;
    this.#routing = { topology: snapshot.topology, auto: snapshot.auto };
    this.#set({ state: 'waiting', self, server });
    if (reset) {
      this.#emit('reset', { before, self });
      this.#emit('members', this.#members);
    }
    this.#pump();
  }

  /** Takes our place among the members; the application hears of it when all is consistent. */
  #enter(
    self: Member,
    server: ServerId,
    snapshot: Snapshot,
    before: Member | undefined,
    restoringMs: number,
  ): void {
    const fresh = !this.#inside;
    const again = fresh && this.#wasInside;
    this.#inside = true;
    this.#wasInside = true;
    const announce = this.#apply(snapshot, fresh, restoringMs);
    this.#set({ state: 'joined', self, server });
    if (again && before) this.#emit('reset', { before, self });
    if (!fresh && before && !sameWords(before, self)) this.#emit('changed', { member: self, before });
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
  #apply(
    { version, members, chat, lobby, topology, auto }: Snapshot,
    fresh: boolean,
    restoringMs: number,
  ): () => void {
    const announcements: (() => void)[] = [];
    this.#version = version;
    const present = new Map(members.map((member) => [member.peer, member]));
    for (const [peer, member] of this.#members) {
      if (present.has(peer) || this.#missing.has(peer)) continue;
      if (restoringMs > 0) {
        this.#missing.add(peer);
        // Its right to be host is the server's to give back.
        this.#members.set(peer, { ...member, away: true, role: 'guest' });
      } else announcements.push(this.#remove(peer, 'timeout'));
    }
    for (const member of members) {
      if (member.peer === this.#self?.peer) announcements.push(this.#updateSelf(member));
      else announcements.push(this.#update(member, fresh));
    }
    for (const message of chat) announcements.push(this.#hear(message, fresh));
    announcements.push(this.#updateLobby(lobby));
    announcements.push(this.#updateRouting({ topology, auto }, {}, fresh));
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
      if (!sameWords(before, member)) this.#emit('changed', { member, before });
    };
  }

  #updateSelf(self: Member): () => void {
    const before = this.#self;
    this.#self = self;
    if (this.#state.state === 'joined' || this.#state.state === 'waiting')
      this.#state = { ...this.#state, self };
    if (!before || before.peer !== self.peer || sameWords(before, self)) return () => {};
    return () => this.#emit('changed', { member: self, before });
  }

  #updateLobby(lobby: Lobby): () => void {
    const before = this.#lobby;
    this.#lobby = lobby;
    if (JSON.stringify(before) === JSON.stringify(lobby)) return () => {};
    return () => this.#emit('lobby', lobby);
  }

  #updateRouting(
    routing: Routing,
    { why = null, by = null }: { why?: TopologyReason | null; by?: PeerId | null } = {},
    fresh = false,
  ): () => void {
    const before = this.#routing;
    this.#routing = routing;
    if (fresh || (before.topology === routing.topology && before.auto === routing.auto)) return () => {};
    return () => this.#emit('routing', { ...routing, why, by });
  }

  /** One step for all, so that nobody sees two hosts, or none. */
  #updateHost(host: PeerId): void {
    const announcements: (() => void)[] = [];
    for (const member of this.#members.values()) {
      const role = member.peer === host ? 'host' : 'guest';
      if (member.role !== role) announcements.push(this.#update({ ...member, role }));
    }
    const self = this.#self;
    const role = self?.peer === host ? 'host' : 'guest';
    if (self && self.role !== role) announcements.push(this.#updateSelf({ ...self, role }));
    // Who waits is for the host alone: the new one is told next.
    if (role === 'guest') announcements.push(this.#updateLobby({ ...this.#lobby, waiting: [] }));
    for (const announce of announcements) announce();
  }

  #remove(peer: PeerId, why: RoomEvents['left']['why']): () => void {
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

  /**
   * Calls `handle` for an event that has nothing to do with who is in the room, until what is returned is called. After
   * {@link connect}.
   */
  hear<E extends EventName>(event: E, handle: (payload: EventPayload<E>) => void): () => void {
    const socket = this.#socket;
    const listener = (raw: unknown) => {
      const parsed = events[event].safeParse(raw);
      if (parsed.success) handle(parsed.data as EventPayload<E>);
      else this.#emit('fault', new RoomError('not-understood', `${event} was not understood`));
    };
    socket?.on<string>(event, listener);
    return () => void socket?.off<string>(event, listener);
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
      else if (peer === this.#self?.peer) this.#updateSelf({ ...this.#self, media })();
    });
    follow('member:changed', ({ member }) => {
      if (member.peer !== this.#self?.peer) return this.#update(member)();
      // What we have asked for and the server has not heard yet stands.
      const settled = this.#hand === this.#handSent;
      this.#handSent = member.handAtMs !== null;
      if (settled) this.#hand = this.#handSent;
      this.#updateSelf(member)();
    });
    follow('host:changed', ({ peer }) => this.#updateHost(peer));
    follow('lobby:changed', ({ on, waiting }) => this.#updateLobby({ on, waiting })());
    follow('topology:changed', ({ topology, auto, why, by = null }) =>
      this.#updateRouting({ topology, auto }, { why, by })(),
    );
    listen('member:reacted', (reacted) => this.#emit('reacted', reacted));
    listen('mix:recording', (recording) => this.#emit('mix-recording', recording));
    listen('host:muted', (muted) => this.#emit('muted-by-host', muted));
    listen('session:renewed', ({ session }) => this.#renew(session));
    listen('room:admitted', ({ self, session, snapshot }) => {
      const { state } = this;
      if (state.state !== 'waiting') return;
      const before = this.#self;
      this.#renew(session);
      this.#self = self;
      this.#enter(self, state.server, snapshot, before, 0);
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

  /** Connected and known to the server, in the room or in its lobby. */
  #isThere(): boolean {
    return this.#state.state === 'joined' || this.#state.state === 'waiting';
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
      this.#sessionChanged = put;
      return;
    }
    const follow = () => (document.visibilityState === 'hidden' ? put() : remove());
    follow();
    this.#sessionChanged = follow;
    document.addEventListener('visibilitychange', follow, { signal });
    addEventListener('pagehide', put, { signal });
    addEventListener('pageshow', follow, { signal });
  }

  #renew(session: SessionToken): void {
    this.#session = session;
    this.#sessionChanged();
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
  'bot:dismiss': Reply(requests['bot:dismiss'].answer),
  'member:react': Reply(requests['member:react'].answer),
  'host:lobby': Reply(requests['host:lobby'].answer),
  'host:admit': Reply(requests['host:admit'].answer),
  'host:refuse': Reply(requests['host:refuse'].answer),
  'host:pass': Reply(requests['host:pass'].answer),
  'host:hand-down': Reply(requests['host:hand-down'].answer),
  'host:mute': Reply(requests['host:mute'].answer),
  'host:remove': Reply(requests['host:remove'].answer),
  'host:topology': Reply(requests['host:topology'].answer),
  'topology:strain': Reply(requests['topology:strain'].answer),
  'broadcast:token': Reply(requests['broadcast:token'].answer),
  'middlebox:publish': Reply(requests['middlebox:publish'].answer),
  'middlebox:receive': Reply(requests['middlebox:receive'].answer),
  'middlebox:answer': Reply(requests['middlebox:answer'].answer),
  'middlebox:want': Reply(requests['middlebox:want'].answer),
  'middlebox:watch': Reply(requests['middlebox:watch'].answer),
  'middlebox:leave': Reply(requests['middlebox:leave'].answer),
  'mix:record': Reply(requests['mix:record'].answer),
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
  'forward:publish': Reply(requests['forward:publish'].answer),
  'forward:view': Reply(requests['forward:view'].answer),
  'forward:answer': Reply(requests['forward:answer'].answer),
  'forward:send': Reply(requests['forward:send'].answer),
  'forward:key-frame': Reply(requests['forward:key-frame'].answer),
  'forward:end': Reply(requests['forward:end'].answer),
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
  return (
    a?.muted === b?.muted &&
    a?.camera === b?.camera &&
    a?.screen === b?.screen &&
    a?.recording === b?.recording
  );
}

/** Whether people would say the same of both: name, role, hand. */
function sameWords(a: Member, b: Member): boolean {
  return a.name === b.name && a.role === b.role && a.handAtMs === b.handAtMs;
}
