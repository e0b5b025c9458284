import { randomBytes } from 'node:crypto';
import type { RoomId } from '../../../src/protocol/signaling.ts';
import { RtpPacket } from '../../rtp/rtp.ts';
import { Problem } from '../problem.ts';
import { type BroadcastStages, type Listening, PAYLOAD_TYPES } from '../stages.ts';
import { writePlaylist } from './playlist.ts';
import { Segmenter } from './segmenter.ts';
import { OpusFrames, Vp8Frames } from './streams.ts';

/** Who waits for a part that is not there yet. */
interface Waiter {
  readonly isThere: () => boolean;
  readonly go: () => void;
}

const MAX_WAITERS = 300;
/** After a loss no picture is shown until a key frame comes: it is asked for so often, in milliseconds. */
const ASK_EVERY_MS = 500;

/** One room's broadcast, cut into segments for as long as somebody asks for them. */
export class LiveSegments {
  /** In the addresses of its pieces: they are never those of another broadcast. */
  readonly folder = randomBytes(6).toString('base64url');
  readonly #listening: Listening;
  readonly #segmenter: Segmenter;
  readonly #video = new Vp8Frames();
  readonly #audio = new OpusFrames();
  readonly #waiters = new Set<Waiter>();
  readonly #onEnd: () => void;
  #askedMs = -Infinity;
  #isOver = false;

  /** @throws {Problem} 409 while nobody publishes, 406 where it is neither VP8 nor Opus */
  constructor(stages: BroadcastStages, room: RoomId, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#listening = stages.listen(room, {
      rtp: (packet) => this.#take(packet),
      rtcp: () => {},
      ended: () => this.#end(),
    });
    const { audio, video } = this.#listening.codecs;
    if ((audio && audio.name !== 'opus') || (video && video.name !== 'VP8')) {
      this.#listening.close();
      throw new Problem(
        406,
        `Segments are made of VP8 and Opus, and the broadcast is ${video?.name ?? audio?.name}.`,
      );
    }
    this.#segmenter = new Segmenter({
      hasVideo: video !== undefined,
      audioChannels: audio ? 2 : undefined,
      wishKeyFrame: () => this.#wishKeyFrame(performance.now()),
      originMs: performance.timeOrigin,
    });
    this.#wishKeyFrame(performance.now());
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What is there now. */
  get playlist(): string {
    return writePlaylist(this.#segmenter, this.folder, this.#isOver);
  }

  /** Resolves when the first segment has begun, or that part is there, or it is over. @throws {Problem} 400, 503 */
  async until(
    wanted: { readonly sequence: number; readonly part: number | undefined } | undefined,
  ): Promise<void> {
    const { sequence } = this.#segmenter;
    if (wanted && wanted.sequence > sequence + 2)
      throw new Problem(
        400,
        `The stream is at segment ${sequence}, and segment ${wanted.sequence} was asked for.`,
      );
    const isThere = () => this.#isOver || (wanted ? this.#has(wanted) : this.#segmenter.header !== undefined);
    if (isThere()) return;
    if (this.#waiters.size >= MAX_WAITERS)
      throw new Problem(503, 'Too many wait for the next part.', { 'Retry-After': '1' });
    await new Promise<void>((go) => this.#waiters.add({ isThere, go }));
  }

  /** A piece by its name in the playlist; undefined where it is not there (any more). */
  piece(name: string): Buffer | undefined {
    const { header, segments, parts, sequence } = this.#segmenter;
    if (name === 'init.webm') return header;
    const [, of, part] = /^(\d{1,9})(?:\.(\d{1,4}))?\.webm$/.exec(name) ?? [];
    if (of === undefined) return undefined;
    const segment = segments.find((one) => one.sequence === Number(of));
    const itsParts = segment?.parts ?? (Number(of) === sequence ? parts : undefined);
    if (part !== undefined) return itsParts?.[Number(part)]?.bytes;
    return segment && Buffer.concat(segment.parts.map(({ bytes }) => bytes));
  }

  close(): void {
    this.#listening.close();
    this.#end();
  }

  #take(bytes: Buffer): void {
    const packet = RtpPacket.read(bytes);
    if (!packet || this.#isOver) return;
    const nowMs = performance.now();
    if (packet.payloadType === PAYLOAD_TYPES.video) {
      for (const frame of this.#video.take(packet, nowMs)) this.#segmenter.video(frame);
      if (this.#video.needsKey) this.#wishKeyFrame(nowMs);
    } else for (const frame of this.#audio.take(packet, nowMs)) this.#segmenter.audio(frame);
    this.#wake();
  }

  #wishKeyFrame(nowMs: number): void {
    if (nowMs - this.#askedMs < ASK_EVERY_MS) return;
    this.#askedMs = nowMs;
    this.#listening.wishKeyFrame();
  }

  /** Whether that part is there, or one behind it. A part beyond a segment's last is the first of the next one. */
  #has({ sequence, part }: { readonly sequence: number; readonly part: number | undefined }): boolean {
    const now = this.#segmenter;
    if (now.sequence > sequence) {
      const segment = now.segments.find((one) => one.sequence === sequence);
      const isBeyond = part !== undefined && segment !== undefined && part >= segment.parts.length;
      return !isBeyond || now.sequence > sequence + 1 || now.parts.length > 0;
    }
    return part !== undefined && now.sequence === sequence && now.parts.length > part;
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isThere()) continue;
      this.#waiters.delete(waiter);
      waiter.go();
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wake();
    this.#onEnd();
  }
}
