import { type MediaFrame, vp8Size } from './streams.ts';
import { type Block, webmCluster, webmHeader } from './webm.ts';

/** A part of a segment: a cluster. */
export interface Part {
  readonly durationSec: number;
  /** It begins with a key frame, or has no pictures. */
  readonly isIndependent: boolean;
  readonly bytes: Buffer;
}

export interface Segment {
  /** Media sequence number. */
  readonly sequence: number;
  /** When its first frame came, in milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly parts: readonly Part[];
  readonly durationSec: number;
}

export const TARGET_SEC = 2;
/** A segment ends at the first key frame after {@link TARGET_SEC}, or here: its length rounds to the target (RFC 8216 §4.3.3.1). */
const LONGEST_SEC = 2.4;
/** A key frame is asked for so long before it is needed. */
const ASK_AHEAD_SEC = 0.1;
const PART_SEC = 1 / 3;
/** A part ends with a frame: at ten frames a second and more it is no longer than that. */
export const PART_TARGET_SEC = 0.4;
/** Three targets, as draft-pantos-hls-rfc8216bis §4.4.3.8 advises. */
export const PART_HOLD_BACK_SEC = 3 * PART_TARGET_SEC;
/** Segments in the playlist, and of how many of them the parts are named. */
export const WINDOW = 8;
export const PARTS_OF = 3;
/** What one segment may hold: 16 Mbit/s. */
const MAX_SEGMENT_BYTES = 4_000_000;

export interface SegmenterOptions {
  readonly hasVideo: boolean;
  /** Channels of the sound; undefined: there is none. */
  readonly audioChannels: number | undefined;
  /** Asks for a key frame. */
  readonly wishKeyFrame: () => void;
  /** Milliseconds since 1970 at zero of the clock of frames. */
  readonly originMs: number;
}

/**
 * Cuts a live stream into segments and parts of them. It has neither a clock nor a connection: frames say when they are.
 * Only the last segments are kept.
 */
export class Segmenter {
  readonly #options: SegmenterOptions;
  readonly #segments: Segment[] = [];
  #header: Buffer | undefined;
  #sequence = 0;
  /** Of the segment that is being made. */
  #parts: Part[] = [];
  #blocks: Block[] = [];
  #segmentMs = 0;
  #partMs = 0;
  #zeroMs: number | undefined;
  #bytes = 0;
  #asked = false;
  #isIndependent = true;

  constructor(options: SegmenterOptions) {
    this.#options = options;
  }

  /** What each part needs before it; undefined before the first key frame. */
  get header(): Buffer | undefined {
    return this.#header;
  }

  /** Those that are whole, the oldest first. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Of the one that is being made. */
  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** Its number. */
  get sequence(): number {
    return this.#sequence;
  }

  video(frame: MediaFrame): void {
    if (!this.#header) {
      const size = frame.isKey ? vp8Size(frame.bytes) : undefined;
      if (!size) return this.#options.wishKeyFrame();
      this.#begin(frame.timeMs, size);
    }
    this.#cut(frame);
    this.#add('video', frame);
  }

  audio(frame: MediaFrame): void {
    if (!this.#header) {
      if (this.#options.hasVideo) return; // it begins with a picture
      this.#begin(frame.timeMs, undefined);
    }
    if (!this.#options.hasVideo) this.#cut(frame);
    this.#add('audio', frame);
  }

  #begin(timeMs: number, video: { width: number; height: number } | undefined): void {
    const { audioChannels } = this.#options;
    this.#header = webmHeader({
      video,
      audio: audioChannels === undefined ? undefined : { channels: audioChannels },
    });
    this.#zeroMs = this.#segmentMs = this.#partMs = timeMs;
  }

  /** Ends the part, and the segment, before a frame of the kind that times are counted by. */
  #cut({ timeMs, isKey }: MediaFrame): void {
    const segmentSec = (timeMs - this.#segmentMs) / 1_000;
    const isOver =
      (isKey && segmentSec >= TARGET_SEC - ASK_AHEAD_SEC) ||
      segmentSec >= LONGEST_SEC ||
      this.#bytes > MAX_SEGMENT_BYTES;
    if (!isOver && !this.#asked && segmentSec >= TARGET_SEC - ASK_AHEAD_SEC) {
      this.#asked = true;
      this.#options.wishKeyFrame();
    }
    if (!isOver && timeMs - this.#partMs < PART_SEC * 1_000) return;
    this.#endPart(timeMs);
    this.#isIndependent = isKey;
    if (isOver) this.#endSegment(timeMs);
  }

  #endPart(timeMs: number): void {
    // A part of the very first frame's time holds nothing.
    if (this.#blocks.length > 0) {
      const blocks = this.#blocks.toSorted((a, b) => a.timeMs - b.timeMs);
      const durationSec = Math.max(0.001, (timeMs - this.#partMs) / 1_000);
      this.#parts.push({ durationSec, isIndependent: this.#isIndependent, bytes: webmCluster(blocks) });
    }
    this.#blocks = [];
    this.#partMs = timeMs;
  }

  #endSegment(timeMs: number): void {
    this.#segments.push({
      sequence: this.#sequence,
      startedAtMs: Math.round(this.#options.originMs + this.#segmentMs),
      parts: this.#parts,
      durationSec: (timeMs - this.#segmentMs) / 1_000,
    });
    if (this.#segments.length > WINDOW) this.#segments.shift();
    this.#sequence += 1;
    this.#parts = [];
    this.#bytes = 0;
    this.#asked = false;
    this.#segmentMs = timeMs;
  }

  #add(track: 'audio' | 'video', { timeMs, isKey, bytes }: MediaFrame): void {
    this.#blocks.push({ track, isKey, bytes, timeMs: timeMs - (this.#zeroMs ?? timeMs) });
    this.#bytes += bytes.length;
  }
}
