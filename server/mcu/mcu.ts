import { createRequire } from 'node:module';
import type { Logger } from 'pino';
import type {
  Cell,
  ForwardTable,
  MixRecording,
  PublishedSection,
  ServerCandidate,
} from '../../src/protocol/middlebox.ts';
import type { PeerId, RoomId } from '../../src/protocol/signaling.ts';
import type { Middlebox, MiddleboxSeat, Participant, Recording, SeatEvents } from '../middlebox/middlebox.ts';
import { Refusal } from '../signaling/refusal.ts';
import type { PortRange } from '../stun-turn/relay-sockets.ts';
import type { Done, FromMixer, ToMixer } from './messages.ts';
import { MixerProcess, type ProcessRules } from './mixer-process.ts';
import type { Recordings } from './recordings.ts';

export interface McuRules extends ProcessRules {
  /** Of one room. */
  readonly seats: number;
  /** Rooms at a time, each with a process. */
  readonly rooms: number;
  /** Of the picture: even, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Of the processes' connections, UDP and TCP; 0 and 0: any. */
  readonly ports: PortRange;
  /** How long a process waits for somebody when the last one has left. */
  readonly idleMs: number;
  /** How long an answer of the process is waited for. */
  readonly answerMs: number;
  /** So many ends of a room's process within a minute are too many: it is not started again before the minute is over. */
  readonly endsPerMinute: number;
}

export const mcuRules: Omit<McuRules, 'seats' | 'ports'> = {
  rooms: 4,
  size: { width: 640, height: 360 },
  startMs: 15_000,
  silenceMs: 10_000,
  maxBytes: 1_200_000_000,
  idleMs: 15_000,
  answerMs: 15_000,
  endsPerMinute: 4,
};

const MINUTE_MS = 60_000;

/**
 * The mixer (RFC 7667 §3.6): decodes everybody, and sends each one picture of all and the sound of the others. It works
 * in a process for each room: see docs/why-the-mixer-is-a-process.md.
 */
export class Mcu implements Middlebox {
  readonly kind = 'mcu';
  readonly #rules: McuRules;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #recordings: Recordings | undefined;
  readonly #rooms = new Map<RoomId, Room>();
  #tell: (room: RoomId, recording: MixRecording) => void = () => {};
  #unable: string | undefined;
  #isListening = false;

  /** @param now milliseconds of a clock that does not go back */
  constructor(
    rules: McuRules,
    log: Logger,
    recordings?: Recordings,
    now: () => number = () => performance.now(),
  ) {
    this.#rules = rules;
    this.#log = log;
    this.#recordings = recordings;
    this.#now = now;
  }

  get recording(): Recording | undefined {
    const recordings = this.#recordings;
    return (
      recordings && {
        set: async (id, on) => {
          const room = this.#rooms.get(id);
          if (on && (!room || room.seats.size === 0))
            throw new Refusal('middlebox-unavailable', 'nobody is at the mixer: there is nothing to record');
          if (on) await room?.record(recordings);
          else room?.stopRecording();
        },
        follow: (listener) => (this.#tell = listener),
      }
    );
  }

  get health() {
    const state = this.#unable !== undefined ? 'failed' : this.#isListening ? 'up' : 'off';
    const rooms = [...this.#rooms.values()].filter((room) => room.seats.size > 0);
    const seats = rooms.reduce((sum, room) => sum + room.seats.size, 0);
    return { state, port: this.#rules.ports.low, rooms: rooms.length, seats };
  }

  get seatsPerRoom(): number {
    return this.#rules.seats;
  }

  /** Opens nothing: the ports are opened by a room's process. Says whether there could be one. */
  async listen(): Promise<void> {
    this.#isListening = true;
    await this.#recordings?.open().catch((error: unknown) => {
      this.#log.warn({ err: error }, 'mixes cannot be recorded: the state folder cannot be written');
    });
    try {
      createRequire(import.meta.url).resolve(`@roamhq/wrtc-${process.platform}-${process.arch}`);
    } catch {
      this.#unable = `there is no @roamhq/wrtc for ${process.platform} on ${process.arch}`;
      this.#log.warn(`nothing can be mixed here: ${this.#unable}`);
    }
  }

  sit(id: RoomId, participant: Participant, events: SeatEvents): MiddleboxSeat {
    if (!this.#isListening) throw new Refusal('middlebox-unavailable', 'this server mixes nothing');
    if (this.#unable !== undefined) throw new Refusal('middlebox-unavailable', this.#unable);
    const room = this.#rooms.get(id) ?? this.#open(id);
    if (room.seats.size >= this.#rules.seats)
      throw new Refusal(
        'middlebox-full',
        `the mixer decodes and encodes for each participant, and takes ${this.#rules.seats} in one room; all are taken`,
      );
    return room.sit(participant, events);
  }

  table(id: RoomId): ForwardTable | undefined {
    return this.#rooms.get(id)?.table;
  }

  /** The processes, for tests and benchmarks. */
  pidOf(id: RoomId): number | undefined {
    return this.#rooms.get(id)?.pid;
  }

  close(): void {
    this.#isListening = false;
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
    this.#recordings?.close();
  }

  #open(id: RoomId): Room {
    // One that nobody sits in gives way.
    const empty = [...this.#rooms].find(([, room]) => room.seats.size === 0);
    if (this.#rooms.size >= this.#rules.rooms && empty) {
      empty[1].close();
      this.#rooms.delete(empty[0]);
    }
    if (this.#rooms.size >= this.#rules.rooms)
      throw new Refusal('middlebox-full', `${this.#rules.rooms} rooms are mixed, no more at a time`);
    const room = new Room(id, this.#rules, this.#log, this.#now, {
      idle: () => {
        room.close();
        if (this.#rooms.get(id) === room) this.#rooms.delete(id);
      },
      unable: (why) => (this.#unable = why),
      recording: (recording) => this.#tell(id, recording),
    });
    this.#rooms.set(id, room);
    return room;
  }
}

interface RoomHandlers {
  /** Nobody has sat here for a while. */
  idle(): void;
  unable(why: string): void;
  recording(recording: MixRecording): void;
}

/** What the process of a room is asked, and has not answered. */
interface Asked {
  readonly question: Question;
  readonly resolve: (done: Done) => void;
  readonly reject: (refusal: Refusal) => void;
  readonly late: NodeJS.Timeout;
}

type Recorded = Omit<Extract<FromMixer, { say: 'recording' }>, 'say'>;
type Request = Extract<ToMixer, { request: number }>;
/** A request without its number. */
type Question = Request extends infer R ? (R extends Request ? Omit<R, 'request'> : never) : never;

/** A room with its process. The seats outlive it: when it ends, the next one is told who sits there. */
class Room {
  readonly seats = new Map<number, Seat>();
  table: ForwardTable | undefined;
  readonly #id: RoomId;
  readonly #rules: McuRules;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #handlers: RoomHandlers;
  readonly #asked = new Map<number, Asked>();
  #process: MixerProcess | undefined;
  #cells: readonly Cell[] = [];
  #heard: readonly PeerId[] = [];
  #idle: NodeJS.Timeout | undefined;
  #lastSeat = 0;
  #lastRequest = 0;
  /** When its process ended by itself, in the last minute. */
  #ends: number[] = [];
  #isClosed = false;
  #recording: { readonly token: string; readonly recordings: Recordings } | undefined;
  #isBeginning = false;

  constructor(id: RoomId, rules: McuRules, log: Logger, now: () => number, handlers: RoomHandlers) {
    this.#id = id;
    this.#rules = rules;
    this.#log = log;
    this.#now = now;
    this.#handlers = handlers;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** @throws {Refusal} `middlebox-unavailable` */
  sit(participant: Participant, events: SeatEvents): Seat {
    const running = this.#running();
    clearTimeout(this.#idle);
    const number = ++this.#lastSeat;
    const seat = new Seat(number, this, participant, events);
    this.seats.set(number, seat);
    running.send({ do: 'sit', seat: number, person: personOf(participant) });
    if (this.#cells.length > 0) events.cells(this.#cells);
    if (this.#heard.length > 0) events.heard(this.#heard);
    return seat;
  }

  tell(message: ToMixer): void {
    this.#process?.send(message);
  }

  /**
   * Asks the process something; it is started if it is not there.
   *
   * @throws {Refusal} `bad-description`, `middlebox-unavailable`
   */
  async ask(question: Question): Promise<Done> {
    const running = this.#running();
    const request = ++this.#lastRequest;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#asked.delete(request);
        reject(new Refusal('middlebox-unavailable', 'the mixer did not answer in time'));
      }, this.#rules.answerMs);
      this.#asked.set(request, { question, resolve, reject, late });
      running.send({ ...question, request });
    });
  }

  leave(number: number): void {
    if (!this.seats.delete(number)) return;
    this.tell({ do: 'leave', seat: number });
    this.#refuse(
      new Refusal('not-in-room', 'the seat has been left'),
      ({ question }) => question.seat === number,
    );
    if (this.seats.size > 0 || this.#isClosed) return;
    this.stopRecording();
    this.#idle = setTimeout(() => this.#handlers.idle(), this.#rules.idleMs).unref();
  }

  /** @throws {Refusal} `middlebox-full`, `middlebox-unavailable` */
  async record(recordings: Recordings): Promise<void> {
    if (this.#recording || this.#isBeginning) return;
    this.#isBeginning = true;
    try {
      const running = this.#running();
      const { token, path } = await recordings.begin(this.#id);
      if (this.#process !== running || this.seats.size === 0) {
        await recordings.drop(token);
        throw new Refusal('middlebox-unavailable', 'the mixer has ended meanwhile');
      }
      this.#recording = { token, recordings };
      running.send({ do: 'record', path });
    } finally {
      this.#isBeginning = false;
    }
  }

  /** It is complete a moment later, and told then. */
  stopRecording(): void {
    if (this.#recording) this.tell({ do: 'stop-recording' });
  }

  #recorded({ state, seconds, sizeBytes, why }: Recorded): void {
    const { token, recordings } = this.#recording ?? {};
    if (token === undefined || !recordings) return;
    if (state !== 'on') this.#recording = undefined;
    if (state === 'failed') void recordings.drop(token);
    const path = state === 'done' ? (recordings.finish(token) ?? null) : null;
    this.#handlers.recording({ state, seconds, sizeBytes, path, why });
  }

  close(): void {
    this.#isClosed = true;
    this.#recorded({ state: 'failed', seconds: 0, sizeBytes: 0, why: 'The mixer was closed.' });
    clearTimeout(this.#idle);
    this.#process?.close();
    this.#process = undefined;
    this.#refuse(new Refusal('middlebox-unavailable', 'the mixer is being closed'));
  }

  /** @throws {Refusal} `middlebox-unavailable` */
  #running(): MixerProcess {
    if (this.#process) return this.#process;
    if (this.#isClosed) throw new Refusal('middlebox-unavailable', 'the mixer is being closed');
    if (this.#endsTooOften())
      throw new Refusal(
        'middlebox-unavailable',
        `the mixer of this room has ended ${this.#ends.length} times within a minute, and waits before it starts again`,
      );
    const { size, ports } = this.#rules;
    const started = new MixerProcess({ ...size, ports }, this.#rules, {
      said: (message) => this.#hear(message),
      ended: (why, isUnable) => this.#ended(started, why, isUnable),
    });
    this.#process = started;
    for (const [seat, { participant }] of this.seats)
      started.send({ do: 'sit', seat, person: personOf(participant) });
    this.#log.info({ pid: started.pid }, 'a mixer was started');
    return started;
  }

  #endsTooOften(): boolean {
    const nowMs = this.#now();
    this.#ends = this.#ends.filter((atMs) => nowMs - atMs < MINUTE_MS);
    return this.#ends.length >= this.#rules.endsPerMinute;
  }

  #ended(process: MixerProcess, why: string, isUnable: boolean): void {
    this.#log.error({ why, words: process.words }, 'a mixer ended');
    this.#process = undefined;
    this.table = undefined;
    this.#cells = [];
    this.#recorded({ state: 'failed', seconds: 0, sizeBytes: 0, why });
    this.#ends.push(this.#now());
    if (isUnable) this.#handlers.unable(why);
    // It starts while the pages make their offers; those that have made one need not make it again.
    else if (this.seats.size > 0 && !this.#endsTooOften()) this.#askAgain(this.#running());
    if (!this.#process) this.#refuse(new Refusal('middlebox-unavailable', why));
    for (const seat of this.seats.values()) seat.lost(why);
  }

  #askAgain(running: MixerProcess): void {
    for (const [request, { question, resolve }] of this.#asked) {
      if (question.do !== 'answer') running.send({ ...question, request });
      else {
        // Its offer was overtaken by what has happened.
        this.#take(request);
        resolve({});
      }
    }
  }

  #refuse(refusal: Refusal, which: (asked: Asked) => boolean = () => true): void {
    for (const [request, asked] of this.#asked) {
      if (!which(asked)) continue;
      this.#asked.delete(request);
      clearTimeout(asked.late);
      asked.reject(refusal);
    }
  }

  #hear(message: Parameters<ConstructorParameters<typeof MixerProcess>[2]['said']>[0]): void {
    switch (message.say) {
      case 'done':
        return this.#take(message.request)?.resolve(message);
      case 'refused': {
        const code = message.isTheirs ? 'bad-description' : 'middlebox-unavailable';
        return this.#take(message.request)?.reject(new Refusal(code, message.why));
      }
      case 'offer':
        return this.seats.get(message.seat)?.offered(message);
      case 'ended':
        return this.seats.get(message.seat)?.ended(message.leg, message.why);
      case 'heard':
        this.#heard = message.loudest;
        return this.seats.forEach(({ events }) => events.heard(message.loudest));
      case 'cells':
        this.#cells = message.cells;
        return this.seats.forEach(({ events }) => events.cells(message.cells));
      case 'recording':
        return this.#recorded(message);
      case 'second':
        this.table = message.table;
        return;
      default:
        return message satisfies never;
    }
  }

  #take(request: number): Asked | undefined {
    const asked = this.#asked.get(request);
    this.#asked.delete(request);
    clearTimeout(asked?.late);
    return asked;
  }
}

const personOf = ({ peer, name, media }: Participant) => ({ peer, name, media });

type Offer = Omit<Extract<FromMixer, { say: 'offer' }>, 'say' | 'seat'>;

class Seat implements MiddleboxSeat {
  participant: Participant;
  readonly events: SeatEvents;
  readonly #number: number;
  readonly #room: Room;
  #version = 0;
  /** It waits for its answer. */
  #offer: Offer | undefined;
  /** Those that the page holds, or is about to. */
  readonly #legs = new Set<'up' | 'down'>();

  constructor(number: number, room: Room, participant: Participant, events: SeatEvents) {
    this.#number = number;
    this.#room = room;
    this.participant = participant;
    this.events = events;
  }

  async publish(sdp: string, sections: readonly PublishedSection[]): Promise<string> {
    const { sdp: answer } = await this.#room.ask({
      do: 'publish',
      seat: this.#number,
      sdp,
      sections: [...sections],
    });
    this.#legs.add('up');
    return answer ?? '';
  }

  async receive(): Promise<void> {
    this.#offer = undefined;
    await this.#room.ask({ do: 'receive', seat: this.#number, version: ++this.#version });
    this.#legs.add('down');
  }

  async answer(version: number, sdp: string): Promise<readonly ServerCandidate[]> {
    if (version !== this.#version) return [];
    const { candidates } = await this.#room.ask({ do: 'answer', seat: this.#number, version, sdp });
    if (version === this.#version) this.#offer = undefined;
    return candidates ?? [];
  }

  /** Everybody is in the one picture: nothing of it can be left out. */
  want(): void {
    if (this.#offer) this.events.offer(this.#offer);
  }

  change(participant: Participant): void {
    this.participant = participant;
    this.#room.tell({ do: 'change', seat: this.#number, person: personOf(participant) });
  }

  close(): void {
    this.#legs.clear();
    this.#room.leave(this.#number);
  }

  offered({ version, sdp, sections }: Offer): void {
    if (version !== this.#version) return;
    this.#offer = { version, sdp, sections };
    this.events.offer(this.#offer);
  }

  ended(leg: 'up' | 'down', why: string): void {
    this.#legs.delete(leg);
    if (leg === 'down') this.#offer = undefined;
    this.events.ended(leg, why);
  }

  /** The process is gone, and both connections with it. */
  lost(why: string): void {
    for (const leg of this.#legs) this.ended(leg, why);
  }
}
