import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import type { MiddleboxKind } from '../../src/protocol/middlebox.ts';
import {
  type Answer,
  type ClientToServer,
  type ErrorCode,
  type EventPayload,
  type FoundPlace,
  type Member,
  type Payload,
  type Reply,
  type RequestName,
  requests,
  type RoomId,
  type ServerToClient,
} from '../../src/protocol/signaling.ts';
import type { BroadcastTokens } from '../broadcast/tokens.ts';
import { type Bot, type BotHandlers, type BotRules, Bots } from '../bot/bots.ts';
import { clipOf } from '../bot/clip.ts';
import { plainAddress } from '../stun-turn/addresses.ts';
import type { StunByHand } from '../stun-turn/by-hand.ts';
import { Seats, type Middleboxes, type Sitter } from '../middlebox/seats.ts';
import type { Classroom, LearnersProcess } from '../classroom/classroom.ts';
import type { Forwarding, Stage } from '../classroom/forwarding.ts';
import type { IceServers } from '../stun-turn/ice-servers.ts';
import type { Viewer, Wire } from '../stun-turn/wire.ts';
import type { LossyWire } from '../stun-turn/lossy-wire.ts';
import { Bucket } from './bucket.ts';
import { Codes } from './codes.ts';
import { textParser } from './encoder.ts';
import { Refusal } from './refusal.ts';
import { type RoomAction, type RoomRules, Rooms } from './rooms.ts';
import { Sessions } from './sessions.ts';
import { batchWrites, EagerWebSocketServer } from './write-together.ts';

export interface SignalingConfig extends Omit<RoomRules, 'keepMs' | 'middleboxSeats'> {
  /** Secret of the session tokens, at least 32 characters. */
  readonly sessionSecret: string;
  /** How often a connection is asked whether it lives, and how long it has to answer, in milliseconds. */
  readonly pingMs: number;
  readonly socketsPerAddress: number;
  readonly bots: BotRules;
}

export interface SignalingDeps {
  readonly log: Logger;
  /** Milliseconds since 1970, of a clock that does not go back. */
  readonly now: () => number;
  /** Whether a browser's page may connect (its Origin) under the name it used (its Host). */
  readonly allows: (request: IncomingMessage) => boolean;
  readonly iceServers: IceServers;
  /** What crosses the embedded STUN and TURN server; left out where there is none. */
  readonly wire?: Wire | undefined;
  /** Where the packets that we relay can be impaired; undefined where somebody else relays. */
  readonly lossyWire: LossyWire | undefined;
  /** STUN servers that pages play; undefined where there is no STUN server of ours. */
  readonly byHand: StunByHand | undefined;
  /** Where learners' servers run. */
  readonly classroom: Classroom;
  /** Where learners' forwarders have their connections. */
  readonly forwarding: Forwarding;
  /** Through which media can go instead of straight from page to page. */
  readonly middleboxes: Middleboxes;
  /** Signs who may publish and watch broadcasts; undefined where there are none. */
  readonly broadcastTokens: BroadcastTokens | undefined;
}

export interface Signaling {
  readonly counts: Rooms<unknown>['counts'];
  readonly bots: Bots['health'];
  /** Whether anybody is in a room. */
  has(room: RoomId): boolean;
  /** Where a room code leads, as a reply. @param from the address that asks */
  find(code: string, from: string): Reply<z.infer<typeof FoundPlace>>;
  /** Ends every connection so that the clients come back to the next server. */
  close(): void;
}

/** What a member can hold besides its seat. */
type Holding = 'watch' | 'tables' | 'impair' | 'play' | 'classroom' | 'stage';
type Connection = Socket<ClientToServer, ServerToClient>;
/** Whoever sits in a room: a person's connection, or a bot. */
type Participant = Connection | Bot;
type Outcome<T> = { answer: T; actions?: RoomAction<Participant>[] };
type Handlers = {
  [N in RequestName]: (
    connection: Connection,
    payload: Payload<N>,
    nowMs: number,
  ) => Outcome<Answer<N>> | Promise<Outcome<Answer<N>>>;
};

/** The largest SDP with its envelope, escaped as JSON. A longer frame costs the sender its connection. */
const MAX_FRAME_BYTES = 300_000;
/** How often the forward tables are told to those who watch, in milliseconds. */
const TABLES_MS = 1_000;
/** Refusals for haste before a connection is ended: a client that waits as told never gets there. */
const PATIENCE = { burst: 1_000, perSec: 10 };
/** How long a room code holds after a page has asked for it. */
const CODE_LIFETIME_MS = 2 * 3_600_000;
/** Bots that are invited, by all connections together: each one may start a thread. A class of ghosts comes at once. */
const INVITATIONS = { burst: 32, perSec: 2 };
/** What a bot of a meeting sends. */
const PLAYS = { muted: false, camera: true, screen: false, recording: false };
/** Learners' servers, likewise: each one starts a process. */
const CLASSROOM_STARTS = { burst: 20, perSec: 1 };
/** Bytes that wait for a page which does not read what its own learner's server says. */
const MAX_UNREAD_BYTES = 4_000_000;

/**
 * Puts the rules of {@link Rooms} on Socket.IO connections of an HTTP server.
 *
 * Socket.IO's own rooms are not used: they share one namespace with socket ids, so that whoever names a room
 * like another's id receives its messages. See docs/why-rooms-of-our-own.md.
 */
export function attachSignaling(
  http: HttpServer | HttpsServer,
  config: SignalingConfig,
  deps: SignalingDeps,
): Signaling {
  const { log, now } = deps;
  const sessions = new Sessions(config.sessionSecret);
  const seats = new Seats(deps.middleboxes, {
    tell: (room, peer, event, payload) => {
      const connection = rooms.connectionOf(room, peer) as Connection | undefined;
      // The event and its payload are paired by the type of the call; a generic one is too much for tsc.
      (connection?.emit as ((name: string, told: unknown) => void) | undefined)?.call(
        connection,
        event,
        payload,
      );
      return connection !== undefined;
    },
  });
  const rules = { ...config, keepMs: 2 * config.pingMs + 1_000, middleboxSeats: seats.perRoom };
  const rooms = new Rooms<Participant>(rules, sessions, now());
  const codes = new Codes({ max: config.maxRooms, lifetimeMs: CODE_LIFETIME_MS }, now());
  const { recording } = deps.middleboxes.mcu ?? {};
  recording?.follow((room, told) => perform(rooms.tellRecording(room, told)));
  const bots = new Bots(config.bots, log);
  const invitations = new Bucket(INVITATIONS, now());
  const classroomStarts = new Bucket(CLASSROOM_STARTS, now());
  const perAddress = new Map<string, number>();
  /** What a member holds besides its seat, by name, and how each of it ends: all of it with the seat. */
  const holdings = new Map<Connection, Map<Holding, () => void>>();
  const learnersServers = new Map<Connection, LearnersProcess>();
  const stages = new Map<Connection, Stage>();
  let closing = false;
  /** While an answer is being written: it may wait, a relayed signal may not. */
  let answering = false;

  const io = new Server<ClientToServer, ServerToClient>(http, {
    path: '/socket.io/',
    serveClient: false,
    transports: ['websocket'],
    pingInterval: config.pingMs,
    pingTimeout: config.pingMs,
    connectTimeout: 5_000,
    maxHttpBufferSize: MAX_FRAME_BYTES,
    wsEngine: EagerWebSocketServer,
    parser: textParser,
    // `cors` does not stop a WebSocket of another origin, this does.
    allowRequest: (request, decide) => {
      const crowded = countOf(request.socket.remoteAddress) >= 2 * config.socketsPerAddress;
      decide(null, !closing && !crowded && deps.allows(request));
    },
  });

  const countOf = (address: string | undefined) => perAddress.get(address ?? '') ?? 0;
  io.engine.on(
    'connection',
    (engine: { remoteAddress: string; once: (e: 'close', f: () => void) => void }) => {
      const address = engine.remoteAddress;
      perAddress.set(address, countOf(address) + 1);
      engine.once('close', () => {
        const left = countOf(address) - 1;
        if (left > 0) perAddress.set(address, left);
        else perAddress.delete(address);
      });
    },
  );

  io.use((connection, next) => {
    if (countOf(connection.conn.remoteAddress) <= config.socketsPerAddress) return next();
    const data = errorOf('too-many-connections', `more than ${config.socketsPerAddress} from one address`);
    next(Object.assign(new Error(data.code), { data }));
  });

  const handlers: Handlers = {
    'room:join': (connection, payload, nowMs) => {
      const outcome = rooms.join(connection, payload, nowMs);
      const { self, resumed } = outcome.answer;
      log.info({ room: payload.room, peer: self.peer, epoch: self.epoch, resumed }, 'joined');
      if (outcome.answer.admitted) seats.change(sitterAt(connection));
      return outcome;
    },
    'room:leave': (connection, _, nowMs) => {
      release(connection);
      return { answer: null, actions: rooms.leave(connection, nowMs) };
    },
    'room:sync': (connection) => ({ answer: rooms.snapshot(connection) }),
    'signal:send': (connection, payload, nowMs) => {
      const relayed = rooms.relay(connection, payload, nowMs);
      tell(relayed?.to, relayed?.received);
      return { answer: null };
    },
    'chat:send': (connection, payload, nowMs) => rooms.chat(connection, payload, nowMs),
    'bot:invite': async (connection, payload, nowMs) => {
      const { count = 1 } = payload;
      rooms.mayInvite(connection, payload);
      if (!invitations.take(nowMs, count))
        throw new Refusal('rate-limited', 'too many bots were invited just now');
      const room = rooms.roomOf(connection);
      const started = await Promise.allSettled(Array.from({ length: count }, () => bots.start(room, inRoom)));
      const ready = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const actions: RoomAction<Participant>[] = [];
      const members: Member[] = [];
      try {
        const failed = started.find((one) => one.status === 'rejected');
        if (failed) throw failed.reason;
        for (const bot of ready) {
          // While it started the member may have left, or another one may have invited one too.
          const invited = rooms.invite(connection, bot, bot.page, now(), payload);
          const clip = clipOf(invited.answer.name);
          members.push(invited.answer);
          actions.push(...invited.actions);
          if (clip !== undefined) actions.push(...rooms.setMedia(bot, PLAYS));
          bot.sit(clip, invited.kind, payload.for !== undefined);
          log.info({ peer: invited.answer.peer }, 'a bot joined');
        }
        return { answer: { bot: members[0]!, bots: members }, actions };
      } catch (error) {
        perform(actions);
        for (const bot of ready) {
          if (rooms.isMember(bot)) perform(rooms.leave(bot, now()));
          bot.disconnect();
        }
        throw error;
      }
    },
    'bot:dismiss': (connection, payload, nowMs) => done(rooms.dismissBot(connection, payload, nowMs)),
    'member:rename': (connection, payload) => {
      const actions = rooms.rename(connection, payload);
      if (actions.some(({ do: what }) => what === 'tell') && rooms.isMember(connection))
        seats.change(sitterAt(connection));
      return done(actions);
    },
    'member:hand': (connection, payload, nowMs) => done(rooms.setHand(connection, payload, nowMs)),
    'member:react': (connection, payload, nowMs) => done(rooms.react(connection, payload, nowMs)),
    'host:lobby': (connection, payload, nowMs) => done(rooms.setLobby(connection, payload, nowMs)),
    'host:admit': (connection, payload, nowMs) => done(rooms.admit(connection, payload, nowMs)),
    'host:refuse': (connection, payload) => done(rooms.turnAway(connection, payload)),
    'host:pass': (connection, payload, nowMs) => done(rooms.pass(connection, payload, nowMs)),
    'host:hand-down': (connection, payload, nowMs) => done(rooms.takeHandDown(connection, payload, nowMs)),
    'host:mute': (connection, payload) => done(rooms.mute(connection, payload)),
    'host:remove': (connection, payload, nowMs) => done(rooms.remove(connection, payload, nowMs)),
    'host:topology': (connection, payload, nowMs) => done(rooms.setTopology(connection, payload, nowMs)),
    'topology:strain': (connection, payload, nowMs) => {
      const actions = rooms.strain(connection, nowMs);
      if (actions.length > 0) log.info({ room: rooms.roomOf(connection), ...payload }, 'a mesh is too much');
      return done(actions);
    },
    'middlebox:publish': async (connection, { kind, sdp, sections }, nowMs) => {
      const answer = await throughMiddlebox(connection, kind, (sitter) =>
        seats.publish(sitter, kind, { sdp, sections }, nowMs),
      );
      return { answer: { sdp: answer } };
    },
    'middlebox:receive': async (connection, { kind }, nowMs) => {
      await throughMiddlebox(connection, kind, (sitter) => seats.receive(sitter, kind, nowMs));
      return { answer: null };
    },
    'middlebox:answer': async (connection, { kind, version, sdp }) => {
      const candidates = await seats.answer(sitterAt(connection), kind, version, sdp);
      return { answer: { candidates: [...candidates] } };
    },
    'middlebox:want': (connection, { kind, wants }) => {
      seats.want(sitterAt(connection), kind, wants);
      return { answer: null };
    },
    'middlebox:watch': (connection, { kind, on }) => {
      const sitter = sitterAt(connection);
      seats.watch(sitter, kind, on);
      hold(connection, 'tables', () => seats.unwatch(sitter.member.peer));
      return { answer: null };
    },
    'mix:record': async (connection, { on }) => {
      const room = rooms.hostedBy(connection);
      if (!recording) throw new Refusal('middlebox-unavailable', 'this server records no mixes');
      await recording.set(room, on);
      return { answer: null };
    },
    'middlebox:leave': (connection, { kind }) => {
      seats.leave(sitterAt(connection), kind);
      return { answer: null };
    },
    'broadcast:token': (connection, { scope }, nowMs) => {
      const room = rooms.roomOf(connection);
      if (!deps.broadcastTokens)
        throw new Refusal('middlebox-unavailable', 'broadcasts need the SFU of this server, and it is off');
      return { answer: deps.broadcastTokens.issue(room, scope, nowMs) };
    },
    'code:create': (connection, place, nowMs) => ({
      answer: codes.create(rooms.roomOf(connection), place, nowMs),
    }),
    'ice:servers': async (connection, { peer: label, path = 'direct' }) => {
      const session = sessionOf(connection);
      const { localAddress = '', remoteAddress = '' } = connection.request.socket;
      const page = {
        local: localAddress,
        remote: remoteAddress,
        host: connection.request.headers.host ?? '',
      };
      return { answer: await deps.iceServers.give({ session, label }, path, page) };
    },
    'ice:practice': (connection) => ({
      answer: deps.iceServers.practice(sessionOf(connection)),
    }),
    'wire:watch': (connection) => {
      const wire = wireOrRefuse();
      const session = sessionOf(connection);
      drop(connection, 'watch');
      const viewer: Viewer = {
        messages: (messages, missed) => connection.emit('wire:messages', { messages, missed }),
        allocations: (list) => connection.emit('wire:allocations', { list }),
      };
      hold(connection, 'watch', () => wire.unwatch(session, viewer));
      wire.watch(session, viewer);
      return { answer: null };
    },
    'wire:claim': (connection, claim) => {
      const session = sessionOf(connection);
      const flows = wireOrRefuse().claim(session, claim, connection.request.socket.remoteAddress ?? '');
      return { answer: { flows } };
    },
    'stun:listen': async (connection) => {
      const session = sessionOf(connection);
      const client = plainAddress(connection.request.socket.remoteAddress ?? '');
      const url = await deps.byHand?.listen(session, client, ({ id, bytes, from }) =>
        connection.emit('stun:asked', { id, bytes: Buffer.from(bytes).toString('base64'), ...from }),
      );
      if (url === undefined) throw new Refusal('turn-unavailable', 'there is no free port for it');
      hold(connection, 'play', () => deps.byHand?.forget(session));
      if (!connection.connected) release(connection);
      return { answer: { url } };
    },
    'stun:answer': (connection, { id, bytes }) => {
      const session = sessionOf(connection);
      return { answer: { sent: deps.byHand?.answer(session, id, Buffer.from(bytes, 'base64')) ?? false } };
    },
    'wire:impair': (connection, { seed, ends }) => {
      const session = sessionOf(connection);
      const { lossyWire } = deps;
      if (!lossyWire) throw new Refusal('turn-unavailable', 'packets are not relayed by this server');
      lossyWire.set(session, ends, seed);
      hold(connection, 'impair', () => lossyWire.forget(session));
      return { answer: null };
    },
    'wire:end': (connection, { peer }) => {
      const session = sessionOf(connection);
      return { answer: { ended: wireOrRefuse().end(session, peer) } };
    },
    'classroom:start': (connection, { code }, nowMs) => {
      rooms.peerOf(connection);
      if (!classroomStarts.take(nowMs))
        throw new Refusal('rate-limited', 'too many learners’ servers were started just now');
      drop(connection, 'classroom');
      const learners = deps.classroom.start(code, {
        said: (reports) => {
          if (connection.request.socket.writableLength > MAX_UNREAD_BYTES) drop(connection, 'classroom');
          else connection.emit('classroom:said', { reports });
        },
        ended: (why) => {
          learnersServers.delete(connection);
          connection.emit('classroom:ended', { why });
        },
      });
      learnersServers.set(connection, learners);
      hold(connection, 'classroom', () => {
        learnersServers.delete(connection);
        learners.close();
      });
      return { answer: null };
    },
    'classroom:send': (connection, { orders }) => {
      rooms.peerOf(connection);
      // One that has just ended has said so: what was on its way is lost, as it is with any server.
      learnersServers.get(connection)?.send(orders);
      return { answer: null };
    },
    'classroom:end': (connection) => {
      rooms.peerOf(connection);
      drop(connection, 'classroom');
      return { answer: null };
    },
    'forward:publish': async (connection, { sdp }, nowMs) => {
      rooms.peerOf(connection);
      if (!classroomStarts.take(nowMs))
        throw new Refusal('rate-limited', 'too many forwarders were started just now');
      drop(connection, 'stage');
      const { stage, sdp: answer } = await deps.forwarding.publish(sdp, {
        packets: (packets) => {
          if (connection.request.socket.writableLength > MAX_UNREAD_BYTES) drop(connection, 'stage');
          else
            connection.emit('forward:packets', {
              packets: packets.map((packet) => packet.toString('base64')),
            });
        },
        wished: (viewer) => connection.emit('forward:wished', { viewer }),
      });
      // It may have gone meanwhile, or asked twice.
      if (!connection.connected) stage.close();
      drop(connection, 'stage');
      stages.set(connection, stage);
      hold(connection, 'stage', () => {
        stages.delete(connection);
        stage.close();
      });
      return { answer: { sdp: answer } };
    },
    'forward:view': async (connection, { viewer }) => ({
      answer: { sdp: await stageAt(connection).view(viewer) },
    }),
    'forward:answer': (connection, { viewer, sdp }) => {
      return { answer: { candidates: stageAt(connection).answer(viewer, sdp) } };
    },
    'forward:send': (connection, { packets }) => {
      stageAt(connection).send(packets);
      return { answer: null };
    },
    'forward:key-frame': (connection) => {
      stageAt(connection).requestKeyFrame();
      return { answer: null };
    },
    'forward:end': (connection) => {
      rooms.peerOf(connection);
      drop(connection, 'stage');
      return { answer: null };
    },
    'media:change': (connection, payload) => {
      const actions = rooms.setMedia(connection, payload);
      seats.change(sitterAt(connection));
      return done(actions);
    },
  };

  /** Under what name the STUN and TURN servers know a member. @throws {Refusal} of whoever has no seat */
  function sessionOf(connection: Connection): string {
    return deps.iceServers.sessionOf(rooms.peerOf(connection));
  }

  /** @throws {Refusal} of whoever has no seat */
  function sitterAt(connection: Connection): Sitter {
    return { room: rooms.roomOf(connection), member: rooms.memberAt(connection) };
  }

  /** @throws {Refusal} of whoever has no seat, or no stage */
  function stageAt(connection: Connection): Stage {
    rooms.peerOf(connection);
    const stage = stages.get(connection);
    if (!stage) throw new Refusal('bad-request', 'nobody publishes on a stage of yours');
    return stage;
  }

  /** Whoever finds it gone tells all: the meeting goes on without. */
  async function throughMiddlebox<T>(
    connection: Connection,
    kind: MiddleboxKind,
    act: (sitter: Sitter) => Promise<T>,
  ): Promise<T> {
    const sitter = sitterAt(connection);
    try {
      return await act(sitter);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'middlebox-unavailable')
        perform(rooms.withoutMiddlebox(sitter.room, kind, now()));
      throw error;
    }
  }

  function wireOrRefuse(): Wire {
    if (deps.wire) return deps.wire;
    throw new Refusal('turn-unavailable', 'only the embedded STUN and TURN server shows its messages');
  }

  function hold(connection: Connection, what: Holding, end: () => void): void {
    const held = holdings.get(connection) ?? new Map();
    holdings.set(connection, held.set(what, end));
  }

  /** Ends one thing that is held. */
  function drop(connection: Connection, what: Holding): void {
    const held = holdings.get(connection);
    held?.get(what)?.();
    held?.delete(what);
  }

  /** The seat is given back or lost: what was held with it ends. */
  function release(connection: Connection): void {
    for (const end of holdings.get(connection)?.values() ?? []) end();
    holdings.delete(connection);
  }

  /** What a bot does in its room: the same requests as a person's, without a socket. */
  const inRoom: BotHandlers = {
    send: (bot, to, toPage, signal) =>
      quietly(() => {
        const relayed = rooms.relay(bot, { to, toPage, signal }, now());
        tell(relayed?.to, relayed?.received);
      }),
    say: (bot, text) => quietly(() => perform(rooms.chat(bot, { text }, now()).actions)),
    publish: async (bot, kind, sdp, sections) => {
      const sitter = { room: rooms.roomOf(bot), member: rooms.memberAt(bot) };
      return seats.publish(sitter, kind, { sdp, sections }, now());
    },
    unpublish: (bot, kind) =>
      quietly(() => seats.leave({ room: rooms.roomOf(bot), member: rooms.memberAt(bot) }, kind)),
    gone: (bot) => quietly(() => perform(rooms.leave(bot, now()))),
  };

  /** A bot gets no refusals: whom it speaks to may have left. */
  function quietly(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'a bot failed');
    }
  }

  function tell(to: Participant | undefined, received: EventPayload<'signal:received'> | undefined): void {
    if (received) (to as Connection | undefined)?.emit('signal:received', received);
  }

  function perform(actions: RoomAction<Participant>[]): void {
    for (const action of actions) {
      switch (action.do) {
        case 'tell':
          // One event name and its payload, paired by the type of the action: tsc needs the cast, oxlint does not see why.
          // oxlint-disable-next-line typescript/no-unnecessary-type-assertion
          for (const to of action.to) (to as Connection).emit(action.event, action.payload as never);
          break;
        case 'end':
          end(action.connection as Connection, action.code, action.message);
          break;
        case 'dismiss':
          (action.bot as Bot).disconnect();
          break;
        case 'disconnect':
          seats.disconnect(action.peer);
          break;
        default:
          action satisfies never;
      }
    }
  }

  function end(connection: Connection, code: ErrorCode, message: string): void {
    log.info({ code }, 'ended a connection');
    connection.emit('session:ended', errorOf(code, message));
    connection.disconnect(true);
  }

  /** One request from the wire to its answer. Whatever it holds, the process and the connection live on. */
  function receive(
    connection: Connection,
    bucket: Bucket,
    patience: Bucket,
    name: string,
    args: unknown[],
  ): void {
    if (!connection.connected) return;
    const last = args.at(-1);
    const reply = typeof last === 'function' ? (last as (reply: Reply<unknown>) => void) : undefined;
    const nowMs = now();
    answering = false;
    try {
      if (!bucket.take(nowMs)) {
        if (!patience.take(nowMs)) return end(connection, 'rate-limited', 'too many messages for too long');
        throw new Refusal('rate-limited', `more than ${config.rate.perSec} a second`);
      }
      if (!isRequest(name)) throw new Refusal('unknown-request', 'no request of that name');
      const payload = parse(name, args.length - (reply ? 1 : 0), args[0]);
      const outcome = (handlers[name] as Handlers['room:sync'])(connection, payload as never, nowMs);
      if (outcome instanceof Promise) outcome.then(finish, refuse);
      else finish(outcome);
    } catch (error) {
      refuse(error);
    }

    function finish({ answer, actions }: Outcome<unknown>): void {
      answering = true;
      reply?.({ ok: true, value: answer });
      answering = false;
      if (actions) perform(actions);
    }
    function refuse(error: unknown): void {
      if (!(error instanceof Refusal)) log.error({ err: error, request: name }, 'a request failed');
      const refusal = error instanceof Refusal ? error : new Refusal('internal', 'the server failed');
      reply?.({ ok: false, error: errorOf(refusal.code, refusal.message) });
    }
  }

  const writeTogether = batchWrites();
  io.on('connection', (connection) => {
    const nowMs = now();
    connection.conn.on('flush', () => writeTogether(connection.request.socket, answering));
    const bucket = new Bucket(config.rate, nowMs);
    const patience = new Bucket(PATIENCE, nowMs);
    connection.onAny((name: string, ...args: unknown[]) => receive(connection, bucket, patience, name, args));
    // A client may send an event called `error`; without a listener an emitter throws it.
    connection.on('error' as never, () => {});
    connection.on('disconnect', (reason) => {
      log.debug({ reason }, 'disconnected');
      release(connection);
      // In a planned end everybody goes at once: there is nobody to tell.
      if (!closing) perform(rooms.lost(connection, now()));
    });
  });

  const tickMs = Math.min(1_000, Math.max(20, config.graceMs / 10));
  const timer = setInterval(() => perform(rooms.tick(now())), tickMs);
  timer.unref();
  const tables = setInterval(() => seats.tick(), TABLES_MS);
  tables.unref();

  return {
    get counts() {
      return rooms.counts;
    },
    get bots() {
      return bots.health;
    },
    has: (room) => rooms.has(room),
    find: (code, from) => {
      try {
        return { ok: true, value: codes.find(code, from, (room) => rooms.has(room), now()) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { ok: false, error: errorOf(error.code, error.message) };
      }
    },
    close: () => {
      if (closing) return;
      closing = true;
      clearInterval(timer);
      clearInterval(tables);
      seats.close();
      bots.close();
      // Not disconnectSockets(): after "io server disconnect" a client stays away for good.
      io.engine.close();
    },
  };
}

function done(actions: RoomAction<Participant>[]): { answer: null; actions: RoomAction<Participant>[] } {
  return { answer: null, actions };
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

function parse(name: RequestName, count: number, payload: unknown): unknown {
  if (count !== 1) throw new Refusal('bad-request', `${name} takes one payload, ${count} came`);
  const parsed = requests[name].payload.safeParse(payload);
  if (!parsed.success) throw refusalOf(parsed.error);
  if (holdsProto(payload)) throw new Refusal('bad-request', 'a key may not be called __proto__');
  return parsed.data;
}

/** zod's strict objects let a `__proto__` key pass (and drop it). Only for what has been parsed: it is shallow. */
function holdsProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsProto);
}

function refusalOf({ issues }: z.ZodError): Refusal {
  const [first] = issues;
  const where = first?.path.join('.');
  const message = `${where ? `${where}: ` : ''}${first?.message ?? 'not understood'}`;
  return new Refusal(issues.some(isTooLong) ? 'too-large' : 'bad-request', message);
}

function isTooLong(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union') return issue.errors.some((errors) => errors.some(isTooLong));
  return issue.code === 'too_big' && issue.origin === 'string';
}

/** A message may quote what the client sent: it is cut. */
function errorOf(code: ErrorCode, message: string): { code: ErrorCode; message: string } {
  return { code, message: message.slice(0, 200) };
}
