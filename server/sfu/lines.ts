/** Words and the bytes of files between two participants, on the data channels of their connections up. */
import { PeerId } from '../../src/protocol/ids.ts';
import { LineWord } from '../../src/protocol/middlebox.ts';

export const WORDS = { id: 0, label: 'words' } as const;
export const BYTES = { id: 1, label: 'bytes' } as const;

/** Of a word with its envelope: 16 kB of JSON may be said. UTF-16 code units. */
const MAX_WORD = 20_000;
/** Of a peer id, in ASCII, in front of the bytes of a file. */
const ID_BYTES = 22;

/** What is to be handed on, and to whom: the name of the sender has taken the place of the receiver's. */
export interface Forward {
  readonly to: PeerId;
  readonly message: string | Buffer;
}

/** Undefined for whatever is no message between participants. */
export function readdress(channel: number, message: string | Buffer, from: PeerId): Forward | undefined {
  if (channel === WORDS.id && typeof message === 'string') return readdressWord(message, from);
  if (channel === BYTES.id && typeof message !== 'string') return readdressBytes(message, from);
  return undefined;
}

function readdressWord(text: string, from: PeerId): Forward | undefined {
  if (text.length > MAX_WORD) return undefined;
  try {
    const word = LineWord.safeParse(JSON.parse(text));
    return word.success
      ? { to: word.data.peer, message: JSON.stringify({ peer: from, message: word.data.message }) }
      : undefined;
  } catch {
    return undefined; // no JSON, or nested too deep
  }
}

function readdressBytes(bytes: Buffer, from: PeerId): Forward | undefined {
  if (bytes.length <= ID_BYTES) return undefined;
  const to = PeerId.safeParse(bytes.toString('latin1', 0, ID_BYTES));
  if (!to.success) return undefined;
  bytes.write(from, 0, 'latin1');
  return { to: to.data, message: bytes };
}
