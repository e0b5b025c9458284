import { HEADER_BYTES } from '../../src/protocol/stun/message.ts';

/** The longest message that somebody without an allocation has reason to send. */
const STRANGER_BYTES = 2_048;

/**
 * Cuts a TCP stream into STUN messages and ChannelData (RFC 8489 §6.2.2, RFC 8656 §12.5), without their padding.
 *
 * Bytes are copied only where a frame came in pieces.
 */
export class Frames {
  #pieces: Buffer[] = [];
  #haveBytes = 0;
  #needBytes = 4;

  /** Whether the beginning of a frame has come and its end has not. */
  get pending(): boolean {
    return this.#haveBytes > 0;
  }

  /**
   * Takes what has come and gives every whole frame.
   *
   * @param known long frames are welcome: they come from somebody with an allocation
   * @returns false when the stream is broken: where the next frame begins can then not be known
   */
  push(chunk: Buffer, known: () => boolean, emit: (frame: Buffer) => void): boolean {
    this.#pieces.push(chunk);
    this.#haveBytes += chunk.length;
    if (this.#haveBytes < this.#needBytes) return true;
    let rest = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    this.#needBytes = 4;
    while (rest.length >= 4) {
      const size = sizeOf(rest);
      if (size === undefined || (size.whole > STRANGER_BYTES && !known())) return false;
      if (rest.length < size.whole) {
        this.#needBytes = size.whole;
        break;
      }
      emit(rest.subarray(0, size.frame));
      rest = rest.subarray(size.whole);
    }
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#haveBytes = rest.length;
    return true;
  }
}

function sizeOf(bytes: Buffer): { frame: number; whole: number } | undefined {
  const length = bytes.readUInt16BE(2);
  const first = bytes[0]!;
  if (first < 0x40)
    return length % 4 === 0 ? { frame: HEADER_BYTES + length, whole: HEADER_BYTES + length } : undefined;
  if (first >= 0x80) return undefined;
  return { frame: 4 + length, whole: 4 + length + (-length & 3) };
}
