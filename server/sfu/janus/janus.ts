import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ForwardTable } from '../../../src/protocol/middlebox.ts';
import type { RoomId } from '../../../src/protocol/signaling.ts';
import type { Middlebox, MiddleboxSeat, Participant, SeatEvents } from '../../middlebox/middlebox.ts';
import { Refusal } from '../../signaling/refusal.ts';
import { HandleInfo } from './messages.ts';
import { JanusRoom } from './room.ts';
import { Seat } from './seat.ts';
import { type JanusHandle, JanusSession, type SessionLimits } from './session.ts';
import { tableOf, type TableSeat } from './table.ts';

export interface JanusConfig {
  /** Of its WebSocket: `ws:` or `wss:`. */
  readonly url: string;
  /** Its `api_secret`. */
  readonly secret?: string | undefined;
  /** `admin_key` of its VideoRoom, where rooms are made by those only who know it. */
  readonly roomKey?: string | undefined;
  /** Its WebSocket for administrators; without it there is no forward table. */
  readonly admin?: { readonly url: string; readonly secret: string } | undefined;
  readonly seatsPerRoom: number;
}

export interface JanusDeps {
  readonly log: Logger;
  /** Milliseconds of any clock that does not go back. */
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
}

interface Limits extends SessionLimits {
  /** Between two attempts to reach it: at first, and at most. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** So long a participant waits for the connection to be back. */
  readonly patienceMs: number;
  readonly gatherMs: number;
}

const defaults: Limits = {
  answerMs: 10_000,
  keepaliveMs: 25_000,
  firstRetryMs: 250,
  lastRetryMs: 10_000,
  patienceMs: 5_000,
  gatherMs: 5_000,
};

/** Janus (https://janus.conf.meetecho.com) as the SFU: a VideoRoom for each of our rooms. */
export function createJanusSfu(config: JanusConfig, deps: JanusDeps): Middlebox {
  return new JanusSfu(config, deps);
}

class JanusSfu implements Middlebox {
  readonly kind = 'sfu';
  readonly seatsPerRoom: number;
  readonly #config: JanusConfig;
  readonly #deps: JanusDeps;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #rooms = new Map<RoomId, JanusRoom>();
  readonly #end = new AbortController();
  readonly #tables: Tables;
  #session: JanusSession | undefined;
  #isUp = Promise.withResolvers<JanusSession>();

  constructor(config: JanusConfig, deps: JanusDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#limits = { ...defaults, ...deps.limits };
    this.#now = deps.now ?? (() => performance.now());
    this.seatsPerRoom = config.seatsPerRoom;
    this.#tables = new Tables(config, deps, this.#limits);
  }

  get health() {
    const { port, protocol } = new URL(this.#config.url);
    const rooms = [...this.#rooms.values()];
    return {
      state: this.#end.signal.aborted ? 'closed' : this.#session ? 'up' : 'janus-unreachable',
      port: Number(port) || (protocol === 'wss:' ? 443 : 80),
      rooms: rooms.length,
      seats: rooms.reduce((sum, { seats }) => sum + seats.size, 0),
    };
  }

  listen(): Promise<void> {
    return new Promise((resolve) => {
      void this.#stayConnected(resolve).then(resolve);
    });
  }

  sit(id: RoomId, participant: Participant, events: SeatEvents): MiddleboxSeat {
    if (!this.#session) throw unreachable();
    const room = this.#rooms.get(id) ?? this.#openRoom(id);
    const { seats } = room;
    if (!seats.has(participant.peer) && seats.size >= this.seatsPerRoom)
      throw new Refusal(
        'middlebox-full',
        `this room has ${this.seatsPerRoom} seats at the SFU, and all are taken`,
      );
    const seat = new Seat(room, participant, events);
    const before = seats.get(participant.peer);
    seats.set(participant.peer, seat);
    before?.close();
    return seat;
  }

  table(id: RoomId): ForwardTable | undefined {
    const room = this.#rooms.get(id);
    return room && this.#session && this.#tables.of(room, this.#session);
  }

  close(): void {
    if (this.#end.signal.aborted) return;
    for (const room of this.#rooms.values()) room.close();
    this.#end.abort();
    this.#tables.close();
    const session = this.#session;
    // What the rooms have asked for is still to be sent.
    if (session) setImmediate(() => session.close());
  }

  #openRoom(id: RoomId): JanusRoom {
    const { roomKey, seatsPerRoom } = this.#config;
    const room = new JanusRoom({
      log: this.#deps.log,
      now: this.#now,
      session: () => this.#soon(),
      roomKey,
      seatsPerRoom,
      closed: (which) => {
        if (this.#rooms.get(id) === which) this.#rooms.delete(id);
        this.#tables.forget(which);
      },
      gatherMs: this.#limits.gatherMs,
    });
    this.#rooms.set(id, room);
    return room;
  }

  /** The session that there is, or the next. @throws {Refusal} `middlebox-unavailable` when that takes too long */
  async #soon(): Promise<JanusSession> {
    const { signal } = this.#end;
    const limit = delay(this.#limits.patienceMs, undefined, { ref: false, signal }).catch(() => {});
    const session = this.#session ?? (await Promise.race([this.#isUp.promise, limit]));
    if (!session) throw unreachable();
    return session;
  }

  /** Until it is closed. @param tried is called once the first attempt is over */
  async #stayConnected(tried: () => void): Promise<void> {
    const { log, limits } = this.#deps;
    const { url, secret } = this.#config;
    const { signal } = this.#end;
    const { firstRetryMs, lastRetryMs } = this.#limits;
    for (let failures = 0; !signal.aborted;) {
      try {
        const session = await JanusSession.open({ url, secret, limits: limits ?? {} });
        if (signal.aborted) return session.close();
        if (failures > 0) log.warn('Janus is there again');
        failures = 0;
        this.#session = session;
        this.#isUp.resolve(session);
        tried();
        const why = await session.ended;
        this.#isUp = Promise.withResolvers();
        this.#session = undefined;
        if (signal.aborted) return;
        log.warn({ why }, 'the connection to Janus has ended; it is tried again');
        failures = 1;
        for (const room of this.#rooms.values())
          room.lost(
            'The server has lost its connection to Janus, which forwards here; it is connecting again.',
          );
      } catch (error) {
        // Said once: it is tried until it succeeds.
        if (failures === 0)
          log.warn({ why: (error as Error).message }, 'Janus cannot be used; it is tried again');
        failures += 1;
        tried();
      }
      const waitMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(failures, 16));
      await delay(waitMs, undefined, { ref: false, signal }).catch(() => {});
    }
  }
}

/** Forward tables, asked for anew once they have been looked at. */
class Tables {
  readonly #config: JanusConfig;
  readonly #deps: JanusDeps;
  readonly #limits: Limits;
  readonly #last = new Map<JanusRoom, ForwardTable>();
  readonly #busy = new Set<JanusRoom>();
  #admin: Promise<JanusSession> | undefined;
  #isOver = false;

  constructor(config: JanusConfig, deps: JanusDeps, limits: Limits) {
    this.#config = config;
    this.#deps = deps;
    this.#limits = limits;
  }

  /** The last one; the next is asked for. Undefined before the first, and where Janus has no port for administrators. */
  of(room: JanusRoom, session: JanusSession): ForwardTable | undefined {
    if (!this.#config.admin || this.#isOver) return undefined;
    if (!this.#busy.has(room)) {
      this.#busy.add(room);
      this.#ask(room, session)
        .catch((error: unknown) =>
          this.#deps.log.debug({ err: error }, 'Janus told nothing for the forward table'),
        )
        .finally(() => this.#busy.delete(room));
    }
    return this.#last.get(room);
  }

  forget(room: JanusRoom): void {
    this.#last.delete(room);
  }

  close(): void {
    this.#isOver = true;
    this.#admin?.then(
      (admin) => admin.close(),
      () => {},
    );
  }

  async #ask(room: JanusRoom, session: JanusSession): Promise<void> {
    const admin = await this.#open();
    const infoOf = async (handle: JanusHandle | undefined) => {
      if (!handle) return undefined;
      const answer = await admin
        .request({ janus: 'handle_info', session_id: session.id, handle_id: handle.id })
        .catch(() => undefined); // it has just ended
      return HandleInfo.safeParse(answer?.info).data;
    };
    const seats: TableSeat[] = await Promise.all(
      [...room.seats.values()].map(async (seat) => {
        const [up, down] = await Promise.all([infoOf(seat.up?.handle), infoOf(seat.down?.handle)]);
        return {
          peer: seat.peer,
          up: up && seat.up && { isConnected: seat.up.isConnected, feeds: seat.feeds, info: up },
          down: down &&
            seat.down && {
              isConnected: seat.down.isConnected,
              slots: seat.down.slots.map((slot) => ({ slot, aim: seat.aimOf(slot.feed) })),
              info: down,
            },
        };
      }),
    );
    if (room.seats.size > 0 && !this.#isOver) this.#last.set(room, tableOf(seats, performance.now()));
  }

  #open(): Promise<JanusSession> {
    const { admin } = this.#config;
    if (!admin) throw new Error('there is no port for administrators');
    this.#admin ??= JanusSession.openAdmin({
      url: admin.url,
      secret: admin.secret,
      limits: this.#limits,
    }).then(
      (session) => {
        void session.ended.then(() => (this.#admin = undefined));
        return session;
      },
      (error: unknown) => {
        this.#admin = undefined;
        throw error;
      },
    );
    return this.#admin;
  }
}

function unreachable(): Refusal {
  return new Refusal(
    'middlebox-unavailable',
    'Janus, which forwards here, cannot be reached; it is tried again and again',
  );
}
