/**
 * What passes between the server and a mixer's process: one process for each room, seats by number. Both ends read what
 * they get with these schemas; nobody knows what a decoder that has met a stranger's packets may say.
 */
import * as z from 'zod';
import {
  Cell,
  ForwardTable,
  Leg,
  PublishedSection,
  ReceivedSection,
  ServerCandidates,
} from '../../src/protocol/middlebox.ts';
import { limits, PeerId } from '../../src/protocol/ids.ts';
import { DisplayName, MediaState } from '../../src/protocol/signaling.ts';

const Seat = z.int().min(1);
const Sdp = z.string().max(4 * limits.sdpLength);
const Why = z.string().max(300);

const Settings = z.strictObject({
  width: z.int().min(64).max(1_920),
  height: z.int().min(64).max(1_080),
  /** UDP and TCP; 0 and 0: any. */
  ports: z.strictObject({ low: z.int().min(0).max(65_535), high: z.int().min(0).max(65_535) }),
});
export type Settings = z.infer<typeof Settings>;

const Person = z.strictObject({ peer: PeerId, name: DisplayName, media: MediaState });

/** Down to the process. A request has a number, and is answered with it. */
export const ToMixer = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('begin'), settings: Settings }),
  z.strictObject({ do: z.literal('sit'), seat: Seat, person: Person }),
  z.strictObject({ do: z.literal('change'), seat: Seat, person: Person }),
  z.strictObject({
    do: z.literal('publish'),
    request: z.int(),
    seat: Seat,
    sdp: Sdp,
    sections: z.array(PublishedSection).max(4),
  }),
  z.strictObject({ do: z.literal('receive'), request: z.int(), seat: Seat, version: z.int().min(1) }),
  z.strictObject({ do: z.literal('answer'), request: z.int(), seat: Seat, version: z.int(), sdp: Sdp }),
  z.strictObject({ do: z.literal('leave'), seat: Seat }),
  /** Writes the mix to a file; the server has made up its name. */
  z.strictObject({ do: z.literal('record'), path: z.string().max(4_096) }),
  z.strictObject({ do: z.literal('stop-recording') }),
]);
export type ToMixer = z.infer<typeof ToMixer>;

/** What comes of a request: of `publish` the answer, of `answer` where the mixer is. */
const Done = z.strictObject({
  sdp: z.exactOptional(Sdp),
  candidates: z.exactOptional(ServerCandidates.shape.candidates),
});
export type Done = z.infer<typeof Done>;

/** Up from the process. */
export const FromMixer = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('ready') }),
  /** It cannot mix here, and why. */
  z.strictObject({ say: z.literal('unable'), why: Why }),
  z.strictObject({ say: z.literal('done'), request: z.int(), ...Done.shape }),
  /** `isTheirs`: the description was wrong, and not the mixer. */
  z.strictObject({ say: z.literal('refused'), request: z.int(), isTheirs: z.boolean(), why: Why }),
  z.strictObject({
    say: z.literal('offer'),
    seat: Seat,
    version: z.int().min(1),
    sdp: Sdp,
    sections: z.array(ReceivedSection).max(4),
  }),
  z.strictObject({ say: z.literal('ended'), seat: Seat, leg: Leg, why: Why }),
  z.strictObject({ say: z.literal('heard'), loudest: z.array(PeerId).max(16) }),
  z.strictObject({ say: z.literal('cells'), cells: z.array(Cell).max(64) }),
  /** How a recording goes, once a second, and how it ended. `why` is null while all is well. */
  z.strictObject({
    say: z.literal('recording'),
    state: z.enum(['on', 'done', 'failed']),
    seconds: z.number().min(0),
    sizeBytes: z.number().min(0),
    why: Why.nullable(),
  }),
  /** Once a second: that it lives, how it fares, and how much memory it holds. */
  z.strictObject({ say: z.literal('second'), table: ForwardTable, residentBytes: z.number().min(0) }),
]);
export type FromMixer = z.infer<typeof FromMixer>;
