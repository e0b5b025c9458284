import type { Logger } from 'pino';
import type { ForwardTable, MiddleboxKind } from '../../src/protocol/middlebox.ts';
import type { PeerId, RoomId } from '../../src/protocol/signaling.ts';
import type { Middlebox, MiddleboxSeat, Participant, SeatEvents } from '../middlebox/middlebox.ts';
import { Refusal } from '../signaling/refusal.ts';
import type { Router, RouterEvents } from './core/types.ts';
import { Seat, type SfuRoom } from './seat.ts';
import type { FeedbackKind } from './sdp/choose.ts';
import type { Transports } from './transport/transport.ts';

export interface SfuRules {
  readonly seatsPerRoom: number;
  /** Of all rooms together. */
  readonly seats: number;
  readonly feedback: FeedbackKind;
}

export const sfuRules: SfuRules = { seatsPerRoom: 64, seats: 400, feedback: 'transport-cc' };

export interface SfuDeps {
  readonly log: Logger;
  /** Of what forwards. */
  readonly router: (options: { readonly engine: string; readonly events: RouterEvents }) => Router;
  /** @throws {Error} where no port can be opened */
  readonly open: () => Promise<Transports>;
  /** Milliseconds of any clock that does not go back. */
  readonly now?: () => number;
}

const TICK_MS = 50;

/** The embedded SFU: a router for each room, two connections for each participant, all on one UDP port. */
export class Sfu implements Middlebox {
  readonly kind: MiddleboxKind = 'sfu';
  readonly #rules: SfuRules;
  readonly #deps: SfuDeps;
  readonly #now: () => number;
  readonly #rooms = new Map<RoomId, SfuRoom>();
  #transports: Transports | undefined;
  #state: 'closed' | 'up' | 'failed' = 'closed';
  #timer: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(deps: SfuDeps, rules: SfuRules = sfuRules) {
    this.#deps = deps;
    this.#rules = rules;
    this.#now = deps.now ?? (() => performance.now());
  }

  get health() {
    const seats = [...this.#rooms.values()].reduce((sum, room) => sum + room.seats.size, 0);
    return { state: this.#state, port: this.#transports?.port ?? 0, rooms: this.#rooms.size, seats };
  }

  /** For others in this process that send and receive on the same port; undefined where it is not open. */
  get transports(): Transports | undefined {
    return this.#closed ? undefined : this.#transports;
  }

  get feedback(): FeedbackKind {
    return this.#rules.feedback;
  }

  get seatsPerRoom(): number {
    return this.#rules.seatsPerRoom;
  }

  async listen(): Promise<void> {
    const { log } = this.#deps;
    try {
      const transports = await this.#deps.open();
      if (this.#closed) return transports.close();
      this.#transports = transports;
      this.#state = 'up';
      log.info({ engine: transports.name, port: transports.port }, 'the SFU is listening');
    } catch (error) {
      this.#state = 'failed';
      log.error({ err: error }, 'no SFU: no port could be opened');
      return;
    }
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  sit(room: RoomId, participant: Participant, events: SeatEvents): MiddleboxSeat {
    const transports = this.#transports;
    if (!transports || this.#closed)
      throw new Refusal('middlebox-unavailable', 'the SFU could not open its port');
    this.#rooms.get(room)?.seats.get(participant.peer)?.close();
    if (this.health.seats >= this.#rules.seats)
      throw new Refusal('middlebox-full', `the SFU has ${this.#rules.seats} seats, and all are taken`);
    const there = this.#rooms.get(room);
    if (there && there.seats.size >= this.#rules.seatsPerRoom)
      throw new Refusal('middlebox-full', `${this.#rules.seatsPerRoom} may sit in one room of the SFU`);
    const place = there ?? this.#openRoom(room, transports.name);
    const { log } = this.#deps;
    const seat: Seat = new Seat(participant, events, {
      room: place,
      transports,
      feedback: this.#rules.feedback,
      log,
      now: this.#now,
      left: () => {
        if (place.seats.get(participant.peer) === seat) place.seats.delete(participant.peer);
        if (place.seats.size === 0 && this.#rooms.get(room) === place) {
          this.#rooms.delete(room);
          place.router.close();
        } else place.refresh();
      },
    });
    place.seats.set(participant.peer, seat);
    return seat;
  }

  table(room: RoomId): ForwardTable | undefined {
    return this.#rooms.get(room)?.router.table(this.#now());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#state = 'closed';
    clearInterval(this.#timer);
    for (const { seats } of this.#rooms.values()) for (const seat of seats.values()) seat.close();
    this.#transports?.close();
  }

  #openRoom(id: RoomId, engine: string): SfuRoom {
    const seats = new Map<PeerId, Seat>();
    const room: SfuRoom = {
      seats,
      router: this.#deps.router({
        engine,
        events: {
          heard: (loudest) => {
            for (const seat of seats.values()) seat.events.heard(loudest);
          },
        },
      }),
      refresh: () => {
        for (const seat of seats.values()) seat.refresh();
      },
    };
    this.#rooms.set(id, room);
    return room;
  }

  #tick(): void {
    for (const [id, { router }] of this.#rooms) {
      try {
        router.tick(this.#now());
      } catch (error) {
        // One room's fault is not the others'.
        this.#deps.log.error({ err: error, room: id }, 'a room of the SFU failed');
      }
    }
  }
}
