/**
 * What the pages of a meeting tell each other over a data channel, without a server: words of the chat, and the talk
 * about files.
 *
 * Nobody has looked at it on its way, so it is parsed where it arrives: strings are bounded, unknown keys are refused.
 * Who says it is never in it: that is known from the connection by which it came.
 *
 * A file goes like this; its bytes travel on a second channel, as `src/rtc/meeting/files/frame.ts` writes them:
 *
 * ```
 * sender                                   receiver
 *   file:offer   name, size           →
 *                                     ←    file:take  from byte 0        a person has said yes
 *   frames …                          →
 *                                     ←    file:have  so many bytes      the sender is never further ahead than `window`
 *         the connection is cut, another one opens
 *                                     ←    file:take  from byte n        goes on where it was cut
 *   frames …                          →
 *   file:sum     SHA-256 of the whole →
 *                                     ←    file:kept                     … or file:end 'broken'
 * ```
 *
 * Both ends may say `file:end` at any time.
 */
import * as z from 'zod';
import { limits, MessageId } from './signaling.ts';

/** Bounds of what is exchanged directly. */
export const directLimits = {
  /** The largest file, 2 GiB: what a browser can hand over as one download without surprises. */
  fileBytes: 2 ** 31,
  fileNameLength: 255,
  /** Offers of one participant that nobody has answered yet. */
  openOffers: 10,
  /** How far a sender may be ahead of what the receiver has put away, in bytes. */
  window: 4 * 2 ** 20,
} as const;

/** A file on its way, named by its sender: what it is called in the frames, too. Unique for one sender and one page. */
const FileNumber = z.int().min(1).max(0xffff_ffff).brand<'FileNumber'>();
export type FileNumber = z.infer<typeof FileNumber>;

const Bytes = z.int().min(0).max(directLimits.fileBytes);

/** Text that a file's owner chose: for people to read, never a path. {@link safeFileName} makes it fit for a disk. */
const FileName = z.string().min(1).max(directLimits.fileNameLength);

/** Why a file does not go on. */
export const FileEnd = z.enum([
  'declined',
  'too-many',
  'cancelled',
  'broken',
  'unreadable',
  'no-space',
  'protocol',
]);
export type FileEnd = z.infer<typeof FileEnd>;

/** Everything that one page says to another. */
export const DirectWord = z.discriminatedUnion('kind', [
  /** As `chat:send` to the server; the same message has the same id on both ways. */
  z.strictObject({
    kind: z.literal('chat:say'),
    id: MessageId,
    text: z.string().min(1).max(limits.chatLength),
  }),
  z.strictObject({
    kind: z.literal('file:offer'),
    file: FileNumber,
    name: FileName,
    sizeBytes: Bytes,
    /** MIME type as the sender's system names it; a hint and nothing else. */
    type: z.string().max(127),
  }),
  /** The receiver wants the bytes from here on: the first time, and on each connection that takes the place of another. */
  z.strictObject({ kind: z.literal('file:take'), file: FileNumber, fromByte: Bytes }),
  /** So many bytes are put away. */
  z.strictObject({ kind: z.literal('file:have'), file: FileNumber, bytes: Bytes }),
  z.strictObject({
    kind: z.literal('file:sum'),
    file: FileNumber,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** All bytes are here, and their SHA-256 is the sender's. */
  z.strictObject({ kind: z.literal('file:kept'), file: FileNumber }),
  /** `from`: whose file it is that ends, as seen by who says it. */
  z.strictObject({
    kind: z.literal('file:end'),
    file: FileNumber,
    of: z.enum(['mine', 'yours']),
    why: FileEnd,
  }),
]);
export type DirectWord = z.infer<typeof DirectWord>;
export type FileWord = Exclude<DirectWord, { kind: 'chat:say' }>;
