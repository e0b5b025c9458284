import { RtcError } from '../errors.ts';
import { clockNow, drawFrameCode, peerTag, STRIP_HEIGHT } from './frame-code.ts';
import { hueOf } from './hue.ts';
import { every } from './ticker.ts';
import { openTone, toneOf, type Tone } from './tone.ts';

export interface SyntheticVideo {
  /** Pixels, 160 or more; 320 when left out. */
  readonly width?: number;
  /** Pixels, 90 or more; 9/16 of the width when left out. */
  readonly height?: number;
  /** Frames a second, 1 … 60; 30 when left out. */
  readonly frameRate?: number;
}

export interface SyntheticMediaOptions {
  /** Whose media it is: gives the picture its name and colour, and the tone its pitch. */
  readonly peer: string;
  /** Ends the tracks and everything behind them. */
  readonly signal: AbortSignal;
  readonly video?: SyntheticVideo | false;
  readonly audio?: boolean;
}

export interface SyntheticMedia {
  /** One video and one audio track, less what was not wanted. */
  readonly stream: MediaStream;
  /** Frequency of the tone in Hz. */
  readonly toneHz: number;
  /** The number of the frame drawn last; 0 before the first. What `readFrameCode()` finds at the other end is compared with it. */
  readonly frameNumber: () => number;
  /**
   * Starts the tone where the browser waits for a click. Without a call it starts with the next click or key.
   *
   * @throws {RtcError} `autoplay-blocked` when the browser still wants a click, `sound-unavailable` when it has no device
   */
  readonly resumeAudio: () => Promise<void>;
}

/**
 * A picture and a tone that need no camera, no microphone and no permission, and say that they are synthetic.
 *
 * The picture carries its frame number and the time, for eyes and, at its lower edge, for {@link readFrameCode}.
 * It goes on in a background tab.
 *
 * @throws {RangeError} when a size or rate is out of range
 * @throws {RtcError} `stopped` when `signal` has aborted already, `media-unsupported` where a canvas cannot be captured
 */
export function openSyntheticMedia({
  peer,
  signal,
  video = {},
  audio = true,
}: SyntheticMediaOptions): SyntheticMedia {
  if (signal.aborted) throw new RtcError('stopped');
  const picture = video ? openPicture(peer, video, signal) : undefined;
  const toneHz = toneOf(peer);
  const tone: Tone | undefined = audio ? openTone(toneHz, signal) : undefined;
  const tracks = [picture?.track, tone?.track].filter((track) => track !== undefined);
  return {
    stream: new MediaStream(tracks),
    toneHz,
    frameNumber: () => picture?.frameNumber() ?? 0,
    resumeAudio: async () => tone?.resume(),
  };
}

export interface Picture {
  readonly track: MediaStreamTrack;
  readonly frameNumber: () => number;
  /** Goes on with another size or rate; the track stays. @throws {RangeError} when one is out of range */
  readonly resize: (video: SyntheticVideo) => void;
}

type CapturedTrack = MediaStreamTrack & { requestFrame?: () => void };
type CapturedStream = MediaStream & { requestFrame?: () => void };

/** A drawn picture as a track; see {@link openSyntheticMedia}, which it is the half of. */
export function openPicture(peer: string, video: SyntheticVideo, signal: AbortSignal): Picture {
  const canvas = document.createElement('canvas');
  const size = sizeOf(video);
  Object.assign(canvas, { width: size.width, height: size.height });
  const context = canvas.getContext('2d', { alpha: false });
  if (!context || !('captureStream' in canvas)) throw new RtcError('media-unsupported');
  let draw = painter(context, peer);
  // Frames are asked for one by one. Left to captureStream(30), Firefox delivers 21 of 30 drawn ones.
  const captured: CapturedStream = canvas.captureStream(0);
  const track: CapturedTrack | undefined = captured.getVideoTracks()[0];
  if (!track) throw new RtcError('media-unsupported', 'The browser made no video track from a canvas.');

  let end = new AbortController();
  let frame = 0;
  const start = (frameRate: number) => {
    const intervalMs = 1000 / frameRate;
    let lastMs = -Infinity;
    const next = () => {
      if (track.readyState === 'ended') return end.abort(); // stopped by its owner
      const nowMs = performance.now();
      if (nowMs - lastMs < intervalMs / 2) return; // ticks that queued up while the page was busy
      lastMs = nowMs;
      frame += 1;
      draw(frame);
      // On the track by the specification, on the stream in Firefox.
      if (track.requestFrame) track.requestFrame();
      else captured.requestFrame?.();
    };
    next();
    every(intervalMs, next, AbortSignal.any([signal, end.signal]));
  };
  start(size.frameRate);
  const stop = track.stop.bind(track); // the browser's, whatever is put in front of it later
  signal.addEventListener('abort', stop, { once: true });
  const resize = (wanted: SyntheticVideo) => {
    const { width, height, frameRate } = sizeOf(wanted);
    Object.assign(canvas, { width, height });
    draw = painter(context, peer);
    end.abort();
    end = new AbortController();
    start(frameRate);
  };
  return { track, frameNumber: () => frame, resize };
}

/** @throws {RangeError} when a size or rate is out of range */
function sizeOf({ width = 320, height = Math.round((width * 9) / 16), frameRate = 30 }: SyntheticVideo) {
  if (!(width >= 160 && height >= 90))
    throw new RangeError(`${width} × ${height} is too small to be read: 160 × 90 or more`);
  if (!(frameRate >= 1 && frameRate <= 60)) throw new RangeError(`frameRate ${frameRate} is not in 1 … 60`);
  return { width, height, frameRate };
}

/**
 * Returns a function that draws the frame of a given number, as of a given time.
 *
 * @param note what stands above the frame's number, at a time in milliseconds since midnight UTC: that time
 */
function painter(
  context: CanvasRenderingContext2D,
  peer: string,
  note: (clockMs: number) => string = (clockMs) => `${new Date(clockMs).toISOString().slice(11, 23)} UTC`,
): (frame: number, clockMs?: number) => void {
  const { width, height } = context.canvas;
  const strip = height * STRIP_HEIGHT;
  const unit = (height - strip) / 10;
  const centre = { x: width - unit * 3.4, y: (height - strip) / 2 };
  const radius = unit * 2.3;
  const hue = hueOf(peer);
  const light = `hsl(${hue} 55% 78%)`;
  const tag = peerTag(peer);

  // What does not change is drawn once.
  const still = new OffscreenCanvas(width, height);
  const back = still.getContext('2d', { alpha: false });
  if (!back) throw new RtcError('media-unsupported');
  back.fillStyle = `hsl(${hue} 38% 18%)`;
  back.fillRect(0, 0, width, height);
  back.fillStyle = light;
  back.font = mono(unit * 1.05);
  back.fillText('synthetic', unit, unit * 1.8);
  back.fillStyle = '#fff';
  back.font = `600 ${Math.round(unit * 2.6)}px system-ui, sans-serif`;
  back.fillText(peer, unit, unit * 4.6, width - unit * 8);
  back.strokeStyle = `hsl(${hue} 38% 34%)`;
  back.lineWidth = unit * 0.35;
  back.beginPath();
  back.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
  back.stroke();
  back.fillStyle = light;
  back.textAlign = 'center';
  back.textBaseline = 'middle';
  back.fillText(initial(peer), centre.x, centre.y + unit * 0.15);

  return (frame, clockMs = clockNow()) => {
    context.drawImage(still, 0, 0);
    context.font = mono(unit * 1.35);
    context.fillStyle = '#fff';
    context.fillText(note(clockMs), unit, unit * 7.1);
    context.fillStyle = light;
    context.fillText(`frame ${frame}`, unit, unit * 9);
    // Once round in two seconds: a person sees at a glance whether the picture is alive, and whether it stutters.
    const angle = ((clockMs % 2000) / 2000) * 2 * Math.PI;
    context.beginPath();
    context.arc(
      centre.x + Math.sin(angle) * radius,
      centre.y - Math.cos(angle) * radius,
      unit * 0.55,
      0,
      2 * Math.PI,
    );
    context.fill();
    drawFrameCode(context, { frame: frame % 2 ** 24, clockMs, peer: tag });
  };
}

const mono = (size: number) => `${Math.round(size)}px ui-monospace, Menlo, Consolas, monospace`;

/** The first letter of a name, whatever script it is in. */
function initial(peer: string): string {
  const [first] = new Intl.Segmenter().segment(peer);
  return (first?.segment ?? '?').toUpperCase();
}
