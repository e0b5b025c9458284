import { described, senderReport } from '../../rtp/rtcp.ts';
import { ahead } from '../../rtp/rtp.ts';
import type { LayerReason } from '../../../src/protocol/middlebox.ts';
import { Bucket } from '../../signaling/bucket.ts';
import { HeaderWriter } from './header.ts';
import type { Layer, Media } from './layer.ts';
import { Numbers } from './numbers.ts';
import type { Picture } from './picture.ts';
import type { SfuProducer } from './producer.ts';
import { Rate } from './rate.ts';
import type { Consumer, ConsumerOptions, Outlet } from './types.ts';

/** Packets sent again to one receiver. Whoever asks for more has lost so much that only a key frame helps. */
const REPEATS = { burst: 512, perSec: 512 };
/** Further from the clock on the wall than this, what two reports say of two layers' timestamps is not believed. */
const MAX_DRIFT_SEC = 1;
const ALL_TEMPORAL = 7;

/**
 * One source on its way to one receiver. This is what an SFU does: take a packet that somebody sent, write another header
 * before the same payload, and send it on. Nothing is decoded.
 *
 * The receiver has to believe that it is sent one stream, whichever layer is forwarded and whatever is left out:
 * - sequence numbers go on without a gap [1], and timestamps by as much as time has passed [2];
 * - pictures are counted on where the codec counts them [3];
 * - another layer begins with a key frame; until then the one before goes on [4].
 */
export class SfuConsumer implements Consumer {
  readonly id: string;
  readonly producer: SfuProducer;
  readonly options: ConsumerOptions;
  readonly rate = new Rate();
  repeated = 0;
  readonly #outlet: Outlet;
  readonly #header: HeaderWriter;
  readonly #repeatHeader: HeaderWriter | undefined;
  readonly #repeats = new Bucket(REPEATS, 0);
  readonly #closed: () => void;
  /** What is aimed at, and what is forwarded. */
  #target: Layer | undefined;
  #layer: Layer | undefined;
  #reason: LayerReason | null = 'not-shown';
  /** The highest temporal layer that is forwarded, and the one that may be. */
  #temporal = ALL_TEMPORAL;
  #mayTemporal = ALL_TEMPORAL;
  /** ICE and DTLS are up. */
  #isReady = false;
  /** Whose timestamps the shift belongs to: it stays where the same stream goes on after a pause. */
  #timed: { readonly layer: Layer; readonly generation: number } | undefined;
  #timeShift = 0;
  /** Of sound: the next packet is the first one. */
  #isAfterPause = false;
  #last: { time: number; atMs: number } | undefined;
  readonly #numbers: Numbers;
  readonly #pictures = new Numbers(15, 1);
  readonly #baseLayers = new Numbers(8, 1);
  #repeatNumber: number;
  #payloadBytes = 0;

  /** @param random 0 to 1 */
  constructor(
    id: string,
    producer: SfuProducer,
    options: ConsumerOptions,
    outlet: Outlet,
    random: () => number,
    closed: () => void,
  ) {
    this.id = id;
    this.producer = producer;
    this.options = options;
    this.#outlet = outlet;
    this.#closed = closed;
    const { mid, payloadType, rtxPayloadType, ssrc, rtxSsrc, extensions } = options;
    this.#header = new HeaderWriter(payloadType, ssrc, mid, extensions);
    if (rtxPayloadType !== undefined && rtxSsrc !== undefined)
      this.#repeatHeader = new HeaderWriter(rtxPayloadType, rtxSsrc, mid, extensions);
    // The lower half: where numbers begin anew soon after the start, SRTP's own count of that may go wrong (RFC 3711 §3.3.1).
    this.#numbers = new Numbers(16, Math.floor(random() * 2 ** 15));
    this.#repeatNumber = Math.floor(random() * 2 ** 15);
  }

  /** The layer that is forwarded, and the one that is aimed at. */
  get layer(): Layer | undefined {
    return this.#layer;
  }

  get target(): Layer | undefined {
    return this.#target;
  }

  get reason(): LayerReason | null {
    return this.#target && this.#target !== this.#layer ? 'key-frame' : this.#reason;
  }

  /** @param temporal the highest temporal layer that there is room for */
  aim(layer: number | null, reason: LayerReason | null, temporal = ALL_TEMPORAL): void {
    this.#reason = reason;
    this.#mayTemporal = temporal;
    this.#temporal = Math.min(this.#temporal, temporal);
    const target = layer === null ? undefined : this.producer.layers[layer];
    if (target === this.#target) return;
    this.#target = target;
    if (!target) this.#layer = undefined;
    else if (target !== this.#layer && this.#isReady) target.wishKeyFrame();
  }

  /** The receiver is there. */
  connected(): void {
    this.#isReady = true;
    this.#target?.wishKeyFrame();
  }

  /** Every packet of every layer of the producer comes here: the path of forwarding. */
  take(media: Media, layer: Layer, nowMs: number): void {
    if (!this.#isReady) return;
    const isForwarded = layer === this.#layer && layer.generation === this.#timed?.generation;
    if (isForwarded) this.#forward(media, nowMs);
    else if (layer === this.#target && media.picture?.isKey) this.#switch(media, layer, nowMs); // [4]
  }

  #switch(media: Media, layer: Layer, nowMs: number): void {
    const { sequence, time } = media.rtp;
    this.#numbers.begin(sequence); // [1]
    if (media.picture) {
      this.#pictures.begin(media.picture.id);
      this.#baseLayers.begin(media.picture.tl0);
    }
    this.#align(time, layer, nowMs);
    this.#temporal = this.#mayTemporal;
    this.#isAfterPause = layer.codec.kind === 'audio';
    this.#layer = layer;
    this.#timed = { layer, generation: layer.generation };
    // A key frame whose first packet came late, on request: those after it are here already.
    const late = ahead(layer.highest, sequence, 16);
    for (let index = 0; index <= late; index++) {
      const next = layer.find((sequence + index) & 0xffff);
      if (next) this.#forward(next, nowMs);
    }
  }

  /** Timestamps of another stream: they go on by as much as the sender's clock says, or else the one on the wall [2]. */
  #align(time: number, layer: Layer, nowMs: number): void {
    if (!this.#last) return;
    const before = this.#timed;
    if (before?.layer === layer && before.generation === layer.generation) return;
    const ticksPerMs = layer.codec.clockRate / 1000;
    const passed = Math.max(1, nowMs - this.#last.atMs) * ticksPerMs;
    let due = (this.#last.time + Math.round(passed)) >>> 0;
    if (before?.layer.clock && layer.clock) {
      const betweenMs = layer.clock.atMs - before.layer.clock.atMs;
      const other = before.layer.clock.time + this.#timeShift + Math.round(betweenMs * ticksPerMs);
      const told = (other + ahead(time, layer.clock.time, 32)) >>> 0;
      if (Math.abs(ahead(told, due, 32)) < MAX_DRIFT_SEC * layer.codec.clockRate) due = told;
    }
    // The same picture in another layer is a later one here.
    if (ahead(due, this.#last.time, 32) <= 0) due = (this.#last.time + ticksPerMs) >>> 0;
    this.#timeShift = (due - time) >>> 0;
  }

  #forward({ rtp, picture }: Media, nowMs: number): void {
    const isEmpty = !picture || this.#isLeftOut(picture);
    // What is not forwarded has no number; where a number was kept for it, it is used up by an empty packet [1].
    if (isEmpty && this.#numbers.drop(rtp.sequence)) {
      if (picture && picture.idAt >= 0) this.#pictures.drop(picture.id);
      return;
    }
    const sequence = this.#numbers.map(rtp.sequence);
    if (sequence === undefined) return;
    const time = (rtp.time + this.#timeShift) >>> 0;
    // Sound after a pause begins anew, for the receiver's buffer as well (RFC 3551 §4.1).
    const marker = !isEmpty && (rtp.marker || this.#isAfterPause);
    this.#isAfterPause = false;
    const level = this.producer.levelByte(rtp);
    const bytes = this.#header.write(rtp, sequence, time, marker, level, nowMs, 0, isEmpty);
    if (picture && !isEmpty) this.#count(bytes, this.#header.bytes, picture); // [3]
    this.#outlet.sendRtp(bytes);
    this.rate.add(bytes.length, nowMs);
    this.#payloadBytes += rtp.payloadEnd - rtp.payloadAt;
    if (!this.#last || ahead(time, this.#last.time, 32) > 0) this.#last = { time, atMs: nowMs };
  }

  /** A picture that no other needs, where the line is thin. Its layer comes back where it needs none that was left out. */
  #isLeftOut({ temporal, isSync }: Picture): boolean {
    if (temporal > this.#temporal && isSync && temporal <= this.#mayTemporal) this.#temporal = temporal;
    return temporal > this.#temporal;
  }

  /** The numbers of pictures, in the payload descriptors of VP8 (RFC 7741 §4.2) and VP9 (RFC 9628 §4.2). */
  #count(bytes: Buffer, payloadAt: number, picture: Picture): void {
    const { idAt, idBits, id, tl0At, tl0 } = picture;
    if (idAt >= 0) {
      const number = mapped(this.#pictures, id);
      if (idBits === 15) bytes.writeUInt16BE(0x8000 | number, payloadAt + idAt);
      else bytes[payloadAt + idAt] = number & 0x7f;
    }
    if (tl0At >= 0) bytes[payloadAt + tl0At] = mapped(this.#baseLayers, tl0);
  }

  /** The receiver misses a packet: it is sent again, as a stream of its own (RFC 4588). */
  repeat(missing: number, nowMs: number): void {
    const original = this.#numbers.original(missing);
    const media = original === undefined ? undefined : this.#layer?.find(original);
    const header = this.#repeatHeader;
    if (!media || !header || !this.#isReady || !this.#repeats.take(nowMs)) return;
    const { rtp, picture } = media;
    const time = (rtp.time + this.#timeShift) >>> 0;
    const sequence = this.#repeatNumber;
    this.#repeatNumber = (sequence + 1) & 0xffff;
    const level = this.producer.levelByte(rtp);
    const bytes = header.write(rtp, sequence, time, rtp.marker, level, nowMs, 2, picture === undefined);
    bytes.writeUInt16BE(missing, header.bytes);
    if (picture) this.#count(bytes, header.bytes + 2, picture);
    this.#outlet.sendRtp(bytes);
    this.rate.add(bytes.length, nowMs);
    this.repeated += 1;
  }

  /** The receiver cannot go on without a key frame. */
  wishKeyFrame(): void {
    this.#layer?.wishKeyFrame();
  }

  /** What its sender said of its clock, with our numbers (RFC 3550 §6.4.1). */
  report(nowMs: number): Buffer[] {
    const clock = this.#layer?.clock;
    if (!clock || !this.#isReady) return [];
    const passedMs = nowMs - clock.receivedMs;
    const time =
      clock.time + this.#timeShift + Math.round((passedMs * this.producer.options.codec.clockRate) / 1000);
    const { ssrc } = this.options;
    const { packets } = this.rate;
    const sent = { ssrc, time, packets: packets - this.repeated, bytes: this.#payloadBytes };
    return [senderReport(sent, clock.atMs + passedMs), described(ssrc, this.producer.options.peer)];
  }

  close(): void {
    this.#target = this.#layer = this.#timed = undefined;
    this.#isReady = false;
    this.#closed();
  }
}

/** Where a sender begins its numbers anew without a word, so do we. */
function mapped(numbers: Numbers, number: number): number {
  const out = numbers.map(number);
  if (out !== undefined) return out;
  numbers.begin(number);
  return numbers.map(number)!;
}
