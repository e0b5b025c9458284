import type { Media, SsrcsOf } from './media.ts';
import {
  BLOCK_BYTES,
  described,
  FIR,
  NACK,
  packetTypes,
  PLI,
  receiverReport,
  remb,
  splitCompound,
  writeHead,
} from '../rtp/rtcp.ts';
import { headerBytes, RtpPacket } from '../rtp/rtp.ts';
import type { Direction, Section } from './sdp.ts';

/** One stream on its way back: what came under `source` leaves under `ssrc`. */
interface Lane {
  readonly ssrc: number;
  readonly isRepair: boolean;
  source: number | undefined;
  /** Added to sequence numbers and timestamps, so that a new source goes on where the last one ended. */
  sequenceShift: number;
  timeShift: number;
  lastSequence: number;
  lastTime: number;
}

interface Strip {
  readonly section: Section;
  readonly media: Lane;
  readonly repair: Lane;
}

/** Between the last picture of one source and the first of the next one: a frame at 30 a second and 90 kHz. */
const PAUSE_TICKS = 3_000;

/**
 * Sends RTP back to where it came from, under SSRCs of its own, and turns the reports and requests around as well: the
 * browser's wish for a key frame of the bot's stream becomes the bot's wish for one of the browser's, a lost packet is
 * asked for on both legs, and round-trip times are those of the whole loop (RFC 3550 §6.4, RFC 4585 §6).
 *
 * Packets are decrypted and whole; nothing is decoded, so any codec will do. Malformed ones give undefined.
 */
export class Mirror implements Media {
  /** It never decodes: any codec will do. */
  readonly wanted = { codecs: {}, repair: true };
  readonly #strips = new Map<string, Strip>();
  readonly #bySource = new Map<number, Lane>();
  readonly #byOwn = new Map<number, Lane>();

  /** Takes over what was negotiated. Streams of m-sections that were there before go on. */
  negotiate(sections: readonly Section[], ssrcsOf: SsrcsOf): void {
    const before = new Map(this.#strips);
    this.#strips.clear();
    this.#bySource.clear();
    this.#byOwn.clear();
    for (const section of sections) {
      if (!section.accepted || !section.codec || section.direction !== 'sendrecv') continue;
      const old = before.get(section.mid);
      const { media, rtx } = ssrcsOf(section.mid);
      const strip = {
        section,
        media: old?.media ?? laneOf(media, false),
        repair: old?.repair ?? laneOf(rtx, true),
      };
      this.#strips.set(section.mid, strip);
      for (const lane of [strip.media, strip.repair]) {
        this.#byOwn.set(lane.ssrc, lane);
        if (lane.source !== undefined) this.#bySource.set(lane.source, lane);
      }
    }
  }

  /** A mirror has only what it was sent: to somebody who only listens it has nothing to say. */
  directionOf({ direction }: Section): Direction {
    return direction === 'sendrecv' ? 'sendrecv' : direction === 'sendonly' ? 'recvonly' : 'inactive';
  }

  /** The packet to send back, made in place, or undefined for what belongs to no m-section. */
  rtp(packet: Buffer): Buffer | undefined {
    if (headerBytes(packet) > packet.length || packet[0]! >> 6 !== 2) return undefined;
    const source = packet.readUInt32BE(8);
    const lane = this.#laneFor(packet);
    if (!lane) return undefined;
    const sequence = packet.readUInt16BE(2);
    const time = packet.readUInt32BE(4);
    if (lane.source !== source) this.#take(lane, source, sequence, time);
    lane.lastSequence = wrap16(sequence + lane.sequenceShift);
    lane.lastTime = wrap32(time + lane.timeShift);
    packet.writeUInt16BE(lane.lastSequence, 2);
    packet.writeUInt32BE(lane.lastTime, 4);
    packet.writeUInt32BE(lane.ssrc, 8);
    if (lane.isRepair) this.#shiftOriginal(packet, lane);
    return packet;
  }

  /** A compound packet of reports and requests, turned around; undefined when nothing of it concerns the bot's streams. */
  rtcp(compound: Buffer): Buffer | undefined {
    const turned = (splitCompound(compound) ?? []).flatMap((packet) => this.#turn(packet) ?? []);
    return turned.length > 0 ? Buffer.concat(turned) : undefined;
  }

  /** Nothing of its own. */
  play(): undefined {}

  /** Tells the sender of pictures how much it may send at most; reports are those that come back. */
  report(limitBps: number): Buffer | undefined {
    const lanes = [...this.#strips.values()]
      .filter(({ section }) => section.codec?.lines.some((line) => line.endsWith(' goog-remb')))
      .map(({ media }) => media);
    const sources = lanes.flatMap(({ source }) => (source === undefined ? [] : [source]));
    const ssrc = lanes.find(({ source }) => source !== undefined)?.ssrc;
    if (ssrc === undefined) return undefined;
    return Buffer.concat([receiverReport(ssrc), remb(ssrc, sources, limitBps)]);
  }

  /** Which stream a packet belongs to: by its SSRC, by the mid it carries, by its payload type (RFC 8843 §9.2). */
  #laneFor(packet: Buffer): Lane | undefined {
    const known = this.#bySource.get(packet.readUInt32BE(8));
    if (known) return known;
    const payloadType = packet[1]! & 0x7f;
    const has = ({ section }: Strip) =>
      section.codec?.payloadType === payloadType || section.rtx?.payloadType === payloadType;
    const strips = [...this.#strips.values()].filter(has);
    const mid = RtpPacket.read(packet)?.text(strips[0]?.section.midExtension);
    const strip = mid === undefined ? strips[0] : strips.find(({ section }) => section.mid === mid);
    return strip?.section.rtx?.payloadType === payloadType ? strip.repair : strip?.media;
  }

  #take(lane: Lane, source: number, sequence: number, time: number): void {
    if (lane.source !== undefined) {
      this.#bySource.delete(lane.source);
      lane.sequenceShift = wrap16(lane.lastSequence + 1 - sequence);
      lane.timeShift = wrap32(lane.lastTime + PAUSE_TICKS - time);
    }
    lane.source = source;
    this.#bySource.set(source, lane);
  }

  /** A repair packet begins with the sequence number of the packet that it repeats (RFC 4588 §4). */
  #shiftOriginal(packet: Buffer, lane: Lane): void {
    const at = headerBytes(packet);
    const shift = [...this.#strips.values()].find(({ repair }) => repair === lane)?.media.sequenceShift;
    if (shift && at + 2 <= packet.length) packet.writeUInt16BE(wrap16(packet.readUInt16BE(at) + shift), at);
  }

  #turn(packet: Buffer): Buffer | undefined {
    const count = packet[0]! & 0x1f;
    switch (packet[1]) {
      case packetTypes.senderReport: {
        const lane = this.#bySource.get(packet.readUInt32BE(4));
        if (!lane || packet.length < 28) return undefined;
        const head = Buffer.from(packet.subarray(0, 28));
        head.writeUInt32BE(lane.ssrc, 4);
        head.writeUInt32BE(wrap32(head.readUInt32BE(16) + lane.timeShift), 16);
        return Buffer.concat([this.#turnReport(head, packet, 28, count), described(lane.ssrc, 'bot')]);
      }
      case packetTypes.receiverReport: {
        const head = Buffer.from(packet.subarray(0, 8));
        head.writeUInt32BE(this.#speaker(packet), 4);
        return this.#turnReport(head, packet, 8, count);
      }
      case packetTypes.transportFeedback:
        return count === NACK ? this.#nack(packet) : undefined;
      case packetTypes.payloadFeedback:
        if (count === PLI) return this.#wish(packet, 8);
        return count === FIR ? this.#wish(packet, 12) : undefined;
      default:
        return undefined; // names, farewells and estimates concern one leg only
    }
  }

  /** A report with the blocks about our streams, which become blocks about theirs. */
  #turnReport(head: Buffer, packet: Buffer, start: number, count: number): Buffer {
    const blocks: Buffer[] = [];
    for (let at = start; at + BLOCK_BYTES <= packet.length && blocks.length < count; at += BLOCK_BYTES) {
      const lane = this.#byOwn.get(packet.readUInt32BE(at));
      if (lane?.source === undefined) continue;
      const block = Buffer.from(packet.subarray(at, at + BLOCK_BYTES));
      block.writeUInt32BE(lane.source, 0);
      block.writeUInt32BE(wrap32(block.readUInt32BE(8) - lane.sequenceShift), 8);
      blocks.push(block);
    }
    const report = Buffer.concat([head, ...blocks]);
    writeHead(report, blocks.length, packet[1]!);
    return report;
  }

  #nack(packet: Buffer): Buffer | undefined {
    const lane = packet.length >= 12 ? this.#byOwn.get(packet.readUInt32BE(8)) : undefined;
    if (lane?.source === undefined) return undefined;
    const turned = Buffer.from(packet);
    turned.writeUInt32BE(this.#speaker(packet), 4);
    turned.writeUInt32BE(lane.source, 8);
    for (let at = 12; at + 4 <= turned.length; at += 4)
      turned.writeUInt16BE(wrap16(turned.readUInt16BE(at) - lane.sequenceShift), at);
    return turned;
  }

  /** A wish for a key frame. @param ssrcAt where the stream is named */
  #wish(packet: Buffer, ssrcAt: number): Buffer | undefined {
    const lane = packet.length >= ssrcAt + 4 ? this.#byOwn.get(packet.readUInt32BE(ssrcAt)) : undefined;
    if (lane?.source === undefined) return undefined;
    const turned = Buffer.from(packet);
    turned.writeUInt32BE(this.#speaker(packet), 4);
    turned.writeUInt32BE(lane.source, ssrcAt);
    return turned;
  }

  /** Who says it: the bot's stream in place of the browser's; any of the bot's when the browser sends none. */
  #speaker(packet: Buffer): number {
    const lane = this.#bySource.get(packet.readUInt32BE(4));
    return lane?.ssrc ?? this.#byOwn.keys().next().value ?? 1;
  }
}

function laneOf(ssrc: number, isRepair: boolean): Lane {
  return { ssrc, isRepair, source: undefined, sequenceShift: 0, timeShift: 0, lastSequence: 0, lastTime: 0 };
}

function wrap16(value: number): number {
  return value & 0xffff;
}

function wrap32(value: number): number {
  return value >>> 0;
}
