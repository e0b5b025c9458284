import { packetTypes, TRANSPORT_CC, writeHead } from '../../rtp/rtcp.ts';
import { ahead } from '../../rtp/rtp.ts';

/** Deltas are told in quarters of a millisecond, the reference time in units of 64 ms. */
const TICK_MS = 0.25;
const REFERENCE_MS = 64;
/** What one report tells at most: more does not fit into one packet of 1200 bytes. */
const MAX_TOLD = 400;

/** What a packet's status is told as (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.1). */
const LOST = 0;
const SMALL = 1;
const LARGE = 2;

/**
 * When each packet of a connection came, for the sender's estimate of the bandwidth: one record for all streams of the
 * connection (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 */
export class TransportCc {
  /** By number, counted on beyond 2^16. */
  readonly #arrivals = new Map<number, number>();
  #highest: number | undefined;
  /** The number that the next report begins with. */
  #next: number | undefined;
  #reports = 0;

  /** @param number of the header extension, 0 to 65 535 */
  arrived(number: number, nowMs: number): void {
    const at =
      this.#highest === undefined
        ? number + 0x10000
        : this.#highest + ahead(number, this.#highest & 0xffff, 16);
    this.#highest = Math.max(this.#highest ?? at, at);
    this.#next ??= at;
    // One that comes later than it was told as lost is told again only if nothing after it was: it is left out.
    if (at < this.#next || this.#arrivals.has(at)) return;
    // After a gap that no report can tell, such as numbers that began anew, the record begins anew as well.
    if (at - this.#next >= 2 * MAX_TOLD) {
      this.#arrivals.clear();
      this.#next = at;
    }
    this.#arrivals.set(at, nowMs);
  }

  /** What came since the last report; undefined: nothing. */
  report(ssrc: number, of: number): Buffer | undefined {
    if (this.#arrivals.size === 0 || this.#highest === undefined || this.#next === undefined)
      return undefined;
    const base = this.#next;
    const count = Math.min(MAX_TOLD, this.#highest - base + 1);
    let firstMs: number | undefined;
    for (let at = base; at < base + count && firstMs === undefined; at++) firstMs = this.#arrivals.get(at);
    this.#next = base + count;
    if (firstMs === undefined) return undefined;

    const reference = Math.floor(firstMs / REFERENCE_MS);
    let tick = (reference * REFERENCE_MS) / TICK_MS;
    const statuses: number[] = [];
    const deltas: number[] = [];
    for (let at = base; at < base + count; at++) {
      const atMs = this.#arrivals.get(at);
      this.#arrivals.delete(at);
      const arrival = atMs === undefined ? undefined : Math.round(atMs / TICK_MS);
      // Too far from the one before (more than 8 s) to be told.
      if (arrival === undefined || Math.abs(arrival - tick) > 0x7fff) statuses.push(LOST);
      else {
        const delta = arrival - tick;
        tick = arrival;
        const isSmall = delta >= 0 && delta <= 0xff;
        statuses.push(isSmall ? SMALL : LARGE);
        if (isSmall) deltas.push(delta);
        else deltas.push((delta >> 8) & 0xff, delta & 0xff);
      }
    }

    // Vectors of seven statuses of two bits each: 1 1, then the statuses (§3.1.4).
    const chunks = Math.ceil(count / 7);
    const padding = (4 - ((2 * chunks + deltas.length) % 4)) % 4;
    const packet = Buffer.alloc(20 + 2 * chunks + deltas.length + padding);
    writeHead(packet, TRANSPORT_CC, packetTypes.transportFeedback);
    if (padding > 0) {
      packet[0]! |= 0x20;
      packet[packet.length - 1] = padding;
    }
    packet.writeUInt32BE(ssrc, 4);
    packet.writeUInt32BE(of, 8);
    packet.writeUInt16BE(base & 0xffff, 12);
    packet.writeUInt16BE(count, 14);
    packet.writeUIntBE(reference & 0xffffff, 16, 3);
    packet.writeUInt8(this.#reports++ & 0xff, 19);
    for (let chunk = 0; chunk < chunks; chunk++) {
      let word = 0b11;
      for (let index = 0; index < 7; index++) word = (word << 2) | (statuses[7 * chunk + index] ?? LOST);
      packet.writeUInt16BE(word, 20 + 2 * chunk);
    }
    packet.set(deltas, 20 + 2 * chunks);
    return packet;
  }
}
