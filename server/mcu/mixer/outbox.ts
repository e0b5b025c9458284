import type { RtpPacket } from '../../rtp/rtp.ts';

/** About two seconds of the picture: what is asked for later comes too late. */
const KEPT = 512;

/** The last packets of the picture, for whoever has lost some: one store for all receivers. */
export class Outbox {
  readonly #kept = new Map<number, RtpPacket>();

  put(packet: RtpPacket): void {
    this.#kept.set(packet.sequence, packet);
    if (this.#kept.size <= KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  get(sequence: number): RtpPacket | undefined {
    return this.#kept.get(sequence);
  }
}
