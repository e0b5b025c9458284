/**
 * What crosses the signaling wire when media go through a server in the middle: the SFU, which forwards, or the MCU,
 * which mixes. RFC 7667 calls both a middlebox (§3.7 Selective Forwarding Middlebox, §3.6 Media Mixer).
 *
 * A participant has two connections to it. On the one **up** it offers, once, an m-section for each source, and changes
 * what it sends by `replaceTrack()`. On the one **down** the server offers, again whenever there is more or less to be
 * received. Neither end sends candidates one by one: those of the server are in its descriptions or, where it has made
 * the first offer, come when that has been answered; those of the page are learned from its checks (peer-reflexive,
 * RFC 8445 §7.3.1.3).
 */
import * as z from 'zod';
import { limits, PeerId } from './ids.ts';

/** How the media of a meeting travel. */
export const topologies = ['mesh', 'sfu', 'mcu'] as const;
export const Topology = z.enum(topologies);
export type Topology = z.infer<typeof Topology>;

/** Those with a server in the middle. */
export const MiddleboxKind = z.enum(['sfu', 'mcu']);
export type MiddleboxKind = z.infer<typeof MiddleboxKind>;

/** What a participant may send. `screen-audio` is the sound of what is shared, where the browser offers it. */
export const sources = ['microphone', 'camera', 'screen', 'screen-audio'] as const;
export const Source = z.enum(sources);
export type Source = z.infer<typeof Source>;

/** Which of the two connections. */
export const Leg = z.enum(['up', 'down']);
export type Leg = z.infer<typeof Leg>;

const Sdp = z.string().max(4 * limits.sdpLength);
const Mid = z.string().regex(/^[A-Za-z0-9]{1,16}$/, 'a mid is 1 to 16 letters and digits');
/** A candidate of the server, as `addIceCandidate()` takes it. */
export const ServerCandidate = z.strictObject({
  candidate: z.string().max(limits.candidateLength),
  sdpMid: Mid,
  usernameFragment: z.string().max(256),
});
export type ServerCandidate = z.infer<typeof ServerCandidate>;
/** All that the first offer of a connection has left out; none where it has left out nothing, or was not the first. */
export const ServerCandidates = z.strictObject({ candidates: z.array(ServerCandidate).max(64) });

const Version = z.int().min(1);
const Count = z.int().min(0);
const Rate = z.number().min(0);

/** An m-section of the connection up: what is sent there. */
export const PublishedSection = z.strictObject({ mid: Mid, source: Source });
export type PublishedSection = z.infer<typeof PublishedSection>;

/** An m-section of the connection down: whose it is. `peer` null: the mix of everybody. */
export const ReceivedSection = z.strictObject({ mid: Mid, peer: PeerId.nullable(), source: Source });
export type ReceivedSection = z.infer<typeof ReceivedSection>;

/**
 * A picture that is shown, and how large: device pixels. What nobody names is not forwarded. Sound is not named: the
 * server forwards the loudest.
 */
export const Want = z.strictObject({
  peer: PeerId,
  source: z.enum(['camera', 'screen']),
  width: z.int().min(1).max(16_384),
  height: z.int().min(1).max(16_384),
  /** Comes first when there is not room for all. */
  pinned: z.boolean(),
});
export type Want = z.infer<typeof Want>;

/** A participant's place in the composed picture, in parts of its width and height. */
export const Cell = z.strictObject({
  peer: PeerId,
  source: z.enum(['camera', 'screen']),
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().min(0).max(1),
  height: z.number().min(0).max(1),
});
export type Cell = z.infer<typeof Cell>;

/** Why a consumer gets the layer that it gets; null where all is as wanted. */
export const LayerReason = z.enum([
  /** The tile is no larger, or the page asked for no more. */
  'tile',
  /** The receiver's line has not room for more. */
  'bandwidth',
  /** The publisher sends no higher layer at the moment. */
  'not-sent',
  /** Nobody shows it: not on the page, or the tab is hidden. */
  'not-shown',
  /** Among those who speak it is not one of the loudest. */
  'not-loud',
  /** Turned off by its publisher. */
  'off',
  /** A key frame of the layer is waited for. */
  'key-frame',
]);
export type LayerReason = z.infer<typeof LayerReason>;

/** What a publisher sends: one encoding of one source. Rates are of the last second. */
export const ForwardInput = z.strictObject({
  peer: PeerId,
  source: Source,
  codec: z.string().max(32),
  /** Of simulcast; null where there is one encoding. */
  rid: z.string().max(16).nullable(),
  width: Count.nullable(),
  height: Count.nullable(),
  packets: Count,
  bytes: Count,
  bitsPerSec: Rate,
  lost: Count,
  /** Key frames that were asked for; null where it is not told. */
  keyFrameRequests: Count.nullable(),
  /** Of sound: -127 to 0 dBov (RFC 6464); null where it is not told. */
  level: z.number().nullable(),
});
export type ForwardInput = z.infer<typeof ForwardInput>;

/** What one receiver is sent of one source. */
export const ForwardOutput = z.strictObject({
  to: PeerId,
  /** Null: the mix of everybody. */
  from: PeerId.nullable(),
  source: Source,
  /** The layer that is forwarded; null: none, or there is only one. */
  rid: z.string().max(16).nullable(),
  /** The layer that is wanted. */
  target: z.string().max(16).nullable(),
  forwarding: z.boolean(),
  reason: LayerReason.nullable(),
  packets: Count,
  bytes: Count,
  bitsPerSec: Rate,
  /** Repeated on request. */
  repeated: Count,
});
export type ForwardOutput = z.infer<typeof ForwardOutput>;

/** A receiver's line, as the server knows it. */
export const ForwardLine = z.strictObject({
  peer: PeerId,
  leg: Leg,
  state: z.enum(['connecting', 'connected', 'closed']),
  inBitsPerSec: Rate,
  outBitsPerSec: Rate,
  /** What the receiver says that its line holds; null where it has not said. Bits per second. */
  estimateBps: Rate.nullable(),
});
export type ForwardLine = z.infer<typeof ForwardLine>;

/** The live forward table of a room: who is sent what, and why. */
export const ForwardTable = z.strictObject({
  atMs: Count,
  /** What forwards or mixes, by name: `node-datachannel`, `werift`, `janus`, `wrtc`. */
  engine: z.string().max(32),
  lines: z.array(ForwardLine).max(256),
  inputs: z.array(ForwardInput).max(512),
  outputs: z.array(ForwardOutput).max(4_096),
  /** Processor time of the process that does it, in the last second: 1 is one core. */
  processor: Rate.nullable(),
  /** Of a mixer: its picture. `framesPerSec` is lowered when the machine does not keep up. */
  picture: z.exactOptional(
    z.strictObject({ width: Count, height: Count, framesPerSec: Rate, wantedFramesPerSec: Rate }),
  ),
});
export type ForwardTable = z.infer<typeof ForwardTable>;

/** A word between two participants through the server, on the data channel `words` of the connection up. */
export const LineWord = z.strictObject({ peer: PeerId, message: z.unknown() });

/** How long a recording of a mix can be fetched after its end, and how many of one room: the oldest gives way. */
export const mixKept = { ms: 3_600_000, ofRoom: 2 } as const;

/** A file with what is mixed, and how it comes along. */
export const MixRecording = z.strictObject({
  /** `done`: it can be fetched. `failed`: there is none. */
  state: z.enum(['on', 'done', 'failed']),
  seconds: z.number().min(0),
  sizeBytes: z.number().min(0),
  /** Where it is fetched, for as long as {@link mixKept} says, by whoever knows the link; null while there is nothing. */
  path: z
    .string()
    .regex(/^\/mixes\/[A-Za-z0-9_-]{43}$/)
    .nullable(),
  /** Why it has ended, where nobody has ended it; a sentence. */
  why: z.string().max(300).nullable(),
});
export type MixRecording = z.infer<typeof MixRecording>;

/** Requests of a member of any room. In each, `kind` says which of the two servers is meant. */
export const middleboxRequests = {
  /**
   * Send: the first offer on the connection up, or one on a new connection that takes its place. A further offer with
   * the same session id (an ICE restart) is refused: `rebuild` instead.
   */
  'middlebox:publish': {
    payload: z.strictObject({
      kind: MiddleboxKind,
      sdp: Sdp,
      sections: z.array(PublishedSection).max(sources.length),
    }),
    answer: z.strictObject({ sdp: Sdp }),
  },
  /** Receive: a new connection down takes the place of the last one. Its offer comes as `middlebox:offer`. */
  'middlebox:receive': { payload: z.strictObject({ kind: MiddleboxKind }), answer: z.null() },
  /**
   * The answer to an offer of that version; one that was overtaken by a further offer is ignored. With the first one the
   * server knows whom to let in, and says where it is.
   */
  'middlebox:answer': {
    payload: z.strictObject({ kind: MiddleboxKind, version: Version, sdp: Sdp }),
    answer: ServerCandidates,
  },
  /** All that is shown, in place of what was. An offer that still waits for its answer is sent once more. */
  'middlebox:want': {
    payload: z.strictObject({ kind: MiddleboxKind, wants: z.array(Want).max(64) }),
    answer: z.null(),
  },
  /** Be shown the forward table, once a second, or no more. */
  'middlebox:watch': {
    payload: z.strictObject({ kind: MiddleboxKind, on: z.boolean() }),
    answer: z.null(),
  },
  /** Begin or end a recording of the mix. The host's to decide; everybody in the room is told. */
  'mix:record': { payload: z.strictObject({ on: z.boolean() }), answer: z.null() },
  /** Let go of both connections. */
  'middlebox:leave': { payload: z.strictObject({ kind: MiddleboxKind }), answer: z.null() },
} as const;

export const middleboxEvents = {
  'middlebox:offer': z.strictObject({
    kind: MiddleboxKind,
    version: Version,
    sdp: Sdp,
    /** All m-sections that carry something; the others are free for what comes. */
    sections: z.array(ReceivedSection).max(512),
  }),
  /** A connection has come to its end at the server; why, as a sentence. The page makes a new one. */
  'middlebox:ended': z.strictObject({ kind: MiddleboxKind, leg: Leg, why: z.string().max(300) }),
  /** Who speaks, by the levels in the packets' headers: those forwarded, the loudest first. */
  'middlebox:heard': z.strictObject({ kind: MiddleboxKind, loudest: z.array(PeerId).max(16) }),
  /** Where everybody is in the composed picture. */
  'middlebox:cells': z.strictObject({ cells: z.array(Cell).max(64) }),
  'middlebox:table': z.strictObject({ kind: MiddleboxKind, table: ForwardTable }),
  /** Once a second while the mix is recorded, so that whoever comes later is told too; and once when it has ended. */
  'mix:recording': MixRecording,
} as const;
