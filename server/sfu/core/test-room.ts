/** For tests: a room on paper, with participants who write packets as browsers do and read what they are sent. */
import { PeerId } from '../../../src/protocol/ids.ts';
import { packetTypes, senderReport, splitCompound } from '../../rtp/rtcp.ts';
import { RtpPacket } from '../../rtp/rtp.ts';
import { createRouter } from './router.ts';
import type {
  Codec,
  ConsumerOptions,
  Extensions,
  Producer,
  ProducerOptions,
  RouterTransport,
} from './types.ts';

const extensions: Extensions = {
  mid: 1,
  rid: 2,
  repairedRid: 3,
  absSendTime: 4,
  transportCc: 5,
  audioLevel: 6,
};
const vp8: Codec = {
  kind: 'video',
  name: 'VP8',
  payloadType: 96,
  clockRate: 90_000,
  parameters: '',
  rtxPayloadType: 97,
};
const opus: Codec = {
  kind: 'audio',
  name: 'opus',
  payloadType: 111,
  clockRate: 48_000,
  channels: 2,
  parameters: '',
};

export const peer = (name: string): PeerId => PeerId.parse(name.padEnd(22, '0'));

/** The same numbers in each run. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Line {
  readonly transport: RouterTransport;
  readonly rtp: Buffer[];
  readonly rtcp: Buffer[];
}

export class TestRoom {
  nowMs = 1_000_000;
  readonly heard: (readonly PeerId[])[] = [];
  readonly router = createRouter({
    engine: 'test',
    events: { heard: (loudest) => this.heard.push(loudest) },
    random: seeded(1),
  });
  #ssrc = 10_000;

  line(name: string, leg: 'up' | 'down'): Line {
    const rtp: Buffer[] = [];
    const rtcp: Buffer[] = [];
    const outlet = {
      sendRtp: (packet: Buffer) => void rtp.push(packet),
      sendRtcp: (packet: Buffer) => void rtcp.push(packet),
    };
    const transport = this.router.transport(peer(name), leg, outlet);
    transport.connected();
    return { transport, rtp, rtcp };
  }

  camera(name: string, line: Line, more: Partial<ProducerOptions> = {}): Producer {
    return line.transport.produce({
      peer: peer(name),
      source: 'camera',
      mid: '1',
      codec: vp8,
      extensions,
      rids: [],
      ssrcs: [],
      feedback: 'goog-remb',
      ...more,
    });
  }

  microphone(name: string, line: Line): Producer {
    return this.camera(name, line, { source: 'microphone', mid: '0', codec: opus });
  }

  watch(line: Line, producer: Producer, more: Partial<ConsumerOptions> = {}) {
    const { codec } = producer.options;
    const ssrc = this.#ssrc++;
    const repairs = codec.rtxPayloadType === undefined ? {} : { rtxPayloadType: 97, rtxSsrc: ssrc + 100_000 };
    return line.transport.consume(producer, {
      peer: producer.options.peer,
      mid: String(ssrc),
      payloadType: codec.payloadType,
      ssrc,
      extensions: { mid: 1, absSendTime: 4, audioLevel: 6 },
      ...repairs,
      ...more,
    });
  }

  /** Shows all of them in a large tile. */
  want(name: string, producers: readonly Producer[], width = 1280, height = 720, pinned = false): void {
    this.router.want(
      peer(name),
      producers.map((producer) => ({ producer, width, height, pinned })),
    );
    this.router.tick(this.nowMs);
  }

  tick(ms = 50): void {
    this.nowMs += ms;
    this.router.tick(this.nowMs);
  }
}

/** Writes one stream. Its numbers are public: a test may begin anywhere. */
export class Writer {
  sequence = 0;
  time = 0;
  pictureId = 0;
  tl0 = 0;
  readonly ssrc: number;
  readonly #mid: string;
  readonly #rid: string | undefined;
  #repairs = 0;

  constructor(ssrc: number, mid = '1', rid?: string) {
    this.ssrc = ssrc;
    this.#mid = mid;
    this.#rid = rid;
  }

  /** A picture of VP8, in so many packets. The payload says which layer, picture and part it is. */
  frame(isKey: boolean, packets = 1, temporal = 0, width = 640, height = 360): Buffer[] {
    if (temporal === 0) this.tl0 = (this.tl0 + 1) & 0xff;
    this.pictureId = (this.pictureId + 1) & 0x7fff;
    this.time = (this.time + 3_000) >>> 0;
    return Array.from({ length: packets }, (_, part) => {
      const descriptor = Buffer.from([part === 0 ? 0x90 : 0x80, 0xe0, 0, 0, this.tl0, temporal << 6]);
      descriptor.writeUInt16BE(0x8000 | this.pictureId, 2);
      const head = Buffer.from([isKey ? 0x10 : 0x11, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0]);
      head.writeUInt16LE(width, 6);
      head.writeUInt16LE(height, 8);
      const name = Buffer.from(`${this.#rid ?? '-'}/${this.pictureId}/${part}`);
      return this.packet(
        96,
        part === packets - 1,
        Buffer.concat([descriptor, part === 0 ? head : Buffer.alloc(10), name]),
      );
    });
  }

  /** 20 ms of sound. @param level dBov */
  sound(level: number): Buffer {
    this.time = (this.time + 960) >>> 0;
    return this.packet(111, false, Buffer.from(`sound ${this.sequence}`), [[6, Buffer.from([-level])]]);
  }

  packet(payloadType: number, marker: boolean, payload: Buffer, more: [number, Buffer][] = []): Buffer {
    this.sequence = (this.sequence + 1) & 0xffff;
    const rid: [number, Buffer][] = this.#rid === undefined ? [] : [[2, Buffer.from(this.#rid)]];
    const { sequence, time, ssrc } = this;
    return write({ payloadType, marker, sequence, time, ssrc }, payload, [
      [1, Buffer.from(this.#mid)],
      ...rid,
      ...more,
    ]);
  }

  /** The same packet again, as a repetition (RFC 4588). */
  repair(packet: Buffer): Buffer {
    const rtp = RtpPacket.read(packet)!;
    const payload = Buffer.alloc(2 + rtp.payload.length);
    payload.writeUInt16BE(rtp.sequence);
    rtp.payload.copy(payload, 2);
    const rid: [number, Buffer][] = this.#rid === undefined ? [] : [[3, Buffer.from(this.#rid)]];
    return write(
      {
        payloadType: 97,
        marker: rtp.marker,
        sequence: this.#repairs++,
        time: rtp.time,
        ssrc: this.ssrc + 1_000,
      },
      payload,
      [[1, Buffer.from(this.#mid)], ...rid],
    );
  }

  /** What its sender says of its clock: that its time now is `atMs` since 1970. */
  report(atMs: number): Buffer {
    return senderReport({ ssrc: this.ssrc, time: this.time, packets: 0, bytes: 0 }, atMs);
  }
}

function write(
  {
    payloadType,
    marker,
    sequence,
    time,
    ssrc,
  }: Pick<RtpPacket, 'payloadType' | 'marker' | 'sequence' | 'time' | 'ssrc'>,
  payload: Buffer,
  values: [id: number, value: Buffer][],
): Buffer {
  const parts = Buffer.concat(
    values.flatMap(([id, value]) => [Buffer.from([(id << 4) | (value.length - 1)]), value]),
  );
  const words = Math.ceil(parts.length / 4);
  const head = Buffer.alloc(16 + 4 * words);
  head[0] = 0x90;
  head[1] = (marker ? 0x80 : 0) | payloadType;
  head.writeUInt16BE(sequence, 2);
  head.writeUInt32BE(time, 4);
  head.writeUInt32BE(ssrc, 8);
  head.writeUInt16BE(0xbede, 12);
  head.writeUInt16BE(words, 14);
  parts.copy(head, 16);
  return Buffer.concat([head, payload]);
}

/** What a receiver reads of a picture of {@link Writer}. */
export function readFrame(bytes: Buffer) {
  const rtp = RtpPacket.read(bytes)!;
  const { payload } = rtp;
  const name = payload.toString('latin1', 16);
  return {
    ssrc: rtp.ssrc,
    sequence: rtp.sequence,
    time: rtp.time,
    pictureId: payload.length < 6 ? -1 : payload.readUInt16BE(2) & 0x7fff,
    tl0: payload[4] ?? -1,
    name,
  };
}

/** The packets of feedback of one kind. */
export function feedback(line: Line, type: number, format?: number): Buffer[] {
  return line.rtcp
    .flatMap((compound) => splitCompound(compound) ?? [])
    .filter((packet) => packet[1] === type && (format === undefined || (packet[0]! & 0x1f) === format));
}

export { packetTypes };
