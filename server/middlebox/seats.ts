import {
  type Cell,
  type MiddleboxKind,
  MiddleboxKind as Kinds,
  type PublishedSection,
  type ServerCandidate,
  type Want,
} from '../../src/protocol/middlebox.ts';
import type {
  EventName,
  EventPayload,
  Member,
  PageId,
  PeerId,
  RoomId,
} from '../../src/protocol/signaling.ts';
import { Bucket, type Rate } from '../signaling/bucket.ts';
import { Refusal } from '../signaling/refusal.ts';
import type { Middlebox, MiddleboxSeat, Participant, SeatEvents } from './middlebox.ts';

export type Middleboxes = Readonly<Partial<Record<MiddleboxKind, Middlebox>>>;

/** Whoever asks: a member of a room. */
export interface Sitter {
  readonly room: RoomId;
  readonly member: Member;
}

type MiddleboxEvent = Extract<EventName, `middlebox:${string}`>;

export interface SeatsDeps {
  /** Tells a participant, on the connection that it has now. False: it has none. */
  readonly tell: <E extends MiddleboxEvent>(
    room: RoomId,
    peer: PeerId,
    event: E,
    payload: EventPayload<E>,
  ) => boolean;
}

interface Held {
  readonly seat: MiddleboxSeat;
  readonly room: RoomId;
  readonly page: PageId;
  readonly openings: Bucket;
  /** Openings that are under way. */
  pending: number;
  /** What its page has to hear when it is back. */
  cells: readonly Cell[] | undefined;
  readonly ended: Map<'up' | 'down', string>;
}

/** New connections of one participant: each costs a handshake. Switching takes two, a ladder of recovery some more. */
const OPENINGS: Rate = { burst: 16, perSec: 1 };
const MOST_PENDING = 4;

/**
 * Who sits at which middlebox. A seat belongs to a participant and the page that it has loaded, not to its signaling
 * connection: while that is lost media go on, and whatever was to be told is told when the page asks again for what it
 * shows. With another page, or without the participant, it ends.
 */
export class Seats {
  readonly #middleboxes: Middleboxes;
  readonly #deps: SeatsDeps;
  readonly #held = new Map<PeerId, Map<MiddleboxKind, Held>>();
  /** Who is shown which table, and in which room. */
  readonly #watchers = new Map<PeerId, { room: RoomId; kinds: Set<MiddleboxKind> }>();

  constructor(middleboxes: Middleboxes, deps: SeatsDeps) {
    this.#middleboxes = middleboxes;
    this.#deps = deps;
  }

  /** How many may sit in one room at each. */
  get perRoom(): Partial<Record<MiddleboxKind, number>> {
    const kinds = Kinds.options.flatMap((kind) => {
      const middlebox = this.#middleboxes[kind];
      return middlebox ? [[kind, middlebox.seatsPerRoom] as const] : [];
    });
    return Object.fromEntries(kinds);
  }

  /**
   * @returns the answer to the offer
   * @throws {Refusal} `middlebox-unavailable`, `middlebox-full`, `bad-description`, `rate-limited`, `not-in-room`
   */
  async publish(
    sitter: Sitter,
    kind: MiddleboxKind,
    { sdp, sections }: { readonly sdp: string; readonly sections: readonly PublishedSection[] },
    nowMs: number,
  ): Promise<string> {
    const sources = new Set(sections.map(({ source }) => source));
    const mids = new Set(sections.map(({ mid }) => mid));
    if (sources.size !== sections.length || mids.size !== sections.length)
      throw new Refusal('bad-request', 'sections: each source and each mid once');
    return this.#open(sitter, kind, nowMs, (seat) => seat.publish(sdp, sections));
  }

  /** @throws {Refusal} as {@link publish} */
  async receive(sitter: Sitter, kind: MiddleboxKind, nowMs: number): Promise<void> {
    await this.#open(sitter, kind, nowMs, (seat) => seat.receive());
  }

  /** Of a seat that is no more nothing is waited for. @throws {Refusal} `bad-description` */
  async answer(
    sitter: Sitter,
    kind: MiddleboxKind,
    version: number,
    sdp: string,
  ): Promise<readonly ServerCandidate[]> {
    return (await this.#find(sitter, kind)?.seat.answer(version, sdp)) ?? [];
  }

  want(sitter: Sitter, kind: MiddleboxKind, wants: readonly Want[]): void {
    const held = this.#find(sitter, kind);
    if (!held) return;
    for (const [leg, why] of held.ended) this.#tellEnded(sitter, kind, leg, why);
    held.ended.clear();
    if (held.cells)
      this.#deps.tell(held.room, sitter.member.peer, 'middlebox:cells', { cells: [...held.cells] });
    held.seat.want(wants);
  }

  /** @throws {Refusal} `middlebox-unavailable` */
  watch({ room, member: { peer } }: Sitter, kind: MiddleboxKind, on: boolean): void {
    this.#middleboxOf(kind);
    const kinds = this.#watchers.get(peer)?.kinds ?? new Set();
    if (on) kinds.add(kind);
    else kinds.delete(kind);
    if (kinds.size > 0) this.#watchers.set(peer, { room, kinds });
    else this.#watchers.delete(peer);
  }

  /** The signaling connection is gone: nobody would see a table. */
  unwatch(peer: PeerId): void {
    this.#watchers.delete(peer);
  }

  /** Once a second: the tables for those who watch, each made once for its room. */
  tick(): void {
    const tables = new Map<string, EventPayload<'middlebox:table'> | undefined>();
    for (const [peer, { room, kinds }] of this.#watchers)
      for (const kind of kinds) {
        const key = `${kind} ${room}`;
        if (!tables.has(key)) {
          const table = this.#middleboxes[kind]?.table(room);
          tables.set(key, table && { kind, table });
        }
        const told = tables.get(key);
        if (told) this.#deps.tell(room, peer, 'middlebox:table', told);
      }
  }

  /** Another name, or other media, or another page. */
  change({ room, member }: Sitter): void {
    for (const [kind, held] of this.#held.get(member.peer) ?? [])
      if (held.page !== member.page || held.room !== room) this.#close(member.peer, kind);
      else held.seat.change(participantOf(member));
  }

  leave({ member: { peer } }: Sitter, kind: MiddleboxKind): void {
    this.#close(peer, kind);
  }

  /** A participant has left, or its page is gone: all its seats end. */
  disconnect(peer: PeerId): void {
    this.#watchers.delete(peer);
    for (const kind of this.#held.get(peer)?.keys() ?? []) this.#close(peer, kind);
  }

  /** May be called twice. */
  close(): void {
    for (const peer of this.#held.keys()) this.disconnect(peer);
    this.#watchers.clear();
  }

  async #open<T>(
    sitter: Sitter,
    kind: MiddleboxKind,
    nowMs: number,
    act: (seat: MiddleboxSeat) => Promise<T>,
  ): Promise<T> {
    const held = this.#find(sitter, kind) ?? this.#sit(sitter, kind, nowMs);
    if (held.pending >= MOST_PENDING || !held.openings.take(nowMs))
      throw new Refusal('rate-limited', 'too many connections were opened in a short time');
    held.pending += 1;
    try {
      const outcome = await act(held.seat);
      if (this.#held.get(sitter.member.peer)?.get(kind) !== held)
        throw new Refusal('not-in-room', 'the participant has left meanwhile');
      return outcome;
    } finally {
      held.pending -= 1;
    }
  }

  #find({ room, member: { peer, page } }: Sitter, kind: MiddleboxKind): Held | undefined {
    const held = this.#held.get(peer)?.get(kind);
    return held?.page === page && held.room === room ? held : undefined;
  }

  #sit(sitter: Sitter, kind: MiddleboxKind, nowMs: number): Held {
    const middlebox = this.#middleboxOf(kind);
    const { room, member } = sitter;
    const { peer, page } = member;
    this.#close(peer, kind);
    const ended = new Map<'up' | 'down', string>();
    let closed = false;
    const isOver = () => closed || (held !== undefined && this.#held.get(peer)?.get(kind) !== held);
    const events: SeatEvents = {
      offer: ({ version, sdp, sections }) => {
        if (!isOver())
          this.#deps.tell(room, peer, 'middlebox:offer', { kind, version, sdp, sections: [...sections] });
      },
      ended: (leg, why) => {
        if (!isOver() && !this.#tellEnded(sitter, kind, leg, why)) ended.set(leg, why);
      },
      heard: (loudest) => {
        if (!isOver())
          this.#deps.tell(room, peer, 'middlebox:heard', { kind, loudest: loudest.slice(0, 16) });
      },
      cells: (cells) => {
        if (isOver()) return;
        if (held) held.cells = cells;
        this.#deps.tell(room, peer, 'middlebox:cells', { cells: [...cells] });
      },
    };
    // It may speak before it has been given out.
    let held: Held | undefined;
    try {
      const seat = middlebox.sit(room, participantOf(member), events);
      held = { seat, room, page, openings: new Bucket(OPENINGS, nowMs), pending: 0, cells: undefined, ended };
    } catch (error) {
      closed = true;
      throw error;
    }
    const kinds = this.#held.get(peer) ?? new Map<MiddleboxKind, Held>();
    this.#held.set(peer, kinds.set(kind, held));
    return held;
  }

  #tellEnded(
    { room, member: { peer } }: Sitter,
    kind: MiddleboxKind,
    leg: 'up' | 'down',
    why: string,
  ): boolean {
    return this.#deps.tell(room, peer, 'middlebox:ended', { kind, leg, why: why.slice(0, 300) });
  }

  #close(peer: PeerId, kind: MiddleboxKind): void {
    const kinds = this.#held.get(peer);
    const held = kinds?.get(kind);
    if (!kinds || !held) return;
    kinds.delete(kind);
    if (kinds.size === 0) this.#held.delete(peer);
    held.seat.close();
  }

  #middleboxOf(kind: MiddleboxKind): Middlebox {
    const middlebox = this.#middleboxes[kind];
    if (middlebox) return middlebox;
    throw new Refusal('middlebox-unavailable', `this server has no ${kind === 'sfu' ? 'SFU' : 'mixer'}`);
  }
}

const participantOf = ({ peer, name, media }: Member): Participant => ({ peer, name, media });
