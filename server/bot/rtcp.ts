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
const REMB = 15;

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

/** @param atMs milliseconds since 1970 @param blocks about sources, {@link BLOCK_BYTES} each */
export function senderReport(sent: Sent, atMs: number, blocks: readonly Buffer[] = []): Buffer {
  const head = Buffer.alloc(28);
  const { sec, fraction } = ntpOf(atMs);
  [sent.ssrc, sec, fraction, sent.time, sent.packets, sent.bytes].forEach((value, index) =>
    head.writeUInt32BE(value % 2 ** 32, 4 + 4 * index),
  );
  const packet = Buffer.concat([head, ...blocks]);
  writeHead(packet, blocks.length, packetTypes.senderReport);
  return packet;
}

/** Seconds since 1900, in whole ones and in parts of 2⁻³² (RFC 3550 §4). */
function ntpOf(atMs: number): { sec: number; fraction: number } {
  return {
    sec: Math.floor(atMs / 1000) + 2_208_988_800,
    fraction: Math.floor(((atMs % 1000) / 1000) * 2 ** 32),
  };
}

/** The name under which the answer announced all streams of the bot: they belong together (RFC 3550 §6.5.1). */
export function described(ssrc: number): Buffer {
  const packet = Buffer.alloc(16);
  writeHead(packet, 1, packetTypes.sourceDescription);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt8(1, 8); // CNAME
  packet.writeUInt8(3, 9);
  packet.write('bot', 10, 'latin1');
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

/** The sequence numbers that a NACK asks for: one, and a bit for each of the sixteen after it (RFC 4585 §6.2.1). */
export function nacked(packet: Buffer): number[] {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= packet.length; at += 4) {
    const first = packet.readUInt16BE(at);
    const more = packet.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit++) if (more & (1 << bit)) sequences.push((first + bit + 1) & 0xffff);
  }
  return sequences;
}
