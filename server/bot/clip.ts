import { readFileSync } from 'node:fs';
import { limits } from '../../src/protocol/signaling.ts';

/** What a bot shows and plays over and over: encoded once by `scripts/make-bot-clips.mjs`, since Node has no encoder. */
export interface Clip {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly framesPerSec: number;
  /** VP8. The first one is a key frame: it may follow on the last one. */
  readonly frames: readonly { readonly isKey: boolean; readonly bytes: Buffer }[];
  /** Opus, mono. Any one may follow on any other: a whole number of the tone's periods fits into each. */
  readonly packets: readonly Buffer[];
  readonly packetMs: number;
}

/** As many as a mesh may have bots. */
const CLIPS = 8;
const MAGIC = 'bot-clip';
const HEAD_BYTES = 20;
const KEY_FRAME = 2 ** 31;

/** The clip of a numbered bot: after the eighth they begin anew. Undefined for any other name. */
export function clipOf(name: string): number | undefined {
  const number = Number(/^Bot (\d{1,2})$/.exec(name)?.[1]);
  return number >= 1 && number <= limits.ghosts ? ((number - 1) % CLIPS) + 1 : undefined;
}

/** @param number 1 … {@link CLIPS} */
export function openClip(number: number): Clip {
  return readClip(readFileSync(new URL(`clips/bot-${number}.clip`, import.meta.url)));
}

/**
 * Reads a clip. All numbers are big-endian and without a sign:
 *
 * - 8 bytes `bot-clip`
 * - 16 bits each: width, height, frames a second, number of frames, number of sound packets, milliseconds of a packet
 * - for each frame 32 bits: its size in bytes; the highest bit is set for a key frame
 * - for each packet 16 bits: its size in bytes
 * - all frames, then all packets, one after the other
 *
 * @throws {Error} when the sizes do not add up to the file's, or it begins with another frame than a key frame
 */
export function readClip(file: Buffer): Clip {
  if (file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('this is no clip of a bot');
  const at = (index: number) => file.readUInt16BE(MAGIC.length + 2 * index);
  const [width, height, framesPerSec, frameCount, packetCount, packetMs] = [
    at(0),
    at(1),
    at(2),
    at(3),
    at(4),
    at(5),
  ];
  const frameSizes = Array.from({ length: frameCount }, (_, index) =>
    file.readUInt32BE(HEAD_BYTES + 4 * index),
  );
  const packetSizes = Array.from({ length: packetCount }, (_, index) =>
    file.readUInt16BE(HEAD_BYTES + 4 * frameCount + 2 * index),
  );
  let start = HEAD_BYTES + 4 * frameCount + 2 * packetCount;
  const cut = (size: number) => file.subarray(start, (start += size));
  const frames = frameSizes.map((size) => ({ isKey: size >= KEY_FRAME, bytes: cut(size % KEY_FRAME) }));
  const packets = packetSizes.map(cut);
  if (start !== file.length) throw new Error(`a clip of ${file.length} bytes, and its parts are ${start}`);
  if (!frames[0]?.isKey || packets.length === 0)
    throw new Error('a clip has no sound, or no key frame first');
  return { width, height, framesPerSec, frames, packets, packetMs };
}
