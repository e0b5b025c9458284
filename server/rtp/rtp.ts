/** The fixed header of an RTP packet as we write it: no contributing sources, no extension (RFC 3550 §5.1). */
export interface RtpHeader {
  readonly payloadType: number;
  /** The last packet of a picture (RFC 7741 §4.1); the first one after silence (RFC 3551 §4.1). */
  readonly marker: boolean;
  /** 0 … 65 535 */
  readonly sequence: number;
  /** In ticks of the codec's clock, 0 … 2³²−1. */
  readonly time: number;
  readonly ssrc: number;
}

const HEADER_BYTES = 12;
/** With headers and tags of SRTP, UDP and IP it stays below the 1280 bytes that cross any network of IPv6. */
const MAX_PAYLOAD_BYTES = 1_150;
/** What header extensions begin with: those with a head of one byte each, or of two (RFC 8285 §4.2, §4.3). */
export const ONE_BYTE = 0xbede;
export const TWO_BYTE = 0x1000;

export function writeRtp(header: RtpHeader, ...payload: readonly Buffer[]): Buffer {
  const fixed = Buffer.alloc(HEADER_BYTES);
  fixed.writeUInt8(0x80, 0);
  fixed.writeUInt8((header.marker ? 0x80 : 0) | header.payloadType, 1);
  fixed.writeUInt16BE(header.sequence, 2);
  fixed.writeUInt32BE(header.time, 4);
  fixed.writeUInt32BE(header.ssrc, 8);
  return Buffer.concat([fixed, ...payload]);
}

/** The fixed header, contributing sources and header extensions of an RTP packet, in bytes (RFC 3550 §5.1). */
export function headerBytes(packet: Buffer): number {
  if (packet.length < HEADER_BYTES) return Infinity;
  const fixed = HEADER_BYTES + 4 * (packet[0]! & 0x0f);
  if ((packet[0]! & 0x10) === 0) return fixed;
  return fixed + 4 > packet.length ? Infinity : fixed + 4 + 4 * packet.readUInt16BE(fixed + 2);
}

/** A packet that came, read in place: nothing of it is copied. */
export class RtpPacket implements RtpHeader {
  readonly bytes: Buffer;
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly time: number;
  readonly ssrc: number;
  /** Where the payload begins, and where it ends: padding is left out. The same number where there is none. */
  readonly payloadAt: number;
  readonly payloadEnd: number;

  private constructor(bytes: Buffer, payloadAt: number, payloadEnd: number) {
    this.bytes = bytes;
    this.payloadType = bytes[1]! & 0x7f;
    this.marker = (bytes[1]! & 0x80) !== 0;
    this.sequence = bytes.readUInt16BE(2);
    this.time = bytes.readUInt32BE(4);
    this.ssrc = bytes.readUInt32BE(8);
    this.payloadAt = payloadAt;
    this.payloadEnd = payloadEnd;
  }

  /** Undefined for what is no RTP packet, or says that it is longer than it is. */
  static read(bytes: Buffer): RtpPacket | undefined {
    const payloadAt = headerBytes(bytes);
    if (payloadAt > bytes.length || bytes[0]! >> 6 !== 2) return undefined;
    if ((bytes[0]! & 0x20) === 0) return new RtpPacket(bytes, payloadAt, bytes.length);
    // The last byte of padding counts it, itself included (RFC 3550 §5.1).
    const padding = bytes.length > payloadAt ? bytes[bytes.length - 1]! : 0;
    const payloadEnd = bytes.length - padding;
    return padding === 0 || payloadEnd < payloadAt ? undefined : new RtpPacket(bytes, payloadAt, payloadEnd);
  }

  get payload(): Buffer {
    return this.bytes.subarray(this.payloadAt, this.payloadEnd);
  }

  /** The value of a header extension, by its number in this connection (RFC 8285 §4); undefined where it has none. */
  extension(id: number | undefined): Buffer | undefined {
    const { bytes, payloadAt } = this;
    if (id === undefined || (bytes[0]! & 0x10) === 0) return undefined;
    const start = HEADER_BYTES + 4 * (bytes[0]! & 0x0f);
    const profile = bytes.readUInt16BE(start);
    const isTwoByte = (profile & 0xfff0) === TWO_BYTE;
    if (!isTwoByte && profile !== ONE_BYTE) return undefined;
    for (let at = start + 4; at < payloadAt;) {
      const head = bytes[at++]!;
      if (head === 0) continue; // padding
      if (!isTwoByte && head >> 4 === 15) return undefined; // reserved: the end (§4.2)
      const found = isTwoByte ? head : head >> 4;
      const length = isTwoByte ? (bytes[at++] ?? 0) : (head & 0x0f) + 1;
      if (at + length > payloadAt) return undefined;
      if (found === id) return bytes.subarray(at, at + length);
      at += length;
    }
    return undefined;
  }

  /** The same as text, such as a mid (RFC 8843 §15) or a rid (RFC 8852 §3). */
  text(id: number | undefined): string | undefined {
    return this.extension(id)?.toString('latin1');
  }

  /**
   * The packet that this one repeats (RFC 4588 §4), made in place: this one is not to be used any more. Undefined where it
   * repeats nothing: such are sent to find out what a line holds.
   */
  repeated(ssrc: number, payloadType: number): RtpPacket | undefined {
    const { bytes, payloadAt, payloadEnd } = this;
    if (payloadEnd - payloadAt <= 2) return undefined;
    const sequence = bytes.readUInt16BE(payloadAt);
    bytes.copyWithin(2, 0, payloadAt);
    const original = bytes.subarray(2, payloadEnd);
    original[0]! &= ~0x20; // its padding was left out
    original[1] = (original[1]! & 0x80) | payloadType;
    original.writeUInt16BE(sequence, 2);
    original.writeUInt32BE(ssrc, 8);
    return RtpPacket.read(original);
  }
}

/** How far a number is ahead of another where numbers begin anew after 2^bits: negative when it is behind. */
export function ahead(a: number, b: number, bits: 8 | 15 | 16 | 32): number {
  if (bits === 32) return (a - b) | 0;
  return ((a - b) << (32 - bits)) >> (32 - bits);
}

/**
 * The payloads of one VP8 frame: each begins with a payload descriptor of one byte, in which only the S bit says
 * something: here the frame's one partition begins (RFC 7741 §4.2). Frames are not split where partitions of the bitstream
 * end: a receiver without the whole frame could not use a part of it anyway.
 */
export function vp8Payloads(frame: Buffer): (readonly [descriptor: Buffer, part: Buffer])[] {
  const count = Math.max(1, Math.ceil(frame.length / MAX_PAYLOAD_BYTES));
  // All of the same size, or one byte less: many packets of a kind are no easier to lose than one small one.
  return Array.from({ length: count }, (_, index) => [
    Buffer.from([index === 0 ? 0x10 : 0x00]),
    frame.subarray(
      Math.floor((index * frame.length) / count),
      Math.floor(((index + 1) * frame.length) / count),
    ),
  ]);
}

/** RTCP, told from RTP by its second byte (RFC 5761 §4). */
export function isRtcp(packet: Buffer): boolean {
  const second = packet[1] ?? 0;
  return second >= 192 && second <= 223;
}
