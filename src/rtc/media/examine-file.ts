/** What is in a recorded file: whose pictures, and which tones. Found out from its pixels and its samples. */
import { decodeFrameCode, type FrameCode } from './frame-code.ts';
import { durationOf } from './recorded.ts';

/** A part of the picture, as shares of its width and height. */
export interface Cell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Cell = { x: 0, y: 0, width: 1, height: 1 };

/** A frame code that was read while a file was played. */
export interface ReadCode extends FrameCode {
  /** Where in the file, seconds. */
  readonly atSec: number;
}

export interface Examined {
  readonly durationSec: number;
  readonly width: number;
  readonly height: number;
  /** What was read in each cell, in the order of playing; the same frame once. */
  readonly codes: readonly (readonly ReadCode[])[];
  /** The sound, one channel; undefined where there is none. */
  readonly sound: { readonly samples: Float32Array; readonly rateHz: number } | undefined;
}

/** The file is played twice as fast as it was recorded, and looked at this often. */
const PLAYBACK_RATE = 2;
const LOOK_MS = 60;
const PLAY_LIMIT_MS = 8_000;
const RATE_HZ = 48_000;

/**
 * Plays a file without showing it, and reads what is in it.
 *
 * @param cells  where in the picture a frame code is looked for
 * @param signal ends it before its time
 * @throws {Error} when the browser cannot read the file
 */
export async function examineFile(
  file: Blob,
  cells: readonly Cell[],
  signal: AbortSignal,
): Promise<Examined> {
  const url = URL.createObjectURL(file);
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, preload: 'auto', src: url });
  const codes: ReadCode[][] = cells.map(() => []);
  try {
    const { found } = await durationOf(video);
    video.playbackRate = PLAYBACK_RATE;
    await video.play();
    const untilMs = performance.now() + PLAY_LIMIT_MS;
    while (!video.ended && performance.now() < untilMs && !signal.aborted) {
      for (const [index, cell] of cells.entries()) {
        const code = readCell(video, cell);
        const seen = codes[index];
        if (code && code.frame !== seen?.at(-1)?.frame) seen?.push({ ...code, atSec: video.currentTime });
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    const { videoWidth: width, videoHeight: height } = video;
    return { durationSec: found, width, height, codes, sound: await soundOf(file) };
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

/** The frame code in a part of a picture that plays; undefined when none can be read there. */
export function readCell(video: HTMLVideoElement, cell: Cell): FrameCode | undefined {
  const [width, height] = [
    Math.round(cell.width * video.videoWidth),
    Math.round(cell.height * video.videoHeight),
  ];
  if (!(width >= 32 && height >= 18)) return undefined;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  const [x, y] = [cell.x * video.videoWidth, cell.y * video.videoHeight];
  context.drawImage(video, x, y, width, height, 0, 0, width, height);
  return decodeFrameCode(context.getImageData(0, 0, width, height));
}

/** Decoded without being played: it needs no sound device and no click. */
async function soundOf(file: Blob): Promise<Examined['sound']> {
  try {
    const decoder = new OfflineAudioContext(1, 1, RATE_HZ);
    const buffer = await decoder.decodeAudioData(await file.arrayBuffer());
    return { samples: buffer.getChannelData(0), rateHz: buffer.sampleRate };
  } catch {
    return undefined; // a file without sound is no sound to be decoded
  }
}
