import type { FileNumber } from '../../../protocol/direct.ts';

/**
 * A piece of a file as it travels on the channel for bytes: the number of the file (4 bytes), the offset of the first
 * byte of the piece (8 bytes), both in network order, and the piece.
 */
export interface Frame {
  readonly file: number;
  readonly fromByte: number;
  readonly piece: Uint8Array<ArrayBuffer>;
}

const HEADER = 12;
/** The size of a message that every implementation takes, without asking for `maxMessageSize` (RFC 8831 §6.6). */
export const FRAME_BYTES = 16_384;
/** How much of a file fits in one. */
export const PIECE_BYTES = FRAME_BYTES - HEADER;

/** @param piece 1 to {@link PIECE_BYTES} bytes */
export function toFrame(file: FileNumber, fromByte: number, piece: Uint8Array): ArrayBuffer {
  const frame = new ArrayBuffer(HEADER + piece.length);
  const head = new DataView(frame);
  head.setUint32(0, file);
  head.setBigUint64(4, BigInt(fromByte));
  new Uint8Array(frame, HEADER).set(piece);
  return frame;
}

/** Undefined for what is no frame: too short, too long, or an offset beyond all numbers. */
export function readFrame(frame: ArrayBuffer): Frame | undefined {
  if (frame.byteLength <= HEADER || frame.byteLength > FRAME_BYTES) return undefined;
  const head = new DataView(frame);
  const fromByte = head.getBigUint64(4);
  if (fromByte > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { file: head.getUint32(0), fromByte: Number(fromByte), piece: new Uint8Array(frame, HEADER) };
}
