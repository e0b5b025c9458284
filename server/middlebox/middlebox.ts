import type {
  Cell,
  ForwardTable,
  MiddleboxKind,
  MixRecording,
  PublishedSection,
  ReceivedSection,
  ServerCandidate,
  Want,
} from '../../src/protocol/middlebox.ts';
import type { MediaState, PeerId, RoomId } from '../../src/protocol/signaling.ts';

/**
 * A server in the middle (RFC 7667 §3.6, §3.7): the embedded SFU, Janus, or the mixer. It knows rooms and participants
 * by their ids, and nothing of sockets for signaling.
 */
export interface Middlebox {
  readonly kind: MiddleboxKind;
  /** For `/healthz`. */
  readonly health: {
    readonly state: string;
    readonly port: number;
    readonly rooms: number;
    readonly seats: number;
  };
  /** How many may sit in one room; beyond it a participant is refused with `middlebox-full`. */
  readonly seatsPerRoom: number;
  /** Opens what it needs. What cannot be opened is in the log and in `health`; sitting down is then refused. */
  listen(): Promise<void>;
  /**
   * Gives a participant a seat; the room is there as long as somebody sits in it.
   *
   * @throws {Refusal} `middlebox-unavailable`, `middlebox-full`
   */
  sit(room: RoomId, participant: Participant, events: SeatEvents): MiddleboxSeat;
  /** The forward table of a room; undefined where there is none. */
  table(room: RoomId): ForwardTable | undefined;
  /** Of a mixer, where it can write files. */
  readonly recording?: Recording | undefined;
  /** May be called twice. */
  close(): void;
}

/** A mixer writes down what it mixes. */
export interface Recording {
  /**
   * Begins or ends a recording of a room; what is so already stays so.
   *
   * @throws {Refusal} `middlebox-unavailable` where nobody sits, `middlebox-full`
   */
  set(room: RoomId, on: boolean): Promise<void>;
  /** Says who is told, once a second and at the end, how it comes along. */
  follow(listener: (room: RoomId, recording: MixRecording) => void): void;
}

export interface Participant {
  readonly peer: PeerId;
  readonly name: string;
  readonly media: MediaState;
}

/** One participant at the middlebox: a connection up, a connection down, or both. Each call may be made at any time. */
export interface MiddleboxSeat {
  /**
   * Takes the first offer of a connection up; it takes the place of an earlier connection.
   *
   * @returns the answer, with all candidates of the server
   * @throws {Refusal} `bad-description` with what is wrong with the offer
   */
  publish(sdp: string, sections: readonly PublishedSection[]): Promise<string>;
  /** Opens a connection down, in place of an earlier one; its offers come as events. */
  receive(): Promise<void>;
  /**
   * @returns the server's candidates that the offer has not named
   * @throws {Refusal} `bad-description`
   */
  answer(version: number, sdp: string): Promise<readonly ServerCandidate[]>;
  /** What is shown, in place of what was; the offer that waits for its answer is sent again. */
  want(wants: readonly Want[]): void;
  /** Its name, or what it says that it sends. */
  change(participant: Participant): void;
  close(): void;
}

/** What a seat hears from the middlebox. None of it throws. */
export interface SeatEvents {
  offer(offer: {
    readonly version: number;
    readonly sdp: string;
    readonly sections: readonly ReceivedSection[];
  }): void;
  ended(leg: 'up' | 'down', why: string): void;
  heard(loudest: readonly PeerId[]): void;
  cells(cells: readonly Cell[]): void;
}
