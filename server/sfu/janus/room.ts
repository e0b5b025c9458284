import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Want } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import { heardBy, type Feed } from './plan.ts';
import { Created, Destroyed, Participants, Talking, type JanusId } from './messages.ts';
import type { Seat } from './seat.ts';
import { type JanusHandle, JanusError, type JanusSession } from './session.ts';

export interface RoomDeps {
  readonly log: Logger;
  /** Milliseconds, of a clock that does not go back. */
  readonly now: () => number;
  /** The session that there is, or the next within a short time. @throws {Refusal} `middlebox-unavailable` */
  readonly session: () => Promise<JanusSession>;
  /** `admin_key` of the VideoRoom. */
  readonly roomKey: string | undefined;
  readonly seatsPerRoom: number;
  /** Nobody sits in it any more. */
  readonly closed: (room: JanusRoom) => void;
  /** So long candidates are waited for where they come one by one. */
  readonly gatherMs: number;
}

/** The room at Janus. Its `pin` is known to us alone: nobody else who reaches Janus can enter it. */
export interface Made {
  readonly session: JanusSession;
  readonly desk: JanusHandle;
  readonly room: JanusId;
  readonly pin: string;
  /** A publisher that sends nothing: a connection down is there before anybody sends, and keeps an m-section when all go. */
  readonly dummy: JanusId;
}

/** So long a feed that is not there yet is waited for. */
const AGAIN_MS = 250;

/** One room of ours, and one of the VideoRoom for it as long as somebody sits in it. */
export class JanusRoom {
  readonly seats = new Map<PeerId, Seat>();
  readonly deps: RoomDeps;
  readonly #secret = randomBytes(18).toString('base64url');
  /** What is shown by those who gave their seat back: a page that takes a new one says it again only when it changes. */
  readonly #wants = new Map<PeerId, readonly Want[]>();
  /** Who spoke, the latest first. */
  #recent: readonly PeerId[] = [];
  /** Who speaks, and how loud: 0 to 127, less is louder. */
  readonly #talking = new Map<PeerId, number>();
  #loudest: readonly PeerId[] = [];
  #made: Promise<Made> | undefined;
  #again: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(deps: RoomDeps) {
    this.deps = deps;
  }

  /** The room at Janus, which is made when it is needed first. @throws {Refusal} @throws {JanusError} */
  async made(): Promise<Made> {
    const making = (this.#made ??= this.#make());
    try {
      return await making;
    } catch (error) {
      if (this.#made === making) this.#made = undefined;
      throw error;
    }
  }

  /** All that is sent at the moment. */
  get feeds(): Feed[] {
    return [...this.seats.values()].flatMap((seat) => seat.feeds);
  }

  /** Whose sound goes to a participant. */
  heardBy(peer: PeerId): Set<PeerId> {
    const microphones = this.feeds.filter(({ source, isOff }) => source === 'microphone' && !isOff);
    return heardBy(
      peer,
      this.#recent,
      microphones.map((feed) => feed.peer),
    );
  }

  /** Something is sent that was not, or no more, or somebody speaks. */
  sync(): void {
    for (const seat of this.seats.values()) seat.sync();
  }

  /** The same a moment later. */
  syncSoon(): void {
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      this.sync();
    }, AGAIN_MS).unref();
  }

  /** An event of the VideoRoom that all publishers of the room are told. */
  told(data: Readonly<Record<string, unknown>>): void {
    if (Destroyed.safeParse(data).success) {
      this.lost('The room was ended at Janus, which forwards here; it is made anew.');
      return;
    }
    const talking = Talking.safeParse(data);
    if (!talking.success) return;
    const { videoroom, id, 'audio-level-dBov-avg': level } = talking.data;
    const seat = [...this.seats.values()].find((candidate) => candidate.isFeed(id));
    if (!seat) return;
    if (videoroom === 'talking') this.#speaks(seat.peer, level);
    else this.silent(seat.peer);
  }

  #speaks(peer: PeerId, level: number): void {
    if (this.#talking.get(peer) === level) return;
    this.#talking.set(peer, level);
    const before = this.#recent.slice(0, 1);
    this.#recent = [peer, ...this.#recent.filter((other) => other !== peer)];
    this.#tellLoudest();
    if (before[0] !== peer) this.sync();
  }

  /** Somebody speaks no more, or is not heard any more. */
  silent(peer: PeerId): void {
    if (this.#talking.delete(peer)) this.#tellLoudest();
  }

  /** What a participant showed when it left. */
  wantsOf(peer: PeerId): readonly Want[] {
    return this.#wants.get(peer) ?? [];
  }

  leave(peer: PeerId, wants: readonly Want[]): void {
    this.seats.delete(peer);
    this.#wants.delete(peer);
    this.#wants.set(peer, wants);
    const [oldest] = this.#wants.keys();
    if (oldest !== undefined && this.#wants.size > this.deps.seatsPerRoom) this.#wants.delete(oldest);
    this.#recent = this.#recent.filter((other) => other !== peer);
    this.silent(peer);
    if (this.seats.size > 0) this.sync();
    else this.close();
  }

  /** The session is over, and with it all that was in it. @param why a sentence for the pages */
  lost(why: string): void {
    this.#made = undefined;
    this.#talking.clear();
    this.#tellLoudest();
    for (const seat of this.seats.values()) seat.lost(why);
  }

  /** May be called twice. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.deps.closed(this);
    clearTimeout(this.#again);
    for (const seat of this.seats.values()) seat.close();
    this.#made
      ?.then(
        async ({ desk, room }) => {
          await desk.ask({ request: 'destroy', room, secret: this.#secret });
          desk.detach();
        },
        () => {}, // it was not made
      )
      .catch((error: unknown) => {
        // A session that is over takes its handles along, a Janus that is gone its rooms.
        if (error instanceof JanusError && error.code !== 0)
          this.deps.log.warn({ err: error }, 'a room stays at Janus');
      });
  }

  #tellLoudest(): void {
    const loudest = [...this.#talking].toSorted(([, a], [, b]) => a - b).map(([peer]) => peer);
    if (loudest.join() === this.#loudest.join()) return;
    this.#loudest = loudest;
    for (const seat of this.seats.values()) seat.events.heard(loudest);
  }

  async #make(): Promise<Made> {
    const { roomKey, seatsPerRoom, session: sessionOf } = this.deps;
    const session = await sessionOf();
    const desk = await session.attach({});
    const pin = randomBytes(18).toString('base64url');
    const { data } = await desk.ask({
      request: 'create',
      ...(roomKey !== undefined && { admin_key: roomKey }),
      description: 'Peerscope',
      is_private: true,
      secret: this.#secret,
      pin,
      // A connection up is there twice while one takes the place of the other.
      publishers: 2 * seatsPerRoom,
      bitrate: 0,
      audiocodec: 'opus',
      videocodec: 'vp8,h264,vp9,av1',
      notify_joining: false,
      audiolevel_event: true,
      audio_active_packets: 10,
      audio_level_average: 50,
      dummy_publisher: true,
      dummy_streams: [{ codec: 'opus' }],
    });
    const { room } = Created.parse(data);
    const listed = await desk.ask({ request: 'listparticipants', room });
    const dummy = Participants.parse(listed.data).participants.find((participant) => participant.dummy);
    if (!dummy) throw new JanusError(0, 'this Janus knows no dummy_publisher: it is older than 1.0.3');
    return { session, desk, room, pin, dummy: dummy.id };
  }
}
