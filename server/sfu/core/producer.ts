import type { RtpPacket } from '../../rtp/rtp.ts';
import { Layer, type Media } from './layer.ts';
import type { Producer, ProducerOptions } from './types.ts';

/** Who is sent what a producer receives. */
interface Receiver {
  take(media: Media, layer: Layer, nowMs: number): void;
}

/** As silent as the extension for levels can tell, in dBov (RFC 6464 §3). */
export const SILENCE = -127;

/** One source that comes in, with all its layers. */
export class SfuProducer implements Producer {
  readonly id: string;
  readonly options: ProducerOptions;
  readonly layers: readonly Layer[];
  readonly receivers = new Set<Receiver>();
  isActive = true;
  /** Of sound, -127 to 0 dBov, as it was last told; undefined: never. */
  level: number | undefined;
  readonly #closed: () => void;

  /** @param ownSsrc who asks for packets and key frames @param send to the participant whose source it is */
  constructor(
    id: string,
    options: ProducerOptions,
    ownSsrc: number,
    send: (rtcp: Buffer) => void,
    closed: () => void,
  ) {
    this.id = id;
    this.options = options;
    this.#closed = closed;
    const rids = options.rids.length > 0 ? options.rids : [null];
    this.layers = rids.map(
      (rid, index) => new Layer(index, rid, rids.length === 1, options.codec, ownSsrc, send),
    );
  }

  setActive(isActive: boolean): void {
    this.isActive = isActive;
    this.level = undefined;
    if (!isActive) for (const layer of this.layers) layer.rest();
  }

  /** @param isRepair it came as a repetition of a packet that was lost */
  take(rtp: RtpPacket, layer: Layer, isRepair: boolean, nowMs: number): void {
    const media = layer.take(rtp, isRepair, nowMs);
    if (!media || !this.isActive) return;
    const level = rtp.extension(this.options.extensions.audioLevel)?.[0];
    if (level !== undefined) this.level = -(level & 0x7f);
    for (const receiver of this.receivers) receiver.take(media, layer, nowMs);
  }

  /** The value of the extension for levels, for those it is sent on to: level and whether it is speech. */
  levelByte(rtp: RtpPacket): number {
    return rtp.extension(this.options.extensions.audioLevel)?.[0] ?? -SILENCE;
  }

  close(): void {
    this.#closed();
  }
}
