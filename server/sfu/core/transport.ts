import {
  keyFrameWishes,
  NACK,
  nacked,
  packetTypes,
  readBlocks,
  readRemb,
  readSenderReport,
  receiverReport,
  REMB,
  remb,
  splitCompound,
} from '../../rtp/rtcp.ts';
import { RtpPacket } from '../../rtp/rtp.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';
import { SfuConsumer } from './consumer.ts';
import type { Layer } from './layer.ts';
import { Line } from './line.ts';
import { SfuProducer } from './producer.ts';
import { Rate } from './rate.ts';
import { TransportCc } from './transport-cc.ts';
import type { ConsumerOptions, Outlet, Producer, ProducerOptions, RouterTransport } from './types.ts';

/** What one connection may carry. */
const MAX_PRODUCERS = 16;
const MAX_CONSUMERS = 512;
/** SSRCs that are remembered; each producer has few. */
const MAX_SOURCES = 128;
/** Blocks that a report has room for (RFC 3550 §6.4.2). */
const MAX_BLOCKS = 31;
/** Packets that one NACK may ask for. */
const MAX_NACKED = 512;
const FEEDBACK_EVERY_MS = 50;
const REPORT_EVERY_MS = 1_000;
/** What a publisher is told where it is told a limit: enough for all layers of a camera and a screen. Bits per second. */
const LIMIT_BPS = 5_000_000;

interface Route {
  readonly producer: SfuProducer;
  readonly layer: Layer;
  readonly isRepair: boolean;
}

/** What the router gives each of its transports. */
export interface TransportOwner {
  readonly random: () => number;
  nextId(): string;
  added(producer: SfuProducer): void;
  removed(producer: SfuProducer): void;
  closed(transport: SfuTransport): void;
}

/** One connection: packets come in and go out, and both ends report on them. */
export class SfuTransport implements RouterTransport {
  readonly peer: PeerId;
  readonly leg: 'up' | 'down';
  readonly input = new Rate();
  readonly output = new Rate();
  readonly producers = new Set<SfuProducer>();
  readonly consumers = new Set<SfuConsumer>();
  readonly line = new Line();
  isConnected = false;
  readonly #owner: TransportOwner;
  readonly #outlet: Outlet;
  readonly #ssrc: number;
  readonly #routes = new Map<number, Route>();
  /** The consumers by the SSRC that they send under. */
  readonly #sending = new Map<number, SfuConsumer>();
  readonly #transportCc = new TransportCc();
  /** The number of the header extension, where feedback is given by it. */
  #transportCcId: number | undefined;
  #lastSsrc = 0;
  #feedbackMs = -Infinity;
  #reportMs = -Infinity;
  #nowMs = 0;
  #isClosed = false;

  constructor(peer: PeerId, leg: 'up' | 'down', outlet: Outlet, owner: TransportOwner) {
    this.peer = peer;
    this.leg = leg;
    this.#owner = owner;
    this.#ssrc = 1 + Math.floor(owner.random() * (2 ** 32 - 2));
    this.#outlet = {
      sendRtp: (packet) => {
        this.output.add(packet.length, this.#nowMs);
        outlet.sendRtp(packet);
      },
      sendRtcp: (packet) => {
        this.output.add(packet.length, this.#nowMs);
        outlet.sendRtcp(packet);
      },
    };
  }

  get estimateBps(): number | undefined {
    return this.line.estimateBps;
  }

  connected(): void {
    if (this.#isClosed) return;
    this.isConnected = true;
    for (const consumer of this.consumers) consumer.connected();
  }

  produce(options: ProducerOptions): SfuProducer {
    this.#mayAdd(this.producers.size, MAX_PRODUCERS);
    const producer = new SfuProducer(
      this.#owner.nextId(),
      options,
      this.#ssrc,
      (rtcp) => this.#outlet.sendRtcp(rtcp),
      () => {
        if (!this.producers.delete(producer)) return;
        for (const [ssrc, route] of this.#routes) if (route.producer === producer) this.#routes.delete(ssrc);
        this.#owner.removed(producer);
      },
    );
    this.producers.add(producer);
    if (options.feedback === 'transport-cc') this.#transportCcId = options.extensions.transportCc;
    const [only] = options.ssrcs;
    const [layer] = producer.layers;
    if (options.rids.length === 0 && only && layer)
      this.#assign(only.ssrc, { producer, layer, isRepair: false });
    this.#owner.added(producer);
    return producer;
  }

  consume(producer: Producer, options: ConsumerOptions): SfuConsumer {
    this.#mayAdd(this.consumers.size, MAX_CONSUMERS);
    if (!(producer instanceof SfuProducer)) throw new TypeError('not a producer of this router');
    const consumer = new SfuConsumer(
      this.#owner.nextId(),
      producer,
      options,
      this.#outlet,
      this.#owner.random,
      () => {
        producer.receivers.delete(consumer);
        this.consumers.delete(consumer);
        this.#sending.delete(options.ssrc);
      },
    );
    producer.receivers.add(consumer);
    this.consumers.add(consumer);
    this.#sending.set(options.ssrc, consumer);
    if (this.isConnected) consumer.connected();
    return consumer;
  }

  receiveRtp(bytes: Buffer, nowMs: number): void {
    if (this.#isClosed) return;
    this.#nowMs = nowMs;
    this.input.add(bytes.length, nowMs);
    const packet = RtpPacket.read(bytes);
    if (!packet) return;
    this.#lastSsrc = packet.ssrc;
    const number = packet.extension(this.#transportCcId);
    if (number?.length === 2) this.#transportCc.arrived(number.readUInt16BE(0), nowMs);
    const route = this.#routes.get(packet.ssrc) ?? this.#learn(packet);
    if (!route) return;
    const { producer, layer, isRepair } = route;
    if (!isRepair) {
      if (packet.payloadType === producer.options.codec.payloadType)
        producer.take(packet, layer, false, nowMs);
      return;
    }
    // Repetitions of nothing are sent to find out what the line holds: they were counted above.
    const { ssrc } = layer;
    const original =
      ssrc === undefined ? undefined : packet.repeated(ssrc, producer.options.codec.payloadType);
    if (original) producer.take(original, layer, true, nowMs);
  }

  receiveRtcp(compound: Buffer, nowMs: number): void {
    if (this.#isClosed) return;
    this.#nowMs = nowMs;
    this.input.add(compound.length, nowMs);
    for (const packet of splitCompound(compound) ?? []) {
      const format = packet[0]! & 0x1f;
      switch (packet[1]) {
        case packetTypes.senderReport: {
          const route = this.#routes.get(packet.readUInt32BE(4));
          const clock = readSenderReport(packet);
          if (route && clock && !route.isRepair)
            route.layer.reported(packet, { ...clock, receivedMs: nowMs });
          this.#reported(packet, nowMs);
          break;
        }
        case packetTypes.receiverReport:
          this.#reported(packet, nowMs);
          break;
        case packetTypes.transportFeedback:
          if (format === NACK && packet.length >= 12) {
            const consumer = this.#sending.get(packet.readUInt32BE(8));
            if (consumer) for (const sequence of nacked(packet, MAX_NACKED)) consumer.repeat(sequence, nowMs);
          }
          break;
        case packetTypes.payloadFeedback:
          if (format === REMB) {
            const estimateBps = readRemb(packet);
            if (estimateBps !== undefined) this.line.remb(estimateBps, this.output.bitsPerSec(nowMs), nowMs);
          } else for (const ssrc of keyFrameWishes(packet)) this.#sending.get(ssrc)?.wishKeyFrame();
          break;
        default: // names, farewells and what has no meaning here
      }
    }
  }

  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    if (!this.isConnected) return;
    for (const producer of this.producers)
      if (producer.isActive) for (const layer of producer.layers) layer.tick(nowMs);
    if (nowMs - this.#feedbackMs >= FEEDBACK_EVERY_MS) {
      this.#feedbackMs = nowMs;
      const feedback = this.#transportCc.report(this.#ssrc, this.#lastSsrc);
      if (feedback) this.#outlet.sendRtcp(feedback);
    }
    if (nowMs - this.#reportMs >= REPORT_EVERY_MS) {
      this.#reportMs = nowMs;
      this.#report(nowMs);
    }
  }

  /** Ends what it carries. May be called twice. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.isConnected = false;
    for (const consumer of this.consumers) consumer.close();
    for (const producer of this.producers) producer.close();
    this.#routes.clear();
    this.#owner.closed(this);
  }

  /** Whose stream it is, told by the packet's own mid and rid (RFC 8843 §9.2, RFC 8852), or by its payload type. */
  #learn(packet: RtpPacket): Route | undefined {
    if (this.#routes.size >= MAX_SOURCES) return undefined;
    const { payloadType, ssrc } = packet;
    const isOf = ({ options: { codec } }: SfuProducer) =>
      codec.payloadType === payloadType || codec.rtxPayloadType === payloadType;
    const candidates = [...this.producers].filter(isOf);
    const named = candidates.find(({ options }) => packet.text(options.extensions.mid) === options.mid);
    const hasMid = candidates.some(({ options }) => packet.extension(options.extensions.mid));
    const producer = named ?? (hasMid || candidates.length > 1 ? undefined : candidates[0]);
    if (!producer) return undefined;
    const { codec, extensions, rids } = producer.options;
    const isRepair = codec.rtxPayloadType === payloadType;
    const rid = packet.text(isRepair ? extensions.repairedRid : extensions.rid);
    const layer = rids.length === 0 ? producer.layers[0] : producer.layers.find((layer) => layer.rid === rid);
    return layer && this.#assign(ssrc, { producer, layer, isRepair });
  }

  #assign(ssrc: number, route: Route): Route {
    const { layer, producer, isRepair } = route;
    const before = isRepair ? layer.rtxSsrc : layer.ssrc;
    if (before !== undefined) this.#routes.delete(before);
    this.#routes.set(ssrc, route);
    if (isRepair) layer.rtxSsrc = ssrc;
    else {
      layer.assign(ssrc);
      const rtx = producer.options.ssrcs.find((one) => one.ssrc === ssrc)?.rtx;
      if (rtx !== undefined && layer.rtxSsrc !== rtx) this.#assign(rtx, { ...route, isRepair: true });
    }
    return route;
  }

  /** What the receiver says of the pictures that it is sent. */
  #reported(packet: Buffer, nowMs: number): void {
    const shares = readBlocks(packet).flatMap(({ ssrc, lost }) =>
      this.#sending.get(ssrc)?.producer.options.codec.kind === 'video' ? [lost] : [],
    );
    if (shares.length === 0) return;
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    this.line.lost(mean, this.output.bitsPerSec(nowMs), nowMs);
  }

  #report(nowMs: number): void {
    const layers = [...this.producers].flatMap(({ layers }) => layers);
    const blocks = layers.flatMap((layer) => layer.block(nowMs) ?? []);
    for (let at = 0; at < blocks.length; at += MAX_BLOCKS)
      this.#outlet.sendRtcp(receiverReport(this.#ssrc, blocks.slice(at, at + MAX_BLOCKS)));
    const limited = [...this.producers]
      .filter(({ options }) => options.feedback === 'goog-remb' && options.codec.kind === 'video')
      .flatMap(({ layers }) => layers.flatMap(({ ssrc }) => ssrc ?? []));
    if (limited.length > 0)
      this.#outlet.sendRtcp(
        Buffer.concat([receiverReport(this.#ssrc), remb(this.#ssrc, limited, LIMIT_BPS)]),
      );
    for (const consumer of this.consumers) {
      const report = consumer.report(nowMs);
      if (report.length > 0) this.#outlet.sendRtcp(Buffer.concat(report));
    }
  }

  #mayAdd(count: number, most: number): void {
    if (this.#isClosed) throw new RangeError('the transport is closed');
    if (count >= most) throw new RangeError(`a transport carries at most ${most} of a kind`);
  }
}
