import {
  sources,
  type Cell,
  type ForwardTable,
  type Leg,
  type Source,
  type Topology,
  type Want,
} from '../../protocol/middlebox.ts';
import type { Member, PeerId } from '../../protocol/signaling.ts';
import type { Bench } from '../bench.ts';
import type { RtcError } from '../errors.ts';
import type { FaultBoard } from '../faults/board.ts';
import type { PeerLabel } from '../timeline.ts';
import type { Emitter } from './emitter.ts';

export { sources };
export type { Source };

/** One track for each source, null for what is not sent. */
export type Tracks = Readonly<Record<Source, MediaStreamTrack | null>>;

export const noTracks: Tracks = { microphone: null, camera: null, screen: null, 'screen-audio': null };

export const kindOf = (source: Source): 'audio' | 'video' =>
  source === 'camera' || source === 'screen' ? 'video' : 'audio';

/**
 * How a connection to one participant stands. The ladder of its recovery: it may come back by itself, then ICE is
 * restarted, then a new connection takes its place, and at last a person decides.
 */
export type LinkState =
  | { readonly is: 'connecting' }
  | { readonly is: 'connected' }
  /** Nothing comes through; it may come back by itself. */
  | { readonly is: 'interrupted' }
  | { readonly is: 'restarting'; readonly attempt: number }
  | { readonly is: 'rebuilding'; readonly attempt: number }
  | { readonly is: 'failed'; readonly error: RtcError };

/** A connection that is over, with what was recorded of it. */
export interface EndedRun {
  readonly bench: Bench;
  readonly endedAt: Date;
  /** The first connection of the link is 1. */
  readonly number: number;
}

/** A recorded connection, to another participant or to the server. */
export interface RecordedLink {
  /** The lifelines of its record: `self` is this page. */
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  /** The run that is recorded: of the present connection. A rebuilt connection has a new one. */
  readonly bench: Bench;
  /** Which connection of this link that is, the first being 1. */
  readonly number: number;
  /** The last ones before it, the oldest first: three at most. */
  readonly ended: readonly EndedRun[];
  readonly board: FaultBoard;
  readonly pc: RTCPeerConnection;
  readonly state: LinkState;
  /** Restarts ICE now. */
  restart(): void;
  /** Puts a new connection in the place of this one. */
  rebuild(): void;
  /** Somebody looks: statistics are sampled every second until what is returned is called. */
  inspect(): () => void;
  on: Emitter<LinkEvents>['on'];
}

/** The connection to one other participant. */
export interface Link extends RecordedLink {
  readonly peer: PeerId;
  /** What is received. Tracks are there from the start; whether anything is sent on them, the member's `media` says. */
  readonly tracks: Tracks;
  readonly line: DirectLine;
}

/** One of the two connections to an SFU or MCU: `up` with what is sent, `down` with what is received. */
export interface ServerLink extends RecordedLink {
  readonly leg: Leg;
}

export interface LinkEvents {
  state: LinkState;
  tracks: Tracks;
  /** Another connection, with a record of its own. */
  bench: Bench;
}

/** What carries bytes and says when it has enough of them: as much of an `RTCDataChannel` as is used. */
export interface ByteChannel extends EventTarget {
  readonly readyState: RTCDataChannelState;
  readonly bufferedAmount: number;
  bufferedAmountLowThreshold: number;
  /** @throws {DOMException} `InvalidStateError` when it is not open, `OperationError` when it is full */
  send(bytes: ArrayBuffer): void;
}

/**
 * Messages straight to the other participant, over two data channels that both ends open by agreement: one for words
 * (JSON, reliable, in order), one for the bytes of files.
 */
export interface DirectLine {
  readonly isOpen: boolean;
  /** Hands a message over; false when there is no way to the other one now. @param message JSON, 16 kB at most */
  send(message: unknown): boolean;
  /** The channel for bytes; undefined while there is none. A rebuilt connection has a new one. */
  readonly bytes: ByteChannel | undefined;
  on: Emitter<DirectLineEvents>['on'];
}

export interface DirectLineEvents {
  open: boolean;
  /** As it came, parsed as JSON and not otherwise looked at: whoever reads it validates it. */
  message: unknown;
  bytes: ArrayBuffer;
}

/** What a mixer makes of everybody: one picture, and one sound without one's own. */
export interface Mix {
  readonly tracks: Tracks;
  /** Where everybody is in the picture. */
  readonly cells: readonly Cell[];
}

export interface EngineEvents {
  /** A link was opened or has ended, or one of them is in another state. */
  links: ReadonlyMap<PeerId, Link>;
  /** What is received from a participant. */
  tracks: { readonly peer: PeerId; readonly tracks: Tracks };
  /** Messages can be sent straight to somebody, or no more. */
  lines: ReadonlyMap<PeerId, DirectLine>;
  /** The connections to the server: another one, or another state. */
  servers: readonly ServerLink[];
  mix: Mix | null;
  /** Who is sent what, once a second while {@link Engine.watch} is on. */
  table: ForwardTable;
  /** Who speaks, as the server hears it, the loudest first. */
  heard: readonly PeerId[];
}

/** How the media of a meeting travel. */
export interface Engine {
  readonly kind: Topology;
  /** Of a mesh: one to each of the others. */
  readonly links: ReadonlyMap<PeerId, Link>;
  /** Of an SFU and an MCU: up and down. */
  readonly servers: readonly ServerLink[];
  /** Ways for words and files to one other participant: of a mesh those of its links, else through the server. */
  readonly lines: ReadonlyMap<PeerId, DirectLine>;
  /** What is received from each participant. An MCU gives the sound and the picture of nobody alone. */
  readonly received: ReadonlyMap<PeerId, Tracks>;
  /** Of an MCU, when it comes through; else null. */
  readonly mix: Mix | null;
  /** All pictures that are shown, and how large. A mesh sends everything all the same. */
  want(wants: readonly Want[]): void;
  /** Asks an SFU or MCU for its table, until what is returned is called. */
  watch(): () => void;
  /** Sends these tracks from now on to everybody, those who come later included; without a new offer. */
  send(tracks: Tracks): Promise<void>;
  /** Somebody has come, or is back with a new page. @param offers whether this end makes the first offer */
  meet(member: Member, offers: boolean): void;
  /** Somebody has left, or loaded the page anew. */
  part(peer: PeerId): void;
  /** The network of this page is another one, and the room has been joined again: paths are looked for anew. */
  recover(): void;
  on: Emitter<EngineEvents>['on'];
  close(): void;
}
