import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { ahead, type RtpPacket } from '../../rtp/rtp.ts';
import { RATE_HZ } from './mix.ts';
import { Vp8Frames } from './vp8-frames.ts';

/** So many packets may wait for the disk. */
const MOST_WAITING = 600;

/** The head of an Opus stream, which Matroska keeps (RFC 7845 §5.1): two channels, as all Opus in RTP has. */
function opusHead(): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = 2;
  head.writeUInt16LE(312, 10); // what a decoder is to skip: its own delay
  head.writeUInt32LE(RATE_HZ, 12);
  return head;
}

/** A clock of RTP timestamps, in seconds since the recording began. */
class Clock {
  readonly #rateHz: number;
  #last: number | undefined;
  #sec = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** @param beganSec when the first of this stream came */
  secOf(time: number, beganSec: number): number {
    this.#sec = this.#last === undefined ? beganSec : this.#sec + ahead(time, this.#last, 32) / this.#rateHz;
    this.#last = time;
    return this.#sec;
  }
}

/** Writes the packets of the mix to a WebM file. Nothing is decoded, and nothing encoded once more. */
export class Recorder {
  readonly #output: Output;
  readonly #video = new EncodedVideoPacketSource('vp8');
  readonly #audio = new EncodedAudioPacketSource('opus');
  readonly #frames = new Vp8Frames();
  readonly #clocks = { audio: new Clock(RATE_HZ), video: new Clock(90_000) };
  readonly #size: { readonly width: number; readonly height: number };
  readonly #startMs = performance.now();
  readonly #failed: (why: string) => void;
  #writing: Promise<unknown>;
  #waiting = 0;
  #isOver = false;
  #hasPicture = false;
  #hasSound = false;
  /** Of the media in it. */
  sizeBytes = 0;

  /** @param path of a file that is not there yet @param failed once, when no more can be written */
  constructor(
    path: string,
    size: { readonly width: number; readonly height: number },
    failed: (why: string) => void,
  ) {
    this.#size = size;
    this.#failed = failed;
    this.#output = new Output({
      format: new WebMOutputFormat(),
      // Larger pieces would be lost with the process.
      target: new FilePathTarget(path, { chunked: true, chunkSize: 2 ** 18 }),
    });
    this.#output.addVideoTrack(this.#video);
    this.#output.addAudioTrack(this.#audio);
    this.#writing = this.#output.start();
    this.#writing.catch((error: unknown) => this.#fail(error));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Since it began. */
  get seconds(): number {
    return (performance.now() - this.#startMs) / 1_000;
  }

  /** The picture cannot begin, or go on, before the next key frame. */
  get needsKeyFrame(): boolean {
    return this.#frames.needsKey;
  }

  take(kind: 'audio' | 'video', packet: RtpPacket): void {
    if (this.#isOver) return;
    if (kind === 'audio') this.#takeSound(packet);
    else this.#takePicture(packet);
  }

  /** Completes the file. */
  async finish(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    await this.#writing;
    await this.#output.finalize();
  }

  /** Leaves the file as it is. */
  cancel(): void {
    this.#isOver = true;
  }

  #takeSound({ payload, time }: RtpPacket): void {
    if (payload.length === 0) return;
    const sec = this.#clocks.audio.secOf(time, this.seconds);
    const packet = new EncodedPacket(Buffer.from(payload), 'key', sec, 0.02);
    const meta = this.#hasSound
      ? undefined
      : {
          decoderConfig: {
            codec: 'opus',
            sampleRate: RATE_HZ,
            numberOfChannels: 2,
            description: opusHead(),
          },
        };
    this.#hasSound = true;
    this.#write(packet, () => this.#audio.add(packet, meta));
  }

  #takePicture(rtp: RtpPacket): void {
    const frame = this.#frames.take(rtp);
    if (!frame) return;
    const sec = this.#clocks.video.secOf(frame.time, this.seconds);
    const packet = new EncodedPacket(frame.data, frame.isKey ? 'key' : 'delta', sec, 1 / 15);
    const meta = this.#hasPicture
      ? undefined
      : {
          decoderConfig: { codec: 'vp8', codedWidth: this.#size.width, codedHeight: this.#size.height },
        };
    this.#hasPicture = true;
    this.#write(packet, () => this.#video.add(packet, meta));
  }

  #write({ byteLength }: EncodedPacket, add: () => Promise<void>): void {
    if (++this.#waiting > MOST_WAITING) return this.#fail(new Error('the disk does not keep up'));
    this.sizeBytes += byteLength;
    this.#writing = this.#writing.then(add).finally(() => (this.#waiting -= 1));
    this.#writing.catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failed(error instanceof Error ? error.message : 'it could not be written');
  }
}
