/** The file that is sent, and how its receiver knows that it is whole: no part of what is compared. */

/** Bytes of the file: more than a channel takes at once, and little enough to be there in a moment. */
export const FILE_SIZE = 3_000_000;

/** Bytes that look like chance and are the same each time (an xorshift generator). */
export function makeFile(): Uint8Array<ArrayBuffer> {
  let state = 0x2545f491;
  return Uint8Array.from({ length: FILE_SIZE }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

export async function sha256(bytes: BufferSource): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What bob tells when all is there and nothing is changed. */
export const whole = `${FILE_SIZE} bytes are here, and their SHA-256 is the one that alice told.`;

/** Compares what has come with what was announced, and says so in a sentence. */
export const check = async (bytes: Uint8Array<ArrayBuffer>, announced: string): Promise<string> =>
  bytes.byteLength === FILE_SIZE && (await sha256(bytes)) === announced
    ? whole
    : `${bytes.byteLength} bytes are here, and they are not what alice has sent.`;
