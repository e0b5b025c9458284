import { ONE_BYTE, type RtpPacket, TWO_BYTE } from '../../rtp/rtp.ts';
import type { Extensions } from './types.ts';

const FIXED_BYTES = 12;

/** Writes packets of one stream: what is the same in each of them, header extensions included, is written once. */
export class HeaderWriter {
  readonly #template: Buffer;
  /** Where the values of extensions are; 0: not agreed on. */
  #sendTimeAt = 0;
  #levelAt = 0;

  constructor(payloadType: number, ssrc: number, mid: string, extensions: Extensions) {
    const values: [id: number | undefined, value: Buffer][] = [
      [extensions.absSendTime, Buffer.alloc(3)],
      [extensions.audioLevel, Buffer.alloc(1)],
      [extensions.mid, Buffer.from(mid, 'latin1')],
    ];
    const agreed = values.filter(([id, value]) => id !== undefined && value.length > 0) as [number, Buffer][];
    // Heads of one byte have room for the numbers 1 to 14 and for 16 bytes (RFC 8285 §4.2).
    const isTwoByte = agreed.some(([id, value]) => id > 14 || value.length > 16);
    const parts: Buffer[] = [];
    let bytes = FIXED_BYTES + 4;
    for (const [id, value] of agreed) {
      const head = isTwoByte ? [id, value.length] : [(id << 4) | (value.length - 1)];
      if (id === extensions.absSendTime) this.#sendTimeAt = bytes + head.length;
      if (id === extensions.audioLevel) this.#levelAt = bytes + head.length;
      parts.push(Buffer.from(head), value);
      bytes += head.length + value.length;
    }
    const words = Math.ceil((bytes - FIXED_BYTES - 4) / 4);
    const hasExtensions = words > 0;
    const template = Buffer.alloc(hasExtensions ? FIXED_BYTES + 4 + 4 * words : FIXED_BYTES);
    template[0] = hasExtensions ? 0x90 : 0x80;
    template[1] = payloadType;
    template.writeUInt32BE(ssrc, 8);
    if (hasExtensions) {
      template.writeUInt16BE(isTwoByte ? TWO_BYTE : ONE_BYTE, FIXED_BYTES);
      template.writeUInt16BE(words, FIXED_BYTES + 2);
      Buffer.concat(parts).copy(template, FIXED_BYTES + 4);
    }
    this.#template = template;
  }

  /** How long the header is. */
  get bytes(): number {
    return this.#template.length;
  }

  /**
   * @param level  the value of the extension for audio levels (RFC 6464 §3)
   * @param room   bytes that are left free between header and payload
   * @param isBare without the payload
   */
  write(
    rtp: RtpPacket,
    sequence: number,
    time: number,
    marker: boolean,
    level: number,
    nowMs: number,
    room = 0,
    isBare = false,
  ): Buffer {
    const header = this.#template.length;
    const length = isBare ? 0 : rtp.payloadEnd - rtp.payloadAt;
    const bytes = Buffer.allocUnsafe(header + room + length);
    this.#template.copy(bytes);
    if (marker) bytes[1]! |= 0x80;
    bytes.writeUInt16BE(sequence, 2);
    bytes.writeUInt32BE(time, 4);
    // 24 bits: seconds in six, and parts of 2⁻¹⁸.
    if (this.#sendTimeAt > 0)
      bytes.writeUIntBE(Math.floor((nowMs / 1000) * 2 ** 18) % 2 ** 24, this.#sendTimeAt, 3);
    if (this.#levelAt > 0) bytes[this.#levelAt] = level;
    if (length > 0) rtp.bytes.copy(bytes, header + room, rtp.payloadAt, rtp.payloadEnd);
    return bytes;
  }
}
