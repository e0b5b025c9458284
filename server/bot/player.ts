import { randomInt } from 'node:crypto';
import { Bucket } from '../signaling/bucket.ts';
import type { Clip } from './clip.ts';
import type { Media, SsrcsOf } from './media.ts';
import { Reception } from '../rtp/reception.ts';
import {
  described,
  FIR,
  NACK,
  nacked,
  packetTypes,
  PLI,
  receiverReport,
  remb,
  senderReport,
  splitCompound,
} from '../rtp/rtcp.ts';
import { vp8Payloads, writeRtp } from '../rtp/rtp.ts';
import type { Direction, Section } from './sdp.ts';

/** Later than this, what should have been sent is left out, in milliseconds. */
const MAX_LATE_MS = 1_000;
/** Packets of the picture that can be sent again: about two seconds of them. */
const HISTORY = 64;
/** Sending again costs more than asking for it. */
const REPAIRS = { burst: HISTORY, perSec: HISTORY };
/** A request for a key frame that was on its way when one was sent, in milliseconds. */
const KEY_FRAME_HOLDS_MS = 300;
/** A page sends at most four streams. More are not reported on. */
const MAX_SOURCES = 8;
/** Of timestamps, in Hz: Opus, and all codecs of pictures (RFC 7587 §4.1, RFC 7741 §4.1). */
const clockRates = { audio: 48_000, video: 90_000 } as const;
type Kind = keyof typeof clockRates;

/** A stream of the bot's own: its numbers go on, whatever the clip does. */
class Stream {
  readonly mid: string;
  readonly ssrc: number;
  readonly clockRateHz: number;
  payloadType = 0;
  /** Under which its packets carry the level of the sound. */
  levelExtension: number | undefined;
  /** The lower half: where numbers begin anew soon after the start, SRTP's own count of that may go wrong (RFC 3711 §3.3.1). */
  #sequence = randomInt(2 ** 15);
  readonly #firstTime = randomInt(2 ** 32);
  #packets = 0;
  #bytes = 0;
  /** How many packets or pictures were due before the next one. */
  next = 0;

  constructor(mid: string, ssrc: number, clockRateHz: number) {
    this.mid = mid;
    this.ssrc = ssrc;
    this.clockRateHz = clockRateHz;
  }

  /** @param atMs since the start: the same for all packets of a picture */
  packet(atMs: number, marker: boolean, ...payload: readonly Buffer[]): Buffer {
    const { payloadType, ssrc } = this;
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#bytes += payload.reduce((sum, { length }) => sum + length, 0);
    const packet = writeRtp({ payloadType, marker, sequence, time: this.#timeAt(atMs), ssrc }, ...payload);
    return this.levelExtension === undefined ? packet : withLevel(packet, this.levelExtension);
  }

  report(atMs: number, wallMs: number, blocks: readonly Buffer[]): Buffer[] {
    const sent = { ssrc: this.ssrc, packets: this.#packets, bytes: this.#bytes, time: this.#timeAt(atMs) };
    return [senderReport(sent, wallMs, blocks), described(this.ssrc, 'bot')];
  }

  #timeAt(atMs: number): number {
    return (this.#firstTime + Math.round((atMs * this.clockRateHz) / 1000)) % 2 ** 32;
  }
}

/**
 * Plays a clip over and over on the first audio and the first video m-section, and listens to what comes: it reports on
 * it, as a receiver has to, and forgets it.
 *
 * The picture, and the frame counter in it, begins anew at the end of the clip; sequence numbers and timestamps go on, so
 * that to a receiver it is one stream. A request for a key frame is answered by going on at the next one of the clip.
 */
export class Player implements Media {
  readonly wanted = { codecs: { audio: 'opus', video: 'vp8' }, repair: false };
  readonly #clip: Clip;
  readonly #tellsLevel: boolean;
  /** Milliseconds since 1970 at zero of the clock that is passed in. */
  readonly #originMs: number;
  /** By mid, those that pause included: their numbers must go on. */
  readonly #streams = new Map<string, Stream>();
  #sound: Stream | undefined;
  #picture: Stream | undefined;
  #startedMs: number | undefined;
  /** Which frame of the clip comes next. */
  #frame = 0;
  #keyFrameAtMs = -Infinity;
  /** What was sent, by sequence number. The oldest are forgotten. */
  readonly #history = new Map<number, Buffer>();
  readonly #repairs = new Bucket(REPAIRS, 0);
  readonly #sources = new Map<number, { readonly kind: Kind; readonly reception: Reception }>();
  /** By payload type, what is received. */
  #kinds: ReadonlyMap<number, Kind> = new Map();

  /** @param tellsLevel whether packets of sound carry their level: a server in the middle forwards by it */
  constructor(clip: Clip, originMs: number = performance.timeOrigin, tellsLevel = false) {
    this.#tellsLevel = tellsLevel;
    this.#clip = clip;
    this.#originMs = originMs;
  }

  negotiate(sections: readonly Section[], ssrcsOf: SsrcsOf): void {
    const alive = sections.filter(({ accepted, codec }) => accepted && codec);
    const streamOf = (kind: 'audio' | 'video'): Stream | undefined => {
      const section = alive.find((one) => one.kind === kind);
      const { codec, direction = 'inactive', mid = '' } = section ?? {};
      if (!isListening(direction) || !codec || codec.name !== this.wanted.codecs[kind]) return undefined;
      const stream = this.#streams.get(mid) ?? new Stream(mid, ssrcsOf(mid).media, clockRates[kind]);
      this.#streams.set(mid, stream);
      stream.payloadType = codec.payloadType;
      stream.levelExtension = kind === 'audio' && this.#tellsLevel ? section?.levelExtension : undefined;
      return stream;
    };
    const before = this.#picture;
    this.#sound = streamOf('audio');
    this.#picture = streamOf('video');
    if (this.#picture !== before) this.#frame = 0;
    this.#kinds = new Map(
      alive.flatMap(({ kind, codec }) =>
        codec && (kind === 'audio' || kind === 'video') ? [[codec.payloadType, kind] as const] : [],
      ),
    );
  }

  directionOf({ mid, direction }: Section): Direction {
    const sends = mid === this.#sound?.mid || mid === this.#picture?.mid;
    const listens = direction === 'sendrecv' || direction === 'sendonly';
    if (sends) return listens ? 'sendrecv' : 'sendonly';
    return listens ? 'recvonly' : 'inactive';
  }

  rtp(packet: Buffer, nowMs: number): undefined {
    if (packet.length < 12) return;
    const ssrc = packet.readUInt32BE(8);
    const kind = this.#kinds.get(packet[1]! & 0x7f);
    if (!kind) return;
    const source = this.#sources.get(ssrc) ?? { kind, reception: new Reception(ssrc, clockRates[kind]) };
    remember(this.#sources, ssrc, source, MAX_SOURCES);
    source.reception.take(packet, nowMs);
  }

  rtcp(compound: Buffer, nowMs: number): Buffer[] {
    const repairs: Buffer[] = [];
    for (const packet of splitCompound(compound) ?? []) {
      const format = packet[0]! & 0x1f;
      if (packet[1] === packetTypes.senderReport)
        this.#sources.get(packet.readUInt32BE(4))?.reception.senderReport(packet, nowMs);
      else if (packet[1] === packetTypes.payloadFeedback && (format === PLI || format === FIR)) {
        const at = format === PLI ? 8 : 12;
        if (packet.length >= at + 4 && packet.readUInt32BE(at) === this.#picture?.ssrc)
          this.#skipToKeyFrame(nowMs);
      } else if (packet[1] === packetTypes.transportFeedback && format === NACK)
        if (packet.length >= 12 && packet.readUInt32BE(8) === this.#picture?.ssrc)
          for (const sequence of nacked(packet)) {
            const kept = this.#history.get(sequence);
            if (kept && this.#repairs.take(nowMs)) repairs.push(kept);
          }
    }
    return repairs;
  }

  play(nowMs: number): Buffer[] {
    this.#startedMs ??= nowMs;
    const atMs = nowMs - this.#startedMs;
    return [...this.#due(this.#sound, this.#clip.packetMs, atMs), ...this.#pictures(atMs, nowMs)];
  }

  report(limitBps: number, nowMs: number): Buffer[] {
    const sources = [...this.#sources];
    const blocks = sources.map(([, { reception }]) => reception.block(nowMs));
    const streams = [this.#sound, this.#picture].filter((stream) => stream !== undefined);
    const speaker = streams[0]?.ssrc ?? 1;
    const startedMs = this.#startedMs;
    const reports =
      startedMs === undefined || streams.length === 0
        ? [receiverReport(speaker, blocks)]
        : streams.flatMap((stream, index) =>
            stream.report(nowMs - startedMs, this.#originMs + nowMs, index === 0 ? blocks : []),
          );
    const pictures = sources.flatMap(([ssrc, { kind }]) => (kind === 'video' ? [ssrc] : []));
    if (pictures.length > 0) reports.push(remb(speaker, pictures, limitBps));
    return [Buffer.concat(reports)];
  }

  /** Sound that is due. After a pause of ours it goes on with what is due now: that time was silent. */
  *#due(stream: Stream | undefined, everyMs: number, atMs: number): Generator<Buffer> {
    if (!stream) return;
    let marker = stream.next === 0;
    if (atMs - stream.next * everyMs > MAX_LATE_MS) {
      stream.next = Math.floor(atMs / everyMs);
      marker = true;
    }
    for (; stream.next * everyMs <= atMs; stream.next++, marker = false) {
      const packet = this.#clip.packets[stream.next % this.#clip.packets.length]!;
      yield stream.packet(stream.next * everyMs, marker, packet);
    }
  }

  *#pictures(atMs: number, nowMs: number): Generator<Buffer> {
    const stream = this.#picture;
    const { frames, framesPerSec } = this.#clip;
    const everyMs = 1000 / framesPerSec;
    if (!stream) return;
    if (atMs - stream.next * everyMs > MAX_LATE_MS) {
      stream.next = Math.floor(atMs / everyMs);
      this.#skipToKeyFrame(nowMs);
    }
    for (; stream.next * everyMs <= atMs; stream.next++) {
      const { bytes, isKey } = frames[this.#frame]!;
      this.#frame = (this.#frame + 1) % frames.length;
      if (isKey) this.#keyFrameAtMs = nowMs;
      const payloads = vp8Payloads(bytes);
      for (const [index, payload] of payloads.entries()) {
        const packet = stream.packet(stream.next * everyMs, index === payloads.length - 1, ...payload);
        remember(this.#history, packet.readUInt16BE(2), packet, HISTORY);
        yield packet;
      }
    }
  }

  #skipToKeyFrame(nowMs: number): void {
    if (nowMs - this.#keyFrameAtMs < KEY_FRAME_HOLDS_MS) return;
    const { frames } = this.#clip;
    while (!frames[this.#frame]!.isKey) this.#frame = (this.#frame + 1) % frames.length;
  }
}

/** A sine of a tenth of full scale, as `tone.ts` makes it: -23 dBov (RFC 6464 §3). */
const TONE_DBOV = 23;

/** The packet with the level of its sound, and that it is one (RFC 6464 §4, in the form of RFC 8285 §4.2). */
function withLevel(packet: Buffer, id: number): Buffer {
  const extension = Buffer.from([0xbe, 0xde, 0, 1, id << 4, 0x80 | TONE_DBOV, 0, 0]);
  const head = Buffer.from(packet.subarray(0, 12));
  head[0]! |= 0x10;
  return Buffer.concat([head, extension, packet.subarray(12)]);
}

/** Sets a value; the one that was set first makes room for it. */
function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

function isListening(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}
