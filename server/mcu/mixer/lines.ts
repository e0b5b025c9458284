/** The lines between participants, as they pass: who wrote it takes the place of whom it is for. */
import * as z from 'zod';
import { LineWord } from '../../../src/protocol/middlebox.ts';
import { PeerId } from '../../../src/protocol/ids.ts';

/** As of `DirectLine.send()` in `src/rtc/meeting/engine.ts`, with its envelope. */
const MOST_WORD = 17_000;
/** A PeerId in ASCII, in front of the bytes of a file. */
const ID_BYTES = 22;
const MOST_BYTES = 262_144;

const Word = z
  .string()
  .max(MOST_WORD)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
      return z.NEVER;
    }
  })
  .pipe(LineWord);

/** Undefined: it is no word of the protocol, and goes nowhere. */
export function forwardWord(text: string, from: PeerId): { to: PeerId; text: string } | undefined {
  const word = Word.safeParse(text);
  if (!word.success) return undefined;
  const { peer: to, message } = word.data;
  return { to, text: JSON.stringify({ peer: from, message }) };
}

/** Undefined: it does not begin with an id, and goes nowhere. */
export function forwardBytes(data: ArrayBuffer, from: PeerId): { to: PeerId; data: ArrayBuffer } | undefined {
  if (data.byteLength < ID_BYTES || data.byteLength > MOST_BYTES) return undefined;
  const head = new Uint8Array(data, 0, ID_BYTES);
  const to = PeerId.safeParse(String.fromCharCode(...head));
  if (!to.success || from.length !== ID_BYTES) return undefined;
  head.set(Array.from(from, (letter) => letter.charCodeAt(0)));
  return { to: to.data, data };
}
