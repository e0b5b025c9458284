import type { RtpPacket } from '../../rtp/rtp.ts';

/** What a packet says of the picture that it is a part of, without decoding it. */
export interface Picture {
  /** From here on a decoder can begin: the first packet of a key frame. */
  readonly isKey: boolean;
  /** Temporal layer: others do not need what is above 0. */
  readonly temporal: number;
  /** Its temporal layer can be begun with here: it needs only pictures of layer 0. */
  readonly isSync: boolean;
  /** Where the number of the picture is, in bytes from the payload's begin; -1: it has none. */
  readonly idAt: number;
  /** 7 or 15 bits. */
  readonly idBits: 7 | 15;
  readonly id: number;
  /** The same for the count of pictures of temporal layer 0 (TL0PICIDX). */
  readonly tl0At: number;
  readonly tl0: number;
  /** Of a key frame that tells it. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

/** Of sound, and of codecs that are not read: a receiver can begin anywhere. */
const plain: Picture = {
  isKey: true,
  temporal: 0,
  isSync: false,
  idAt: -1,
  idBits: 15,
  id: 0,
  tl0At: -1,
  tl0: 0,
  size: undefined,
};

const readers: Record<string, (payload: Buffer) => Picture | undefined> = {
  vp8: readVp8,
  vp9: readVp9,
  h264: readH264,
  av1: readAv1,
};

/** @param codec its encoding name, in any case @returns undefined for a packet that is cut off */
export function readPicture(codec: string, packet: RtpPacket): Picture | undefined {
  const read = readers[codec.toLowerCase()];
  if (!read) return plain;
  return packet.payloadEnd > packet.payloadAt ? read(packet.payload) : undefined;
}

/** The payload descriptor of RFC 7741 §4.2, and of a key frame its header (RFC 6386 §9.1). */
function readVp8(payload: Buffer): Picture | undefined {
  const first = payload[0]!;
  const flags = first & 0x80 ? (payload[1] ?? 0) : 0;
  let at = first & 0x80 ? 2 : 1;
  const idAt = flags & 0x80 ? at : -1;
  const idBits = idAt >= 0 && (payload[at] ?? 0) & 0x80 ? 15 : 7;
  if (idAt >= 0) at += idBits === 15 ? 2 : 1;
  const tl0At = flags & 0x40 ? at++ : -1;
  const temporal = flags & 0x20 ? (payload[at] ?? 0) >> 6 : 0;
  const isSync = (flags & 0x20) !== 0 && ((payload[at] ?? 0) & 0x20) !== 0; // Y
  if (flags & 0x30) at++;
  if (at >= payload.length) return undefined;
  // S: a partition begins here, and it is the first one; its lowest bit is 0 in a key frame.
  const isKey = (first & 0x1f) === 0x10 && (payload[at]! & 1) === 0;
  const tellsSize = isKey && at + 10 <= payload.length && payload.readUIntBE(at + 3, 3) === 0x9d012a;
  const size = tellsSize
    ? { width: payload.readUInt16LE(at + 6) & 0x3fff, height: payload.readUInt16LE(at + 8) & 0x3fff }
    : undefined;
  return { ...numbersAt(payload, idAt, idBits, tl0At), isKey, temporal, isSync, size };
}

/** The payload descriptor of RFC 9628 §4.2. */
function readVp9(payload: Buffer): Picture | undefined {
  const first = payload[0]!;
  const [hasId, isPredicted, hasLayers, isFlexible, begins, hasStructure] = [
    first & 0x80,
    first & 0x40,
    first & 0x20,
    first & 0x10,
    first & 0x08,
    first & 0x02,
  ];
  let at = 1;
  const idAt = hasId ? at : -1;
  const idBits = hasId && (payload[at] ?? 0) & 0x80 ? 15 : 7;
  if (hasId) at += idBits === 15 ? 2 : 1;
  const layers = hasLayers ? (payload[at++] ?? 0) : 0;
  const tl0At = hasLayers && !isFlexible ? at++ : -1;
  if (isFlexible && isPredicted)
    for (let more = 1, count = 0; more && count < 3; count++) more = (payload[at++] ?? 0) & 1;
  if (at >= payload.length) return undefined;
  const isKey = !isPredicted && begins !== 0 && (layers & 0x0e) === 0;
  let size: Picture['size'];
  if (isKey && hasStructure && payload[at]! & 0x10) {
    // Y: a width and a height for each spatial layer; the last one is the largest.
    const largest = at + 1 + 4 * (payload[at]! >> 5);
    if (largest + 4 <= payload.length)
      size = { width: payload.readUInt16BE(largest), height: payload.readUInt16BE(largest + 2) };
  }
  return {
    ...numbersAt(payload, idAt, idBits, tl0At),
    isKey,
    temporal: layers >> 5,
    isSync: (layers & 0x10) !== 0,
    size,
  };
}

function numbersAt(payload: Buffer, idAt: number, idBits: 7 | 15, tl0At: number) {
  const isCut = idAt + (idBits === 15 ? 2 : 1) > payload.length;
  const id =
    idAt < 0 || isCut ? 0 : idBits === 15 ? payload.readUInt16BE(idAt) & 0x7fff : payload[idAt]! & 0x7f;
  return { idAt, idBits, id, tl0At, tl0: tl0At < 0 ? 0 : (payload[tl0At] ?? 0) };
}

/** A sequence parameter set, with which browsers begin each key frame (RFC 6184 §5.6 to §5.8). */
function readH264(payload: Buffer): Picture {
  const SPS = 7;
  const STAP_A = 24;
  const FU_A = 28;
  const type = payload[0]! & 0x1f;
  let isKey = type === SPS;
  if (type === FU_A && payload.length > 1) isKey = (payload[1]! & 0x9f) === (0x80 | SPS);
  if (type === STAP_A)
    for (let at = 1; at + 2 < payload.length; at += 2 + payload.readUInt16BE(at))
      isKey ||= (payload[at + 2]! & 0x1f) === SPS;
  return { ...plain, isKey };
}

/** N of the aggregation header: a coded video sequence begins here (AV1 RTP payload format §4.4). */
function readAv1(payload: Buffer): Picture {
  return { ...plain, isKey: (payload[0]! & 0x88) === 0x08 };
}
