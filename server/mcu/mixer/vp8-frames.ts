import { ahead, type RtpPacket } from '../../rtp/rtp.ts';

export interface Vp8Frame {
  readonly data: Buffer;
  /** RTP timestamp, in ticks of 90 kHz. */
  readonly time: number;
  readonly isKey: boolean;
}

/** Puts VP8 frames together from packets that come in order; after a hole it waits for a key frame. */
export class Vp8Frames {
  #parts: Buffer[] = [];
  #sequence: number | undefined;
  #isWhole = false;
  #needsKey = true;

  /** Nothing comes before the next key frame. */
  get needsKey(): boolean {
    return this.#needsKey;
  }

  /** @returns the frame that the packet completes */
  take(packet: RtpPacket): Vp8Frame | undefined {
    const step = this.#sequence === undefined ? 1 : ahead(packet.sequence, this.#sequence, 16);
    if (step <= 0) return undefined;
    this.#sequence = packet.sequence;
    if (step > 1) this.#lose();
    const { payload } = packet;
    if (payload.length === 0) return undefined; // padding, to find out what the line holds
    const length = descriptorBytes(payload);
    if (length >= payload.length) {
      this.#lose();
      return undefined;
    }
    const begins = (payload[0]! & 0x10) !== 0 && (payload[0]! & 0x07) === 0;
    if (begins) {
      this.#parts = [];
      this.#isWhole = true;
    }
    this.#parts.push(Buffer.from(payload.subarray(length)));
    if (!packet.marker) return undefined;
    const data = Buffer.concat(this.#parts);
    const isWhole = this.#isWhole;
    this.#isWhole = false;
    // RFC 6386 §9.1: the lowest bit of the first byte is 0 in a key frame.
    const isKey = (data[0]! & 1) === 0;
    if (!isWhole || (this.#needsKey && !isKey)) return undefined;
    this.#needsKey = false;
    return { data, time: packet.time, isKey };
  }

  #lose(): void {
    this.#isWhole = false;
    this.#needsKey = true;
  }
}

/** How long the payload descriptor is; more than there is where it is cut off (RFC 7741 §4.2). */
function descriptorBytes(payload: Buffer): number {
  if ((payload[0]! & 0x80) === 0) return 1;
  const extension = payload[1] ?? 0;
  let length = 2;
  if (extension & 0x80) length += (payload[2] ?? 0) & 0x80 ? 2 : 1; // PictureID, of 7 or 15 bits
  if (extension & 0x40) length += 1; // TL0PICIDX
  if (extension & 0x30) length += 1; // TID and KEYIDX share one
  return length;
}
