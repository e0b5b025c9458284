import {
  type ChatMessage,
  Epoch,
  type ErrorCode,
  type EventName,
  type EventPayload,
  limits,
  type MediaState,
  type Member,
  MessageId,
  type PageId,
  type PeerId,
  type Answer,
  type Payload,
  type RoomId,
  type Snapshot,
} from '../../src/protocol/signaling.ts';
import type { Rate } from './bucket.ts';
import { Refusal } from './refusal.ts';
import { newPeerId, type Sessions } from './sessions.ts';

export interface RoomRules {
  /** How long the seat of a lost connection is kept, in milliseconds. */
  readonly graceMs: number;
  /** How long after its start the server gives participants of an earlier start their ids back, in milliseconds. */
  readonly restoringMs: number;
  /**
   * How far back a signal is kept for a receiver, in milliseconds: what was sent to a connection that was
   * already dead but not yet noticed. As long as noticing takes.
   */
  readonly keepMs: number;
  /** Seats of one room, those of absent members included. */
  readonly seats: number;
  readonly maxRooms: number;
  /** What a connection may send; told to clients, kept by the bucket of the connection. */
  readonly rate: Rate;
}

/** What has to be done to the outside after a change. `C` is whatever stands for a connection. */
export type RoomAction<C> =
  | Tell<C>
  | { do: 'end'; connection: C; code: ErrorCode }
  /** A bot whose room is without people. */
  | { do: 'dismiss'; bot: C };
type Tell<C> = { [E in EventName]: { do: 'tell'; to: C[]; event: E; payload: EventPayload<E> } }[EventName];

/** A session token older than this is not restored, in milliseconds: a day. */
const OLDEST_SESSION_MS = 86_400_000;
/** How many signals are kept for one receiver, and how many characters of them. */
const INBOX_LENGTH = 128;
const INBOX_CHARACTERS = 4 * limits.sdpLength;
const SILENT: MediaState = { muted: false, camera: false, screen: false };

type Received = EventPayload<'signal:received'>;

interface Seat<C> {
  readonly room: Room<C>;
  member: Member;
  connection: C | undefined;
  awaySinceMs: number;
  /** The last sequence number this page has sent to each receiver. */
  readonly sent: Map<PeerId, number>;
  /** Signals of the last moments, kept in case that the connection they went to was already dead. */
  readonly inbox: { atMs: number; characters: number; received: Received }[];
  inboxCharacters: number;
}

interface Room<C> {
  readonly id: RoomId;
  version: number;
  readonly seats: Map<PeerId, Seat<C>>;
  readonly chat: ChatMessage[];
}

/**
 * The rules of rooms, without a socket and without a clock: connections are any values, time is passed in
 * (milliseconds since 1970 of a clock that does not go back).
 *
 * Methods throw {@link Refusal} and then have changed nothing. The answer goes out before the actions, so
 * that a client has its snapshot before the first event after it.
 */
export class Rooms<C> {
  readonly #rules: RoomRules;
  readonly #sessions: Sessions;
  readonly #restoringUntilMs: number;
  // Maps, not objects: a room may be called __proto__.
  readonly #rooms = new Map<RoomId, Room<C>>();
  readonly #seats = new Map<C, Seat<C>>();
  readonly #away = new Set<Seat<C>>();

  constructor(rules: RoomRules, sessions: Sessions, nowMs: number) {
    this.#rules = rules;
    this.#sessions = sessions;
    this.#restoringUntilMs = nowMs + rules.restoringMs;
  }

  get counts(): { rooms: number; peers: number; away: number } {
    return { rooms: this.#rooms.size, peers: this.#seats.size + this.#away.size, away: this.#away.size };
  }

  /** Takes a seat: a new one, or with a session token the one it was issued for. */
  join(
    connection: C,
    payload: Payload<'room:join'>,
    nowMs: number,
  ): { answer: Answer<'room:join'>; actions: RoomAction<C>[] } {
    if (this.#seats.has(connection))
      throw new Refusal('already-in-room', 'this connection already has a seat');
    const session = payload.session && this.#sessions.read(payload.session);
    const ours = session?.room === payload.room ? session : undefined;
    const held = ours && this.#rooms.get(ours.room)?.seats.get(ours.peer);
    if (ours && held) {
      const actions = this.#takeBack(
        held,
        connection,
        payload,
        Math.max(ours.epoch, held.member.epoch),
        nowMs,
      );
      return { answer: this.#joined(held, true, nowMs), actions };
    }
    const restored =
      ours !== undefined &&
      ours.server !== this.#sessions.server &&
      nowMs < this.#restoringUntilMs &&
      nowMs - ours.epoch < OLDEST_SESSION_MS;
    const seat = this.#sitDown(connection, payload, restored ? ours : undefined, nowMs);
    // The others may still hold a restored member from before the restart: to them it is back, not new.
    const event = restored ? 'peer:back' : 'peer:joined';
    const change = { version: seat.room.version, member: seat.member };
    return {
      answer: this.#joined(seat, restored, nowMs),
      actions: [{ do: 'tell', to: others(seat), event, payload: change }],
    };
  }

  /** Whether the member may have a bot in its room. @throws {Refusal} `bot-present`, `room-full` */
  mayInvite(connection: C): void {
    const { room } = this.#seatOf(connection);
    if ([...room.seats.values()].some(({ member }) => member.bot))
      throw new Refusal('bot-present', 'a bot sits in this room already');
    if (room.seats.size >= this.#rules.seats)
      throw new Refusal('room-full', `the room has ${this.#rules.seats} seats`);
  }

  /** Gives a bot a seat in the room of the member who invites it. @throws {Refusal} as {@link mayInvite} */
  invite(connection: C, bot: C, page: PageId, nowMs: number): { answer: Member; actions: RoomAction<C>[] } {
    this.mayInvite(connection);
    const { room } = this.#seatOf(connection);
    const seat = this.#sitDown(bot, { room: room.id, page, name: 'Bot' }, undefined, nowMs, true);
    const change = { version: room.version, member: seat.member };
    return {
      answer: seat.member,
      actions: [{ do: 'tell', to: others(seat), event: 'peer:joined', payload: change }],
    };
  }

  /** Gives the seat back. */
  leave(connection: C): RoomAction<C>[] {
    return this.#standUp(this.#seatOf(connection), 'left');
  }

  /** The connection is gone. Its seat, if it has one, is kept for the grace period. */
  lost(connection: C, nowMs: number): RoomAction<C>[] {
    const seat = this.#seats.get(connection);
    if (!seat) return [];
    if (this.#rules.graceMs === 0) return this.#standUp(seat, 'timeout');
    this.#seats.delete(connection);
    this.#away.add(seat);
    seat.connection = undefined;
    seat.awaySinceMs = nowMs;
    this.#trim(seat, nowMs);
    seat.member = { ...seat.member, away: true };
    const payload = { version: ++seat.room.version, peer: seat.member.peer };
    return [{ do: 'tell', to: present(seat.room), event: 'peer:away', payload }];
  }

  /** Lets the time pass: seats whose grace period is over are given free. */
  tick(nowMs: number): RoomAction<C>[] {
    for (const seat of this.#seats.values()) if (seat.inbox.length > 0) this.#trim(seat, nowMs);
    const over = [...this.#away].filter((seat) => nowMs - seat.awaySinceMs >= this.#rules.graceMs);
    return over.flatMap((seat) => this.#standUp(seat, 'timeout'));
  }

  /** Whether anybody has a seat in a room. */
  has(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  /** The room of a member. @throws {Refusal} `not-in-room` */
  roomOf(connection: C): RoomId {
    return this.#seatOf(connection).room.id;
  }

  /** The participant who sits there. @throws {Refusal} `not-in-room` */
  peerOf(connection: C): PeerId {
    return this.#seatOf(connection).member.peer;
  }

  snapshot(connection: C): Snapshot {
    return snapshotOf(this.#seatOf(connection).room);
  }

  /**
   * What to send to whom for one signal, or undefined when it repeats one that was already relayed.
   *
   * A receiver outside the sender's room cannot even be named: it is looked up among the sender's neighbours.
   * `to` is undefined while the receiver is away; its signals wait for it, within bounds.
   */
  relay(
    connection: C,
    { to, toEpoch, toPage, sequence, signal }: Payload<'signal:send'>,
    nowMs: number,
  ): { to: C | undefined; received: Received } | undefined {
    const sender = this.#seatOf(connection);
    const receiver = sender.room.seats.get(to);
    if (!receiver || receiver === sender) throw new Refusal('no-such-peer', 'no such peer in your room');
    if (toPage !== undefined && toPage !== receiver.member.page)
      throw new Refusal('stale-page', 'the peer has another page by now');
    if (toEpoch !== undefined && toEpoch !== receiver.member.epoch)
      throw new Refusal('stale-epoch', `the peer's epoch is ${receiver.member.epoch}`);
    const last = sender.sent.get(to) ?? 0;
    if (sequence !== undefined && sequence <= last) return undefined;
    const { peer, epoch, page } = sender.member;
    const received = { from: peer, fromEpoch: epoch, fromPage: page, sequence: sequence ?? last + 1, signal };
    this.#keep(receiver, received, nowMs);
    sender.sent.set(to, received.sequence);
    return { to: receiver.connection, received };
  }

  chat(
    connection: C,
    { text, id }: Payload<'chat:send'>,
    nowMs: number,
  ): { answer: Answer<'chat:send'>; actions: RoomAction<C>[] } {
    const { member, room } = this.#seatOf(connection);
    const known = id && room.chat.find((message) => message.id === id);
    if (known) {
      if (known.from !== member.peer) throw new Refusal('bad-request', 'the id belongs to another message');
      return { answer: { id: known.id, atMs: known.atMs }, actions: [] };
    }
    const message: ChatMessage = {
      id: id ?? MessageId.parse(newPeerId()),
      from: member.peer,
      name: member.name,
      text,
      atMs: nowMs,
    };
    room.chat.push(message);
    if (room.chat.length > limits.chatHistory) room.chat.shift();
    return {
      answer: { id: message.id, atMs: nowMs },
      actions: [{ do: 'tell', to: present(room), event: 'chat:received', payload: { message } }],
    };
  }

  setMedia(connection: C, media: MediaState): RoomAction<C>[] {
    const seat = this.#seatOf(connection);
    seat.member = { ...seat.member, media };
    const payload = { version: ++seat.room.version, peer: seat.member.peer, media };
    return [{ do: 'tell', to: present(seat.room), event: 'media:changed', payload }];
  }

  #seatOf(connection: C): Seat<C> {
    const seat = this.#seats.get(connection);
    if (!seat) throw new Refusal('not-in-room', 'this connection has no seat');
    return seat;
  }

  #joined(seat: Seat<C>, resumed: boolean, nowMs: number): Answer<'room:join'> {
    const { peer, epoch } = seat.member;
    return {
      self: seat.member,
      session: this.#sessions.issue(seat.room.id, peer, epoch),
      resumed,
      server: this.#sessions.server,
      restoringMs: Math.max(0, Math.ceil(this.#restoringUntilMs - nowMs)),
      graceMs: this.#rules.graceMs,
      seats: this.#rules.seats,
      rate: this.#rules.rate,
      snapshot: snapshotOf(seat.room),
    };
  }

  #sitDown(
    connection: C,
    { room: id, page, name }: Payload<'room:join'>,
    earlier: { peer: PeerId; epoch: Epoch } | undefined,
    nowMs: number,
    bot = false,
  ): Seat<C> {
    const existing = this.#rooms.get(id);
    if (!existing && this.#rooms.size >= this.#rules.maxRooms)
      throw new Refusal('too-many-rooms', `the server holds ${this.#rules.maxRooms} rooms`);
    if (existing && existing.seats.size >= this.#rules.seats)
      throw new Refusal('room-full', `the room has ${this.#rules.seats} seats`);
    const room = existing ?? { id, version: 0, seats: new Map(), chat: [] };
    const member: Member = {
      peer: earlier?.peer ?? newPeerId(),
      epoch: nextEpoch(earlier?.epoch ?? 0, nowMs),
      page,
      name: name ?? 'Guest',
      bot,
      away: false,
      media: SILENT,
      joinedAtMs: nowMs,
    };
    const seat: Seat<C> = {
      room,
      member,
      connection,
      awaySinceMs: 0,
      sent: new Map(),
      inbox: [],
      inboxCharacters: 0,
    };
    room.seats.set(member.peer, seat);
    room.version++;
    this.#rooms.set(id, room);
    this.#seats.set(connection, seat);
    return seat;
  }

  /** A participant returns to its seat, be it away or (a duplicated tab, a connection not yet known dead) taken. */
  #takeBack(
    seat: Seat<C>,
    connection: C,
    { page, name }: Payload<'room:join'>,
    lastEpoch: number,
    nowMs: number,
  ): RoomAction<C>[] {
    const actions: RoomAction<C>[] = [];
    if (seat.connection !== undefined) {
      actions.push({ do: 'end', connection: seat.connection, code: 'taken-over' });
      this.#seats.delete(seat.connection);
      this.#trim(seat, nowMs);
    }
    const samePage = seat.member.page === page;
    seat.member = {
      ...seat.member,
      epoch: nextEpoch(lastEpoch, nowMs),
      page,
      name: name ?? seat.member.name,
      away: false,
      media: samePage ? seat.member.media : SILENT,
    };
    this.#away.delete(seat);
    seat.connection = connection;
    this.#seats.set(connection, seat);
    const back = { version: ++seat.room.version, member: seat.member };
    actions.push({ do: 'tell', to: others(seat), event: 'peer:back', payload: back });
    if (samePage) actions.push(...this.#waiting(seat, connection));
    else {
      seat.sent.clear();
      dropOldest(seat, seat.inbox.length);
    }
    return actions;
  }

  /** What the returning page may have missed. It drops by sequence number what it has already had. */
  #waiting(seat: Seat<C>, connection: C): RoomAction<C>[] {
    return seat.inbox
      .map(({ received }) => received)
      .filter(({ from, fromPage }) => seat.room.seats.get(from)?.member.page === fromPage)
      .map((received) => ({ do: 'tell', to: [connection], event: 'signal:received', payload: received }));
  }

  #keep(receiver: Seat<C>, received: Received, nowMs: number): void {
    const { inbox } = receiver;
    const characters = length(received);
    const full = inbox.length >= INBOX_LENGTH || receiver.inboxCharacters + characters > INBOX_CHARACTERS;
    if (full && receiver.connection === undefined)
      throw new Refusal('peer-away', 'the peer is away and its inbox is full');
    // Half at a time: taking one from the front for each that comes would move all the others.
    if (full) dropOldest(receiver, Math.ceil(inbox.length / 2));
    inbox.push({ atMs: nowMs, characters, received });
    receiver.inboxCharacters += characters;
  }

  /** Lets go of what nobody will ask for again. */
  #trim(seat: Seat<C>, nowMs: number): void {
    const oldestMs = nowMs - this.#rules.keepMs;
    const kept = seat.inbox.findIndex(({ atMs }) => atMs >= oldestMs);
    dropOldest(seat, kept < 0 ? seat.inbox.length : kept);
  }

  #standUp(seat: Seat<C>, why: 'left' | 'timeout'): RoomAction<C>[] {
    const { room, member } = seat;
    if (seat.connection !== undefined) this.#seats.delete(seat.connection);
    this.#away.delete(seat);
    room.seats.delete(member.peer);
    if (room.seats.size === 0) {
      this.#rooms.delete(room.id);
      return [];
    }
    for (const other of room.seats.values()) other.sent.delete(member.peer);
    const payload = { version: ++room.version, peer: member.peer, why };
    const told: RoomAction<C> = { do: 'tell', to: present(room), event: 'peer:left', payload };
    return [told, ...this.#dismiss(room)];
  }

  /** A room is for people: a bot leaves with the last of them. */
  #dismiss(room: Room<C>): RoomAction<C>[] {
    const seats = [...room.seats.values()];
    if (!seats.every(({ member }) => member.bot)) return [];
    this.#rooms.delete(room.id);
    return seats.flatMap(({ connection }) => {
      if (connection === undefined) return [];
      this.#seats.delete(connection);
      return [{ do: 'dismiss', bot: connection }];
    });
  }
}

/** Greater than the last one, also across a restart: time goes on while the server is away. */
function nextEpoch(last: number, nowMs: number): Epoch {
  return Epoch.parse(Math.max(last + 1, Math.floor(nowMs)));
}

function snapshotOf<C>(room: Room<C>): Snapshot {
  return {
    version: room.version,
    members: [...room.seats.values()].map(({ member }) => member),
    chat: [...room.chat],
  };
}

function present<C>(room: Room<C>, except?: Seat<C>): C[] {
  const connections: C[] = [];
  for (const seat of room.seats.values())
    if (seat.connection !== undefined && seat !== except) connections.push(seat.connection);
  return connections;
}

function others<C>(seat: Seat<C>): C[] {
  return present(seat.room, seat);
}

function dropOldest<C>(seat: Seat<C>, count: number): void {
  for (const { characters } of seat.inbox.splice(0, count)) seat.inboxCharacters -= characters;
}

function length({ signal }: Received): number {
  return 'description' in signal ? signal.description.sdp.length : (signal.candidate?.candidate?.length ?? 0);
}
