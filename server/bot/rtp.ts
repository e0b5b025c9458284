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

export function writeRtp(header: RtpHeader, ...payload: readonly Buffer[]): Buffer {
  const fixed = Buffer.alloc(HEADER_BYTES);
  fixed.writeUInt8(0x80, 0);
  fixed.writeUInt8((header.marker ? 0x80 : 0) | header.payloadType, 1);
  fixed.writeUInt16BE(header.sequence, 2);
  fixed.writeUInt32BE(header.time, 4);
  fixed.writeUInt32BE(header.ssrc, 8);
  return Buffer.concat([fixed, ...payload]);
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
