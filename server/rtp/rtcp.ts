/** Reports and requests (RFC 3550 §6, RFC 4585 §6), read and written. */

export const packetTypes = {
  senderReport: 200,
  receiverReport: 201,
  sourceDescription: 202,
  transportFeedback: 205,
  payloadFeedback: 206,
} as const;

/** What a feedback packet wants, in the place where reports have their count of blocks. */
export const NACK = 1;
export const PLI = 1;
export const FIR = 4;
/** Of `goog-remb` (draft-alvestrand-rmcat-remb-03 §2.2). */
export const REMB = 15;
/** Of `transport-cc` (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */
export const TRANSPORT_CC = 15;

/** A block of a report about one source (RFC 3550 §6.4.1). */
export const BLOCK_BYTES = 24;

/** The packets of a compound one, or undefined when it is malformed. Those that name nobody are left out. */
export function splitCompound(compound: Buffer): Buffer[] | undefined {
  const packets: Buffer[] = [];
  for (let at = 0; at + 8 <= compound.length;) {
    const bytes = (compound.readUInt16BE(at + 2) + 1) * 4;
    if (at + bytes > compound.length || compound[at]! >> 6 !== 2) return undefined;
    // Shorter ones name nobody, such as a BYE of no source (RFC 3550 §6.6).
    if (bytes >= 8) packets.push(compound.subarray(at, at + bytes));
    at += bytes;
  }
  return packets;
}

/** Writes the first word: version, count, type and length. */
export function writeHead(packet: Buffer, count: number, type: number): void {
  packet.writeUInt8(0x80 | count, 0);
  packet.writeUInt8(type, 1);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
}

/** @param blocks about sources, {@link BLOCK_BYTES} each */
export function receiverReport(ssrc: number, blocks: readonly Buffer[] = []): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(ssrc, 4);
  const packet = Buffer.concat([head, ...blocks]);
  writeHead(packet, blocks.length, packetTypes.receiverReport);
  return packet;
}

/** What a sender says of its stream. */
export interface Sent {
  readonly ssrc: number;
  /** The RTP timestamp that belongs to the time of the report. */
  readonly time: number;
  readonly packets: number;
  /** Of payloads, without headers. */
  readonly bytes: number;
}

/**
 * @param atMs   milliseconds since 1970, of the clock that all streams of the sender are measured by
 * @param blocks about sources, {@link BLOCK_BYTES} each
 */
export function senderReport(sent: Sent, atMs: number, blocks: readonly Buffer[] = []): Buffer {
  const head = Buffer.alloc(28);
  const { sec, fraction } = ntpOf(atMs);
  [sent.ssrc, sec, fraction, sent.time, sent.packets, sent.bytes].forEach((value, index) =>
    head.writeUInt32BE(value >>> 0, 4 + 4 * index),
  );
  const packet = Buffer.concat([head, ...blocks]);
  writeHead(packet, blocks.length, packetTypes.senderReport);
  return packet;
}

/** Between the years 1900, in which NTP begins, and 1970. */
const NTP_EPOCH_SEC = 2_208_988_800;

/** Seconds since 1900, in whole ones and in parts of 2⁻³² (RFC 3550 §4). */
function ntpOf(atMs: number): { sec: number; fraction: number } {
  const sec = Math.floor(atMs / 1000);
  return { sec: sec + NTP_EPOCH_SEC, fraction: Math.floor((atMs / 1000 - sec) * 2 ** 32) };
}

/** What a sender's report says of its clock: which RTP timestamp belongs to which time. Undefined when it is cut off. */
export function readSenderReport(packet: Buffer): { atMs: number; time: number } | undefined {
  if (packet.length < 28) return undefined;
  const sec = packet.readUInt32BE(8) - NTP_EPOCH_SEC;
  return { atMs: (sec + packet.readUInt32BE(12) / 2 ** 32) * 1000, time: packet.readUInt32BE(16) };
}

/** A block about one source: who, and how much of what was sent since the last one was lost, 0 to 1. */
export function readBlocks(packet: Buffer): { ssrc: number; lost: number }[] {
  const start = packet[1] === packetTypes.senderReport ? 28 : 8;
  const most = packet[0]! & 0x1f;
  const blocks: { ssrc: number; lost: number }[] = [];
  for (let at = start; at + BLOCK_BYTES <= packet.length && blocks.length < most; at += BLOCK_BYTES)
    blocks.push({ ssrc: packet.readUInt32BE(at), lost: packet[at + 4]! / 256 });
  return blocks;
}

/** The name under which descriptions announce all streams of one participant: they belong together (RFC 3550 §6.5.1). */
export function described(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname, 'latin1').subarray(0, 255);
  // The list of items ends with at least one zero, at a multiple of four bytes.
  const packet = Buffer.alloc(Math.ceil((10 + name.length + 1) / 4) * 4);
  writeHead(packet, 1, packetTypes.sourceDescription);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt8(1, 8); // CNAME
  packet.writeUInt8(name.length, 9);
  name.copy(packet, 10);
  return packet;
}

/**
 * Tells a sender how much it may send at most (draft-alvestrand-rmcat-remb).
 *
 * @param ssrc       who says it
 * @param sources    of whose streams
 * @param bitrateBps bits per second
 */
export function remb(ssrc: number, sources: readonly number[], bitrateBps: number): Buffer {
  const exponent = Math.max(0, Math.floor(Math.log2(bitrateBps)) - 17);
  const packet = Buffer.alloc(20 + 4 * sources.length);
  writeHead(packet, REMB, packetTypes.payloadFeedback);
  packet.writeUInt32BE(ssrc, 4);
  packet.write('REMB', 12, 'latin1');
  packet.writeUInt32BE(
    sources.length * 2 ** 24 + exponent * 2 ** 18 + Math.floor(bitrateBps / 2 ** exponent),
    16,
  );
  sources.forEach((source, index) => packet.writeUInt32BE(source, 20 + 4 * index));
  return packet;
}

/** What a receiver says that its line holds, bits per second; undefined where it says nothing of the kind. */
export function readRemb(packet: Buffer): number | undefined {
  if (packet.length < 20 || packet.toString('latin1', 12, 16) !== 'REMB') return undefined;
  const value = packet.readUInt32BE(16) & 0xffffff;
  return (value & 0x3ffff) * 2 ** (value >> 18);
}

/** Asks for a key frame (RFC 4585 §6.3.1). @param ssrc who asks @param of whose stream */
export function pictureLoss(ssrc: number, of: number): Buffer {
  const packet = Buffer.alloc(12);
  writeHead(packet, PLI, packetTypes.payloadFeedback);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(of, 8);
  return packet;
}

/** The streams of which a packet of feedback asks a key frame: by PLI, or by FIR (RFC 5104 §4.3.1). */
export function keyFrameWishes(packet: Buffer): number[] {
  const format = packet[0]! & 0x1f;
  if (format === PLI) return packet.length >= 12 ? [packet.readUInt32BE(8)] : [];
  const ssrcs: number[] = [];
  if (format === FIR) for (let at = 12; at + 8 <= packet.length; at += 8) ssrcs.push(packet.readUInt32BE(at));
  return ssrcs;
}

/** Asks for packets to be sent again (RFC 4585 §6.2.1). @param sequences ascending, where numbers begin anew as well */
export function nack(ssrc: number, of: number, sequences: readonly number[]): Buffer {
  const words: [first: number, more: number][] = [];
  for (const sequence of sequences) {
    const word = words.at(-1);
    const after = word ? (sequence - word[0] - 1) & 0xffff : Infinity;
    if (word && after < 16) word[1] |= 1 << after;
    else words.push([sequence, 0]);
  }
  const packet = Buffer.alloc(12 + 4 * words.length);
  writeHead(packet, NACK, packetTypes.transportFeedback);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(of, 8);
  words.forEach(([first, more], index) => {
    packet.writeUInt16BE(first, 12 + 4 * index);
    packet.writeUInt16BE(more, 14 + 4 * index);
  });
  return packet;
}

/** The sequence numbers that a NACK asks for: one, and a bit for each of the sixteen after it (RFC 4585 §6.2.1). */
export function nacked(packet: Buffer, most = Infinity): number[] {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.length && sequences.length < most; at += 4) {
    const first = packet.readUInt16BE(at);
    const more = packet.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit++) if (more & (1 << bit)) sequences.push((first + bit + 1) & 0xffff);
  }
  return sequences;
}
