import {
  type ChatMessage,
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
  type Routing,
  type Snapshot,
  type TopologyReason,
} from '../../src/protocol/signaling.ts';
import { topologies, type MiddleboxKind, type Topology } from '../../src/protocol/middlebox.ts';
import { Bucket, type Rate } from './bucket.ts';
import { Refusal } from './refusal.ts';
import {
  claimOf,
  dropOldest,
  INBOX_CHARACTERS,
  INBOX_LENGTH,
  isProvisional,
  length,
  lobbyFor,
  nameOfBot,
  nextEpoch,
  others,
  present,
  type Received,
  type Room,
  type Seat,
  SILENT,
  snapshotFor,
  successorOf,
} from './room.ts';
import { newPeerId, type RoomKind, type Session, type Sessions } from './sessions.ts';

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
  /** Seats of one meeting. */
  readonly meetingSeats: number;
  readonly maxRooms: number;
  /** What a connection may send; told to clients, kept by the bucket of the connection. */
  readonly rate: Rate;
  /** How many may sit in one room at each server in the middle that there is. */
  readonly middleboxSeats?: Readonly<Partial<Record<MiddleboxKind, number>>>;
}

/** What has to be done to the outside after a change. `C` is whatever stands for a connection. */
export type RoomAction<C> =
  | Tell<C>
  | { do: 'end'; connection: C; code: ErrorCode; message: string }
  /** A bot that nobody wants any more. */
  | { do: 'dismiss'; bot: C }
  /** A participant has left, or come back with another page: the connections that its page had are over. */
  | { do: 'disconnect'; peer: PeerId };
type Tell<C> = { [E in EventName]: { do: 'tell'; to: C[]; event: E; payload: EventPayload<E> } }[EventName];

/** A session token older than this is not restored, in milliseconds: a day. */
const OLDEST_SESSION_MS = 86_400_000;
/** Reactions of one member. */
const REACTIONS: Rate = { burst: 4, perSec: 1 };
/** So few need no server in the middle: two send each other no more in a mesh. */
const FEW = 2;
/** So long they are few before the topology changes by itself, in milliseconds: somebody may come back. */
const FEW_MS = 10_000;
/** How many who were removed are remembered; the oldest are forgotten. */
const REMOVED = 1_000;

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
  readonly #removed = new Set<PeerId>();
  /** Whether those who return from before a restart still get their ids. */
  #restoring = true;

  constructor(rules: RoomRules, sessions: Sessions, nowMs: number) {
    this.#rules = rules;
    this.#sessions = sessions;
    this.#restoringUntilMs = nowMs + rules.restoringMs;
  }

  get counts(): { rooms: number; peers: number; away: number } {
    const seats = [...this.#rooms.values()].flatMap((room) => [...room.seats.values()]);
    const away = seats.filter(({ member }) => member.away).length;
    return { rooms: this.#rooms.size, peers: seats.length, away };
  }

  /** Takes a seat: a new one, or with a session token the one it was issued for. With a lobby, a newcomer waits in it. */
  join(
    connection: C,
    payload: Payload<'room:join'>,
    nowMs: number,
  ): { answer: Answer<'room:join'>; actions: RoomAction<C>[] } {
    if (this.#seats.has(connection))
      throw new Refusal('already-in-room', 'this connection already has a seat');
    const kind: RoomKind = payload.kind ?? 'lab';
    const room = this.#rooms.get(payload.room);
    if (room && room.kind !== kind) throw new Refusal('other-kind', `this room is a ${room.kind}’s`);
    const session = payload.session && this.#sessions.read(payload.session);
    const ours = session?.room === payload.room && session.kind === kind ? session : undefined;
    if (ours && this.#removed.has(ours.peer)) throw new Refusal('removed', 'the host has removed you');
    const held = ours && (room?.seats.get(ours.peer) ?? room?.lobby.get(ours.peer));
    if (ours && held) {
      const lastEpoch = Math.max(ours.epoch, held.member.epoch);
      const actions = this.#takeBack(held, connection, payload, lastEpoch, nowMs);
      return { answer: this.#joined(held, true, nowMs), actions };
    }
    const restored =
      ours !== undefined &&
      ours.server !== this.#sessions.server &&
      nowMs < this.#restoringUntilMs &&
      nowMs - ours.epoch < OLDEST_SESSION_MS;
    const earlier = restored ? ours : undefined;
    const seat = this.#sitDown(connection, { ...payload, kind, earlier, was: ours }, nowMs);
    const actions = seat.admitted ? this.#welcome(seat, earlier, nowMs) : this.#tellLobby(seat.room);
    return { answer: this.#joined(seat, restored, nowMs), actions };
  }

  /**
   * Whether the member may have so many bots more in its room.
   *
   * @returns where the media of a bot go; undefined: to whoever makes it an offer
   * @throws {Refusal} `bot-present`, `too-many-bots`, `room-full`, `middlebox-unavailable`, `middlebox-full`
   */
  mayInvite(connection: C, { count = 1, for: asked }: Payload<'bot:invite'> = {}): MiddleboxKind | undefined {
    const { room } = this.#memberOf(connection);
    const { topology } = room.routing;
    const bots = [...room.seats.values()].filter(({ member }) => member.bot).length;
    if (room.kind === 'meeting' && asked && asked !== topology)
      throw new Refusal('bad-request', 'for: the bots of a meeting follow its topology');
    const kind = room.kind === 'lab' ? asked : topology === 'mesh' ? undefined : topology;
    if (room.kind === 'lab' && !kind && bots + count > 1)
      throw new Refusal('bot-present', 'a bot sits in this room already, and there is room for one');
    if (kind && this.#seatsAt(kind) === 0)
      throw new Refusal('middlebox-unavailable', `this server has no ${nameOf(kind)}`);
    const most = kind ? limits.ghosts : limits.meetingBots;
    if (bots + count > most) throw new Refusal('too-many-bots', `there may be ${most} bots at most`);
    if (kind && bots + count > this.#seatsAt(kind))
      throw new Refusal('middlebox-full', `the ${nameOf(kind)} has ${this.#seatsAt(kind)} seats`);
    this.#needSeat(room, count);
    return kind;
  }

  /** Gives a bot a seat in the room of the member who invites it. @throws {Refusal} as {@link mayInvite} */
  invite(
    connection: C,
    bot: C,
    page: PageId,
    nowMs: number,
    payload: Payload<'bot:invite'> = {},
  ): { answer: Member; kind: MiddleboxKind | undefined; actions: RoomAction<C>[] } {
    const goes = this.mayInvite(connection, payload.for ? { for: payload.for } : {});
    const { room, member } = this.#memberOf(connection);
    const name = nameOfBot(room, room.kind === 'meeting' || goes !== undefined);
    const asked = { room: room.id, page, name, kind: room.kind, invitedBy: member.peer };
    const seat = this.#sitDown(bot, asked, nowMs);
    return { answer: seat.member, kind: goes, actions: this.#welcome(seat, undefined, nowMs) };
  }

  /** Sends a bot away. @throws {Refusal} `not-host` for others than the host and whoever has invited it */
  dismissBot(connection: C, { peer }: Payload<'bot:dismiss'>, nowMs: number): RoomAction<C>[] {
    const seat = this.#memberOf(connection);
    const bot = seat.room.seats.get(peer);
    if (!bot?.member.bot) throw new Refusal('no-such-peer', 'no such bot in your room');
    if (bot.invitedBy !== seat.member.peer && seat.room.host !== seat)
      throw new Refusal('not-host', 'somebody else has invited this bot');
    return this.#sendAway(bot, 'left', nowMs);
  }

  /** Gives the seat back. */
  leave(connection: C, nowMs: number): RoomAction<C>[] {
    return this.#standUp(this.#seatOf(connection), 'left', nowMs);
  }

  /** The connection is gone. Its seat, if it has one, is kept for the grace period. */
  lost(connection: C, nowMs: number): RoomAction<C>[] {
    const seat = this.#seats.get(connection);
    if (!seat) return [];
    if (this.#rules.graceMs === 0) return this.#standUp(seat, 'timeout', nowMs);
    this.#seats.delete(connection);
    this.#away.add(seat);
    seat.connection = undefined;
    seat.awaySinceMs = nowMs;
    this.#trim(seat, nowMs);
    seat.member = { ...seat.member, away: true };
    if (!seat.admitted) return [];
    const payload = { version: ++seat.room.version, peer: seat.member.peer };
    return [{ do: 'tell', to: present(seat.room), event: 'peer:away', payload }];
  }

  /** Lets the time pass: seats whose grace period is over are given free. */
  tick(nowMs: number): RoomAction<C>[] {
    for (const seat of this.#seats.values()) if (seat.inbox.length > 0) this.#trim(seat, nowMs);
    const over = [...this.#away].filter((seat) => nowMs - seat.awaySinceMs >= this.#rules.graceMs);
    const actions = over.flatMap((seat) => this.#standUp(seat, 'timeout', nowMs));
    if (this.#restoring && nowMs >= this.#restoringUntilMs) {
      this.#restoring = false;
      for (const room of this.#rooms.values()) actions.push(...this.#settle(room, nowMs));
    }
    for (const room of this.#rooms.values()) actions.push(...this.#ease(room, nowMs));
    return actions;
  }

  /** Whether anybody has a seat in a room. */
  has(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  /** The room of a member. @throws {Refusal} `not-in-room` */
  roomOf(connection: C): RoomId {
    return this.#memberOf(connection).room.id;
  }

  /** The participant who sits there. @throws {Refusal} `not-in-room` */
  peerOf(connection: C): PeerId {
    return this.#memberOf(connection).member.peer;
  }

  /** Whether it has a seat in the room itself, not in its lobby. */
  isMember(connection: C): boolean {
    return this.#seats.get(connection)?.admitted === true;
  }

  /** As the others know it. @throws {Refusal} `not-in-room`, `in-lobby` */
  memberAt(connection: C): Member {
    return this.#memberOf(connection).member;
  }

  /** The room of its host. @throws {Refusal} `not-host`, and of whoever is in no meeting */
  hostedBy(connection: C): RoomId {
    return this.#hosting(connection).room.id;
  }

  /** How the recording of a mix comes along, for all who are there. */
  tellRecording(id: RoomId, payload: EventPayload<'mix:recording'>): RoomAction<C>[] {
    const room = this.#rooms.get(id);
    return room ? [{ do: 'tell', to: present(room), event: 'mix:recording', payload }] : [];
  }

  /** The present connection of a member; undefined while it is away, or has left. */
  connectionOf(id: RoomId, peer: PeerId): C | undefined {
    return this.#rooms.get(id)?.seats.get(peer)?.connection;
  }

  snapshot(connection: C): Snapshot {
    return snapshotFor(this.#seatOf(connection));
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
    const sender = this.#memberOf(connection);
    const receiver = neighbour(sender, to);
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
    const { member, room } = this.#memberOf(connection);
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
    const seat = this.#memberOf(connection);
    seat.member = { ...seat.member, media };
    const payload = { version: ++seat.room.version, peer: seat.member.peer, media };
    return [{ do: 'tell', to: present(seat.room), event: 'media:changed', payload }];
  }

  rename(connection: C, { name }: Payload<'member:rename'>): RoomAction<C>[] {
    const seat = this.#seatOf(connection);
    if (name === seat.member.name) return [];
    seat.member = { ...seat.member, name };
    return seat.admitted ? this.#tellChanged(seat) : this.#tellLobby(seat.room);
  }

  setHand(connection: C, { up }: Payload<'member:hand'>, nowMs: number): RoomAction<C>[] {
    return this.#turnHand(this.#inMeeting(connection), up, nowMs);
  }

  react(connection: C, { reaction }: Payload<'member:react'>, nowMs: number): RoomAction<C>[] {
    const seat = this.#inMeeting(connection);
    if (!seat.reactions.take(nowMs)) throw new Refusal('rate-limited', 'more than one reaction a second');
    const payload = { peer: seat.member.peer, reaction };
    return [{ do: 'tell', to: present(seat.room), event: 'member:reacted', payload }];
  }

  /** Asks newcomers to wait from now on, or lets in all who wait. */
  setLobby(connection: C, { on }: Payload<'host:lobby'>, nowMs: number): RoomAction<C>[] {
    const { room } = this.#hosting(connection);
    if (room.lobbyOn === on) return [];
    room.lobbyOn = on;
    const actions = on ? this.#tellLobby(room) : this.#openDoors(room, nowMs);
    // Whoever returns first after a restart knows by it whether newcomers have to wait.
    return [...actions, ...[...room.seats.values()].flatMap((seat) => this.#renew(seat))];
  }

  /** Chooses how media travel. @throws {Refusal} `not-host`, `middlebox-unavailable`, `middlebox-full` */
  setTopology(
    connection: C,
    { topology, auto, why }: Payload<'host:topology'>,
    nowMs: number,
  ): RoomAction<C>[] {
    const { room } = this.#hosting(connection);
    const most = this.#seatsAt(topology);
    if (most === 0) throw new Refusal('middlebox-unavailable', `this server has no ${nameOf(topology)}`);
    if (room.seats.size > most)
      throw new Refusal('middlebox-full', `the ${nameOf(topology)} has ${most} seats for a meeting`);
    return this.#route(room, { topology, auto }, topology === 'mesh' ? (why ?? 'host') : 'host', nowMs);
  }

  /** A mesh costs somebody's page too much: the SFU takes over, where it may and has the seats. */
  strain(connection: C, nowMs: number): RoomAction<C>[] {
    const { room, member } = this.#inMeeting(connection);
    const { topology, auto } = room.routing;
    const helps = room.seats.size > FEW && room.seats.size <= this.#seatsAt('sfu');
    if (!auto || topology !== 'mesh' || !helps) return [];
    return this.#route(room, { topology: 'sfu', auto }, 'strain', nowMs, member.peer);
  }

  /** A server in the middle is not there any more: its meeting goes on as a mesh. */
  withoutMiddlebox(id: RoomId, kind: MiddleboxKind, nowMs: number): RoomAction<C>[] {
    const room = this.#rooms.get(id);
    if (room?.routing.topology !== kind) return [];
    // By itself it would go there again.
    return this.#route(room, { topology: 'mesh', auto: false }, 'unavailable', nowMs);
  }

  admit(connection: C, { peer }: Payload<'host:admit'>, nowMs: number): RoomAction<C>[] {
    const { room } = this.#hosting(connection);
    const seat = waitingIn(room, peer);
    this.#needSeat(room);
    return [...this.#letIn(seat, nowMs), ...this.#tellLobby(room)];
  }

  turnAway(connection: C, { peer }: Payload<'host:refuse'>): RoomAction<C>[] {
    const { room } = this.#hosting(connection);
    const seat = waitingIn(room, peer);
    return [
      ...this.#endWaiting(seat, 'turned-away', 'the host has not let you in'),
      ...this.#tellLobby(room),
    ];
  }

  /** Makes another person the host. @throws {Refusal} `peer-away`: nobody would be there to be it */
  pass(connection: C, { peer }: Payload<'host:pass'>, nowMs: number): RoomAction<C>[] {
    const host = this.#hosting(connection);
    const seat = neighbour(host, peer);
    if (seat.member.bot) throw new Refusal('no-such-peer', 'a bot cannot be host');
    if (seat.member.away) throw new Refusal('peer-away', 'the peer is away');
    return this.#makeHost(seat, this.#hostSince(seat, nowMs));
  }

  takeHandDown(connection: C, { peer }: Payload<'host:hand-down'>, nowMs: number): RoomAction<C>[] {
    const host = this.#hosting(connection);
    const seat = host.room.seats.get(peer);
    if (!seat) throw new Refusal('no-such-peer', 'no such peer in your room');
    return this.#turnHand(seat, false, nowMs);
  }

  /** Whom to ask to mute themselves; those who are away are asked when they return. */
  mute(connection: C, { peer }: Payload<'host:mute'>): RoomAction<C>[] {
    const host = this.#hosting(connection);
    const by = host.member.peer;
    const asked = peer === null ? [...host.room.seats.values()] : [neighbour(host, peer)];
    const to: C[] = [];
    for (const seat of asked) {
      if (seat === host) continue;
      if (seat.connection === undefined) seat.mutedBy = by;
      else to.push(seat.connection);
    }
    return [{ do: 'tell', to, event: 'host:muted', payload: { by } }];
  }

  /** Ends somebody's part. Its token is worth nothing from now on. */
  remove(connection: C, { peer }: Payload<'host:remove'>, nowMs: number): RoomAction<C>[] {
    const seat = neighbour(this.#hosting(connection), peer);
    if (!seat.member.bot) this.#removed.add(peer);
    const [oldest] = this.#removed;
    if (this.#removed.size > REMOVED && oldest) this.#removed.delete(oldest);
    return this.#sendAway(seat, 'removed', nowMs);
  }

  /** Member or waiting. */
  #seatOf(connection: C): Seat<C> {
    const seat = this.#seats.get(connection);
    if (!seat) throw new Refusal('not-in-room', 'this connection has no seat');
    return seat;
  }

  #memberOf(connection: C): Seat<C> {
    const seat = this.#seatOf(connection);
    if (!seat.admitted) throw new Refusal('in-lobby', 'the host has not let you in yet');
    return seat;
  }

  #inMeeting(connection: C): Seat<C> {
    const seat = this.#memberOf(connection);
    if (seat.room.kind !== 'meeting') throw new Refusal('other-kind', 'this room is no meeting');
    return seat;
  }

  #hosting(connection: C): Seat<C> {
    const seat = this.#inMeeting(connection);
    if (seat.room.host !== seat) throw new Refusal('not-host', 'you are not the host');
    return seat;
  }

  #seatsOf(kind: RoomKind): number {
    return kind === 'meeting' ? this.#rules.meetingSeats : this.#rules.seats;
  }

  /** How many may take part so; 0 where this server does not do it. */
  #seatsAt(topology: Topology): number {
    return topology === 'mesh' ? Infinity : (this.#rules.middleboxSeats?.[topology] ?? 0);
  }

  #needSeat({ kind, seats, routing: { topology } }: Room<C>, count = 1): void {
    const most = this.#seatsOf(kind);
    if (seats.size + count > most)
      throw new Refusal('room-full', `the ${kind === 'lab' ? 'room' : kind} has ${most} seats`);
    const taking = this.#seatsAt(topology);
    if (seats.size + count > taking)
      throw new Refusal('middlebox-full', `the ${nameOf(topology)} has ${taking} seats for a meeting`);
  }

  /** Media travel like that from now on. @param by for whose page a mesh was too much */
  #route(room: Room<C>, routing: Routing, why: TopologyReason, nowMs: number, by?: PeerId): RoomAction<C>[] {
    const { topology, auto } = room.routing;
    if (topology === routing.topology && auto === routing.auto) return [];
    room.routing = routing;
    room.routingSinceMs = Math.max(room.routingSinceMs + 1, nowMs);
    return this.#tellRouting(room, why, by);
  }

  #tellRouting(room: Room<C>, why: TopologyReason, by?: PeerId): RoomAction<C>[] {
    room.fewSinceMs = undefined;
    const payload = { version: ++room.version, ...room.routing, why, ...(by && { by }) };
    return [
      { do: 'tell', to: present(room), event: 'topology:changed', payload },
      // Whoever returns first after a restart brings it back.
      ...[...room.seats.values()].flatMap((seat) => this.#renew(seat)),
    ];
  }

  /** Back to a mesh, when few are left and nobody has come for a while. */
  #ease(room: Room<C>, nowMs: number): RoomAction<C>[] {
    const { topology, auto } = room.routing;
    if (!auto || topology === 'mesh' || room.seats.size > FEW) room.fewSinceMs = undefined;
    else room.fewSinceMs ??= nowMs;
    if (room.fewSinceMs === undefined || nowMs - room.fewSinceMs < FEW_MS) return [];
    return this.#route(room, { topology: 'mesh', auto }, 'few', nowMs);
  }

  #issue({ room, member, admitted }: Seat<C>): Answer<'room:join'>['session'] {
    return this.#sessions.issue(room.id, member.peer, member.epoch, {
      kind: room.kind,
      admitted,
      lobbyOn: room.lobbyOn,
      hostSinceMs: member.role === 'host' && !isProvisional(room) ? room.hostSinceMs : 0,
      joinedAtMs: member.joinedAtMs,
      ...room.routing,
      topologySinceMs: room.routingSinceMs,
    });
  }

  #joined(seat: Seat<C>, resumed: boolean, nowMs: number): Answer<'room:join'> {
    return {
      self: seat.member,
      session: this.#issue(seat),
      admitted: seat.admitted,
      resumed,
      server: this.#sessions.server,
      restoringMs: Math.max(0, Math.ceil(this.#restoringUntilMs - nowMs)),
      graceMs: this.#rules.graceMs,
      seats: this.#seatsOf(seat.room.kind),
      topologies: topologies.filter((topology) => this.#seatsAt(topology) > 0),
      rate: this.#rules.rate,
      snapshot: snapshotFor(seat),
    };
  }

  /**
   * A new seat, in the room or in its lobby.
   *
   * @param earlier the seat from before a restart of the server, which it continues
   * @param was the session of a seat that is no more: whoever was let in is not asked again
   */
  #sitDown(
    connection: C,
    {
      room: id,
      page,
      name,
      kind,
      earlier,
      was,
      invitedBy,
    }: Pick<Payload<'room:join'>, 'room' | 'page' | 'name'> & {
      kind: RoomKind;
      earlier?: Session | undefined;
      was?: Session | undefined;
      invitedBy?: PeerId;
    },
    nowMs: number,
  ): Seat<C> {
    const existing = this.#rooms.get(id);
    if (!existing && this.#rooms.size >= this.#rules.maxRooms)
      throw new Refusal('too-many-rooms', `the server holds ${this.#rules.maxRooms} rooms`);
    const room: Room<C> = existing ?? {
      id,
      kind,
      openedAtMs: nowMs,
      version: 0,
      seats: new Map(),
      lobby: new Map(),
      lobbyOn: earlier?.lobbyOn ?? false,
      host: undefined,
      hostSinceMs: 0,
      chat: [],
      routing: { topology: 'mesh', auto: false },
      routingSinceMs: 0,
      fewSinceMs: undefined,
    };
    this.#needSeat(room);
    const proven = earlier ? earlier.admitted : was?.admitted === true && was.epoch >= room.openedAtMs;
    const admitted = !room.lobbyOn || proven || invitedBy !== undefined;
    if (!admitted && room.lobby.size >= limits.waiting)
      throw new Refusal('room-full', `${limits.waiting} people wait to be let in already`);
    const seat: Seat<C> = {
      room,
      member: {
        peer: earlier?.peer ?? newPeerId(),
        epoch: nextEpoch(earlier?.epoch ?? 0, nowMs),
        page,
        name: name ?? 'Guest',
        bot: invitedBy !== undefined,
        away: false,
        role: 'guest',
        handAtMs: null,
        media: SILENT,
        joinedAtMs: earlier?.joinedAtMs ?? nowMs,
      },
      admitted,
      connection,
      awaySinceMs: 0,
      claim: claimOf(earlier),
      invitedBy,
      mutedBy: undefined,
      reactions: new Bucket(REACTIONS, nowMs),
      sent: new Map(),
      inbox: [],
      inboxCharacters: 0,
    };
    this.#rooms.set(id, room);
    this.#seats.set(connection, seat);
    if (admitted) this.#enter(seat, nowMs);
    else room.lobby.set(seat.member.peer, seat);
    return seat;
  }

  /** Among the members. Nobody is told yet. */
  #enter(seat: Seat<C>, nowMs: number): void {
    const { room } = seat;
    room.seats.set(seat.member.peer, seat);
    room.version++;
    if (room.kind === 'lab' || room.host || seat.member.bot) return;
    seat.member = { ...seat.member, role: 'host' };
    room.host = seat;
    room.hostSinceMs = this.#hostSince(seat, nowMs);
  }

  /** Tells the others of a new member, and makes it host if its claim is better than that of whoever is meanwhile. */
  #welcome(seat: Seat<C>, earlier: Session | undefined, nowMs: number): RoomAction<C>[] {
    const { room } = seat;
    // The others may still hold a restored member from before the restart: to them it is back, not new.
    const event = earlier ? 'peer:back' : 'peer:joined';
    const payload = { version: room.version, member: seat.member };
    const actions: RoomAction<C>[] = [{ do: 'tell', to: others(seat), event, payload }];
    if (earlier) actions.push(...this.#restoreRouting(room, earlier));
    if (!earlier || room.kind === 'lab' || room.host === seat || seat.claim <= room.hostSinceMs)
      return actions;
    const opens = room.lobbyOn && !earlier.lobbyOn;
    room.lobbyOn = earlier.lobbyOn;
    actions.push(...this.#makeHost(seat, seat.claim));
    if (opens) actions.push(...this.#openDoors(room, nowMs));
    return actions;
  }

  /** What was chosen last before the restart, whoever brings it. */
  #restoreRouting(room: Room<C>, { topology, auto, topologySinceMs }: Session): RoomAction<C>[] {
    if (room.kind === 'lab' || topologySinceMs <= room.routingSinceMs) return [];
    room.routingSinceMs = topologySinceMs;
    const isOffered = room.seats.size <= this.#seatsAt(topology);
    const routing: Routing = isOffered ? { topology, auto } : { topology: 'mesh', auto: false };
    if (routing.topology === room.routing.topology && routing.auto === room.routing.auto) return [];
    room.routing = routing;
    return this.#tellRouting(room, isOffered ? 'host' : 'unavailable');
  }

  /** When its time as host begins: while the true host may still return, with its claim only. */
  #hostSince(seat: Seat<C>, nowMs: number): number {
    if (nowMs < this.#restoringUntilMs && isProvisional(seat.room)) return seat.claim;
    return Math.max(seat.room.hostSinceMs + 1, nowMs);
  }

  #makeHost(seat: Seat<C>, sinceMs: number): RoomAction<C>[] {
    const { room } = seat;
    const before = room.host;
    if (before === seat) return [];
    if (before) before.member = { ...before.member, role: 'guest' };
    seat.member = { ...seat.member, role: 'host' };
    room.host = seat;
    room.hostSinceMs = sinceMs;
    const payload = { version: ++room.version, peer: seat.member.peer };
    return [
      { do: 'tell', to: present(room), event: 'host:changed', payload },
      ...(before ? this.#renew(before) : []),
      ...this.#renew(seat),
      ...(room.lobbyOn ? this.#tellLobby(room) : []),
    ];
  }

  /** The time is over in which the true host could return: whoever is host now is the true one. */
  #settle(room: Room<C>, nowMs: number): RoomAction<C>[] {
    if (room.kind === 'lab') return [];
    if (!room.host) return this.#closeIfEmpty(room, nowMs);
    if (!isProvisional(room)) return [];
    room.hostSinceMs = nowMs;
    return this.#renew(room.host);
  }

  #renew(seat: Seat<C>): RoomAction<C>[] {
    if (seat.connection === undefined) return [];
    const payload = { session: this.#issue(seat) };
    return [{ do: 'tell', to: [seat.connection], event: 'session:renewed', payload }];
  }

  /** Of the roster for everybody, so that no client misses it; with the names for the host. */
  #tellLobby(room: Room<C>): RoomAction<C>[] {
    const { host } = room;
    if (!host) return [];
    const payload = { version: ++room.version, on: room.lobbyOn, waiting: [] };
    const told: RoomAction<C> = { do: 'tell', to: others(host), event: 'lobby:changed', payload };
    if (host.connection === undefined) return [told];
    const whole = { ...payload, ...lobbyFor(host) };
    return [told, { do: 'tell', to: [host.connection], event: 'lobby:changed', payload: whole }];
  }

  #tellChanged(seat: Seat<C>): RoomAction<C>[] {
    const payload = { version: ++seat.room.version, member: seat.member };
    return [{ do: 'tell', to: present(seat.room), event: 'member:changed', payload }];
  }

  #turnHand(seat: Seat<C>, up: boolean, nowMs: number): RoomAction<C>[] {
    if (up === (seat.member.handAtMs !== null)) return [];
    seat.member = { ...seat.member, handAtMs: up ? nowMs : null };
    return this.#tellChanged(seat);
  }

  /** From the lobby into the room: it joins now, so those who were there have been there longer. */
  #letIn(seat: Seat<C>, nowMs: number): RoomAction<C>[] {
    const { room } = seat;
    room.lobby.delete(seat.member.peer);
    seat.admitted = true;
    seat.member = { ...seat.member, joinedAtMs: nowMs };
    this.#enter(seat, nowMs);
    const actions = this.#welcome(seat, undefined, nowMs);
    if (seat.connection !== undefined)
      actions.push({
        do: 'tell',
        to: [seat.connection],
        event: 'room:admitted',
        payload: { self: seat.member, session: this.#issue(seat), snapshot: snapshotFor(seat) },
      });
    return actions;
  }

  /** All who wait come in, as far as there are seats. */
  #openDoors(room: Room<C>, nowMs: number): RoomAction<C>[] {
    const most = this.#seatsOf(room.kind);
    const actions = [...room.lobby.values()].flatMap((seat) =>
      room.seats.size < most
        ? this.#letIn(seat, nowMs)
        : this.#endWaiting(seat, 'room-full', `the ${room.kind} has ${most} seats`),
    );
    return [...actions, ...this.#tellLobby(room)];
  }

  /** Somebody in the lobby waits no more. */
  #endWaiting(seat: Seat<C>, code: ErrorCode, message: string): RoomAction<C>[] {
    const { connection } = seat;
    this.#vacate(seat);
    seat.room.lobby.delete(seat.member.peer);
    return connection === undefined ? [] : [{ do: 'end', connection, code, message }];
  }

  /** Somebody's seat is taken from it: of a bot that is sent away, of a member that is removed. */
  #sendAway(seat: Seat<C>, why: 'left' | 'removed', nowMs: number): RoomAction<C>[] {
    const { connection } = seat;
    const actions = this.#standUp(seat, why, nowMs);
    if (connection === undefined) return actions;
    const end: RoomAction<C> = seat.member.bot
      ? { do: 'dismiss', bot: connection }
      : { do: 'end', connection, code: 'removed', message: 'the host has removed you' };
    return [end, ...actions];
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
      const message = 'the participant goes on in another connection';
      actions.push({ do: 'end', connection: seat.connection, code: 'taken-over', message });
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
    if (!seat.admitted) return [...actions, ...this.#tellLobby(seat.room)];
    const back = { version: ++seat.room.version, member: seat.member };
    actions.push({ do: 'tell', to: others(seat), event: 'peer:back', payload: back });
    const by = seat.mutedBy;
    seat.mutedBy = undefined;
    if (samePage) {
      actions.push(...this.#waiting(seat, connection));
      if (by) actions.push({ do: 'tell', to: [connection], event: 'host:muted', payload: { by } });
    } else {
      seat.sent.clear();
      dropOldest(seat, seat.inbox.length);
      actions.push({ do: 'disconnect', peer: seat.member.peer });
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

  /** Neither a connection nor an absence belongs to the seat any more. */
  #vacate(seat: Seat<C>): void {
    if (seat.connection !== undefined) this.#seats.delete(seat.connection);
    seat.connection = undefined;
    this.#away.delete(seat);
  }

  #standUp(seat: Seat<C>, why: 'left' | 'timeout' | 'removed', nowMs: number): RoomAction<C>[] {
    const { room, member } = seat;
    this.#vacate(seat);
    if (room.lobby.delete(member.peer)) return [...this.#tellLobby(room), ...this.#closeIfEmpty(room, nowMs)];
    const actions: RoomAction<C>[] = [{ do: 'disconnect', peer: member.peer }];
    if (room.host === seat) {
      // The next one before the last one goes: nobody sees a meeting without a host.
      const next = successorOf(seat);
      if (next) actions.push(...this.#makeHost(next, this.#hostSince(next, nowMs)));
      else room.host = undefined;
    }
    room.seats.delete(member.peer);
    for (const other of room.seats.values()) other.sent.delete(member.peer);
    const payload = { version: ++room.version, peer: member.peer, why };
    if (room.seats.size > 0) actions.push({ do: 'tell', to: present(room), event: 'peer:left', payload });
    return [...actions, ...this.#closeIfEmpty(room, nowMs)];
  }

  /** A room is for people: with the last of them the bots leave, and nobody is left to let others in. */
  #closeIfEmpty(room: Room<C>, nowMs: number): RoomAction<C>[] {
    const seats = [...room.seats.values()];
    if (!seats.every(({ member }) => member.bot)) return [];
    const actions: RoomAction<C>[] = seats.flatMap((seat) => {
      const { connection } = seat;
      this.#vacate(seat);
      room.seats.delete(seat.member.peer);
      const gone: RoomAction<C> = { do: 'disconnect', peer: seat.member.peer };
      return connection === undefined ? [gone] : [gone, { do: 'dismiss', bot: connection }];
    });
    // After a restart those who were let in before may still come, and who knocked has come first.
    if (nowMs < this.#restoringUntilMs && room.lobby.size > 0) return actions;
    this.#rooms.delete(room.id);
    const waiting = [...room.lobby.values()];
    return [
      ...actions,
      ...waiting.flatMap((seat) => this.#endWaiting(seat, 'turned-away', 'everybody has left the meeting')),
    ];
  }
}

const nameOf = (topology: Topology): string => (topology === 'mcu' ? 'mixer' : 'SFU');

function waitingIn<C>(room: Room<C>, peer: PeerId): Seat<C> {
  const seat = room.lobby.get(peer);
  if (!seat) throw new Refusal('no-such-peer', 'nobody with that id waits');
  return seat;
}

/** Another member of one's own room. */
function neighbour<C>(seat: Seat<C>, peer: PeerId): Seat<C> {
  const other = seat.room.seats.get(peer);
  if (!other || other === seat) throw new Refusal('no-such-peer', 'no such peer in your room');
  return other;
}
