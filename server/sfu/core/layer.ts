import { nack, pictureLoss } from '../../rtp/rtcp.ts';
import { Reception } from '../../rtp/reception.ts';
import { ahead, type RtpPacket } from '../../rtp/rtp.ts';
import { Missing } from './missing.ts';
import { type Picture, readPicture } from './picture.ts';
import { Rate } from './rate.ts';
import type { Codec } from './types.ts';

/** Packets that can be sent again: two seconds of 2.5 Mbit/s. One store for all who receive the layer. A power of two. */
const HISTORY = 512;
/** Further apart than this, two sequence numbers are no loss but a new beginning (RFC 3550 appendix A.1). */
const MAX_DROPOUT = 3_000;
/** A key frame costs as much as many other frames: it is asked for at most so often, in milliseconds. */
const KEY_FRAME_EVERY_MS = 300;
/** One that was asked for and did not come is asked for again. */
const KEY_FRAME_RETRY_MS = 1_000;
/** A layer of several from which nothing came for so long is not sent at the moment. */
const SILENT_MS = 2_000;

/** A packet that came, and what it says of its picture; undefined: there is nothing in it to be forwarded. */
export interface Media {
  readonly rtp: RtpPacket;
  readonly picture: Picture | undefined;
}

/** Which RTP timestamp belongs to which time of the sender, told by its report that came at `receivedMs`. */
export interface SenderClock {
  readonly atMs: number;
  readonly time: number;
  readonly receivedMs: number;
}

/** One encoding that comes in: the only one of a source, or one of those of simulcast. */
export class Layer {
  readonly index: number;
  readonly rid: string | null;
  readonly codec: Codec;
  readonly rate = new Rate();
  /** Of temporal layer 0 alone. */
  readonly baseRate = new Rate();
  ssrc: number | undefined;
  rtxSsrc: number | undefined;
  /** Counts up when the stream begins anew, under another SSRC or with other numbers. */
  generation = 0;
  clock: SenderClock | undefined;
  size: { readonly width: number; readonly height: number } | undefined;
  /** How often a key frame was asked for. */
  keyFrameRequests = 0;
  readonly #isOnly: boolean;
  readonly #ownSsrc: number;
  readonly #send: (rtcp: Buffer) => void;
  readonly #missing: Missing;
  readonly #history: (Media | undefined)[] = [];
  #reception: Reception | undefined;
  #lostBefore = 0;
  #highest = 0;
  #isWished = false;
  #isAwaited = false;
  #askedMs = -Infinity;

  /** @param isOnly the source has no other @param ownSsrc who asks @param send to the sender of the layer */
  constructor(
    index: number,
    rid: string | null,
    isOnly: boolean,
    codec: Codec,
    ownSsrc: number,
    send: (rtcp: Buffer) => void,
  ) {
    this.index = index;
    this.rid = rid;
    this.#isOnly = isOnly;
    this.codec = codec;
    this.#ownSsrc = ownSsrc;
    this.#send = send;
    this.#missing = new Missing(codec.rtxPayloadType !== undefined);
  }

  get highest(): number {
    return this.#highest;
  }

  get lost(): number {
    return this.#lostBefore + (this.#reception?.lost ?? 0);
  }

  /** The SSRC under which it comes from now on. */
  assign(ssrc: number): void {
    if (this.ssrc !== undefined) this.#restart();
    this.ssrc = ssrc;
  }

  /** Whether its sender sends it at the moment. The only encoding may rest, such as a screen on which nothing moves. */
  isSent(nowMs: number): boolean {
    return this.ssrc !== undefined && (this.#isOnly || nowMs - this.rate.lastMs < SILENT_MS);
  }

  /** @param isRepair it came as a repetition @returns undefined for one that has come before, or too late */
  take(rtp: RtpPacket, isRepair: boolean, nowMs: number): Media | undefined {
    const { sequence } = rtp;
    const step = this.#reception ? ahead(sequence, this.#highest, 16) : 1;
    if (Math.abs(step) > MAX_DROPOUT) {
      if (isRepair) return undefined;
      this.#restart();
    } else if (step <= -HISTORY || this.find(sequence)) return undefined;
    if (!this.#reception) {
      if (isRepair || this.ssrc === undefined) return undefined;
      this.#reception = new Reception(this.ssrc, this.codec.clockRate);
      this.#highest = sequence;
    } else if (step > 0) {
      if (step > 1 && this.#missing.add(this.#highest + 1, step - 1, nowMs)) this.wishKeyFrame();
      this.#highest = sequence;
    } else this.#missing.delete(sequence);
    if (!isRepair) this.#reception.take(rtp.bytes, nowMs);
    this.rate.add(rtp.bytes.length, nowMs);

    const hasPayload = rtp.payloadEnd > rtp.payloadAt;
    const picture = hasPayload ? readPicture(this.codec.name, rtp) : undefined;
    if (picture?.temporal === 0) this.baseRate.add(rtp.bytes.length, nowMs);
    const media = { rtp, picture };
    this.#history[sequence % HISTORY] = media;
    if (picture?.isKey) {
      this.#isWished = this.#isAwaited = false;
      this.size = picture.size ?? this.size;
    }
    if (step > 1) this.#askAgain(nowMs);
    return media;
  }

  /** A packet that is kept, by its sequence number. */
  find(sequence: number): Media | undefined {
    const media = this.#history[sequence % HISTORY];
    return media?.rtp.sequence === sequence ? media : undefined;
  }

  /** Somebody cannot go on without a key frame: it is asked for at the next {@link tick}. */
  wishKeyFrame(): void {
    this.#isWished = this.codec.kind === 'video';
  }

  /** Nothing is expected any more of what is missing. */
  rest(): void {
    this.#missing.clear();
    this.#isWished = this.#isAwaited = false;
  }

  tick(nowMs: number): void {
    this.#askAgain(nowMs);
    this.#askKeyFrame(nowMs);
  }

  /** For a report to the sender (RFC 3550 §6.4.1). */
  block(nowMs: number): Buffer | undefined {
    return this.#reception?.block(nowMs);
  }

  /** The sender's report has come. */
  reported(packet: Buffer, clock: SenderClock): void {
    this.#reception?.senderReport(packet, clock.receivedMs);
    this.clock = clock;
  }

  #askAgain(nowMs: number): void {
    if (this.#missing.size === 0 || this.ssrc === undefined) return;
    const { sequences, isLost } = this.#missing.due(nowMs);
    if (sequences.length > 0) this.#send(nack(this.#ownSsrc, this.ssrc, sequences));
    if (isLost) this.wishKeyFrame();
  }

  #askKeyFrame(nowMs: number): void {
    if (!this.#isWished && !this.#isAwaited) return;
    const waitMs = this.#isWished ? KEY_FRAME_EVERY_MS : KEY_FRAME_RETRY_MS;
    if (this.ssrc === undefined || nowMs - this.#askedMs < waitMs || !this.isSent(nowMs)) return;
    this.#askedMs = nowMs;
    this.#isWished = false;
    this.#isAwaited = true;
    this.keyFrameRequests += 1;
    this.#send(pictureLoss(this.#ownSsrc, this.ssrc));
  }

  #restart(): void {
    this.generation += 1;
    this.#lostBefore = this.lost;
    this.#reception = undefined;
    this.#history.length = 0;
    this.#missing.clear();
    this.clock = undefined;
    this.#isWished ||= this.#isAwaited;
  }
}
