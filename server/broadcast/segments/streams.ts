/** From packets to frames: one stream of RTP, in order again, each frame whole and with its time. */
import { ahead, type RtpPacket } from '../../rtp/rtp.ts';

export interface MediaFrame {
  /** Milliseconds of the clock that arrivals are told in. */
  readonly timeMs: number;
  readonly isKey: boolean;
  readonly bytes: Buffer;
}

/** For a packet that is missing, those behind it wait so long, in milliseconds: it may be on its way once more. */
const PATIENCE_MS = 250;
const MAX_WAITING = 512;
const MAX_FRAME_BYTES = 2_000_000;

/** Packets in the order of their sequence numbers. What does not come in time is left out. */
class InOrder {
  readonly #waiting = new Map<number, { readonly packet: RtpPacket; readonly atMs: number }>();
  #next: number | undefined;

  /** The packets whose turn it is; `gap`: some before this one are lost. */
  *take(packet: RtpPacket, nowMs: number): Generator<{ readonly packet: RtpPacket; readonly gap: boolean }> {
    this.#next ??= packet.sequence;
    // Behind what was handed out: too late, or a repetition.
    if (ahead(packet.sequence, this.#next, 16) < 0) return;
    this.#waiting.set(packet.sequence, { packet, atMs: nowMs });
    let gap = false;
    for (;;) {
      const turn = this.#waiting.get(this.#next);
      if (turn) {
        this.#waiting.delete(this.#next);
        this.#next = (this.#next + 1) & 0xffff;
        yield { packet: turn.packet, gap };
        gap = false;
        continue;
      }
      const [oldest] = [...this.#waiting.values()].sort((a, b) =>
        ahead(a.packet.sequence, b.packet.sequence, 16),
      );
      if (!oldest || (nowMs - oldest.atMs < PATIENCE_MS && this.#waiting.size < MAX_WAITING)) return;
      this.#next = oldest.packet.sequence;
      gap = true;
    }
  }
}

/** RTP timestamps as milliseconds, beginning at the arrival of the first packet. They begin anew every half a day or so. */
class StreamClock {
  readonly #clockRateHz: number;
  #last: { readonly time: number; readonly timeMs: number } | undefined;

  constructor(clockRateHz: number) {
    this.#clockRateHz = clockRateHz;
  }

  timeOf(time: number, arrivedMs: number): number {
    const last = this.#last;
    const timeMs = last ? last.timeMs + (ahead(time, last.time, 32) * 1_000) / this.#clockRateHz : arrivedMs;
    this.#last = { time, timeMs };
    return timeMs;
  }
}

/** Frames of VP8 (RFC 7741). After a loss there is none until the next key frame. */
export class Vp8Frames {
  readonly #order = new InOrder();
  readonly #clock = new StreamClock(90_000);
  #parts: Buffer[] = [];
  #time: number | undefined;
  #bytes = 0;
  #needsKey = true;

  /** Whether nothing can be shown until a key frame comes. */
  get needsKey(): boolean {
    return this.#needsKey;
  }

  *take(packet: RtpPacket, nowMs: number): Generator<MediaFrame> {
    for (const { packet: turn, gap } of this.#order.take(packet, nowMs)) {
      if (gap) this.#drop();
      yield* this.#add(turn, nowMs);
    }
  }

  *#add(packet: RtpPacket, nowMs: number): Generator<MediaFrame> {
    const { payload, time, marker } = packet;
    const at = vp8DescriptorBytes(payload);
    if (at === undefined) return;
    // S, and partition 0: here a frame begins (§4.2).
    const begins = (payload[0]! & 0x17) === 0x10;
    if (begins && this.#parts.length > 0) this.#drop(); // the one before has no end
    if (begins) this.#time = time;
    else if (this.#time !== time) return;
    this.#parts.push(payload.subarray(at));
    this.#bytes += payload.length - at;
    if (this.#bytes > MAX_FRAME_BYTES) return this.#drop();
    if (!marker) return;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    this.#time = undefined;
    const isKey = bytes.length >= 10 && (bytes[0]! & 1) === 0;
    if (isKey) this.#needsKey = false;
    if (!this.#needsKey) yield { timeMs: this.#clock.timeOf(time, nowMs), isKey, bytes };
  }

  #drop(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#time = undefined;
    this.#needsKey = true;
  }
}

/** Packets of Opus (RFC 7587): each is a frame of its own. */
export class OpusFrames {
  readonly #order = new InOrder();
  readonly #clock = new StreamClock(48_000);

  *take(packet: RtpPacket, nowMs: number): Generator<MediaFrame> {
    for (const { packet: turn } of this.#order.take(packet, nowMs))
      if (turn.payload.length > 0)
        yield { timeMs: this.#clock.timeOf(turn.time, nowMs), isKey: true, bytes: Buffer.from(turn.payload) };
  }
}

/** The size of the payload descriptor (RFC 7741 §4.2); undefined where nothing follows it. */
function vp8DescriptorBytes(payload: Buffer): number | undefined {
  if (payload.length === 0) return undefined;
  let at = 1;
  if (payload[0]! & 0x80) {
    const extended = payload[at++] ?? 0;
    if (extended & 0x80) at += (payload[at] ?? 0) & 0x80 ? 2 : 1; // picture id
    if (extended & 0x40) at += 1; // TL0PICIDX
    if (extended & 0x30) at += 1; // TID, KEYIDX
  }
  return at < payload.length ? at : undefined;
}

/** Width and height in a key frame of VP8 (RFC 6386 §9.1); undefined where it is none. */
export function vp8Size(frame: Buffer): { width: number; height: number } | undefined {
  if (frame.length < 10 || frame.toString('hex', 3, 6) !== '9d012a') return undefined;
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff };
}
