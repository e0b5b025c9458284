import { BLOCK_BYTES } from './rtcp.ts';

/** Further apart than this, two sequence numbers are no loss but a new beginning (RFC 3550 appendix A.1). */
const MAX_DROPOUT = 3_000;
const MAX_LOST = 2 ** 23 - 1;

/** What came of one source, for the reports that its sender reads its loss and its round-trip time from. */
export class Reception {
  readonly #ssrc: number;
  readonly #clockRateHz: number;
  /** The sequence number of the first packet, and the highest one, with 65 536 added for each time they began anew. */
  #first = 0;
  #highest = 0;
  #received = 0;
  #before = { expected: 0, received: 0 };
  #jitterTicks = 0;
  #transit: number | undefined;
  #reported: { middle: number; atMs: number } | undefined;

  constructor(ssrc: number, clockRateHz: number) {
    this.#ssrc = ssrc;
    this.#clockRateHz = clockRateHz;
  }

  /** @param packet RTP, decrypted @param nowMs milliseconds of any clock */
  take(packet: Buffer, nowMs: number): void {
    const sequence = packet.readUInt16BE(2);
    const ahead = (sequence - this.#highest) & 0xffff;
    if (this.#received === 0 || (ahead >= MAX_DROPOUT && ahead < 0x10000 - MAX_DROPOUT)) {
      this.#first = this.#highest = sequence;
      this.#received = 0;
      this.#before = { expected: 0, received: 0 };
      this.#transit = undefined;
    } else if (ahead < MAX_DROPOUT) this.#highest += ahead;
    this.#received += 1;
    // Interarrival jitter, RFC 3550 §6.4.1. Timestamps begin anew every half a day or so: one jump is left out.
    const transit = (nowMs * this.#clockRateHz) / 1000 - packet.readUInt32BE(4);
    const change = Math.abs(transit - (this.#transit ?? transit));
    if (change < this.#clockRateHz) this.#jitterTicks += (change - this.#jitterTicks) / 16;
    this.#transit = transit;
  }

  /** Packets that did not come, in all. */
  get lost(): number {
    return this.#received === 0 ? 0 : Math.max(0, this.#highest - this.#first + 1 - this.#received);
  }

  /** The sender's own report has come: when, and how long ago, goes into ours; its round-trip time is the rest. */
  senderReport(packet: Buffer, nowMs: number): void {
    if (packet.length >= 16) this.#reported = { middle: packet.readUInt32BE(10), atMs: nowMs };
  }

  /** What came since the last block (RFC 3550 §6.4.1). */
  block(nowMs: number): Buffer {
    const expected = this.#highest - this.#first + 1;
    const expectedNow = expected - this.#before.expected;
    const lostNow = Math.max(0, expectedNow - (this.#received - this.#before.received));
    this.#before = { expected, received: this.#received };
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeUInt32BE(this.#ssrc, 0);
    block.writeUInt8(expectedNow > 0 ? Math.min(255, Math.floor((256 * lostNow) / expectedNow)) : 0, 4);
    block.writeUIntBE(Math.min(MAX_LOST, Math.max(0, expected - this.#received)), 5, 3);
    block.writeUInt32BE(this.#highest % 2 ** 32, 8);
    block.writeUInt32BE(Math.floor(this.#jitterTicks) % 2 ** 32, 12);
    if (this.#reported) {
      block.writeUInt32BE(this.#reported.middle, 16);
      // In units of 1/65 536 s.
      block.writeUInt32BE(Math.floor(((nowMs - this.#reported.atMs) / 1000) * 65_536) % 2 ** 32, 20);
    }
    return block;
  }
}
