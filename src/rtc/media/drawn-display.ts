import { RtcError } from '../errors.ts';
import { clockNow, drawFrameCode, peerTag, STRIP_HEIGHT } from './frame-code.ts';
import type { DeviceSource } from './media-devices.ts';
import { hearDispatched } from './hear-dispatched.ts';
import { every } from './ticker.ts';

/** Whose picture the frame code of a drawn desktop says it is. */
export const DESK = peerTag('desk');

export interface DrawnDisplayOptions {
  /** Ends the track. */
  readonly signal: AbortSignal;
  /** Pixels; 1280 × 720 when left out. */
  readonly width?: number;
  readonly height?: number;
  /** Frames a second, 1 … 30; 15 when left out. */
  readonly frameRate?: number;
}

/** A desktop that nobody has: a stand-in for a captured screen, and it says so in its picture. */
export interface DrawnDisplay {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  /**
   * Does what a browser does when its own “stop sharing” is pressed: the track ends, and `ended` fires. (It does not
   * fire when a page calls `stop()`; so this event is a dispatched one, as everything here is a stand-in.)
   */
  readonly endByBrowser: () => void;
}

type CapturedTrack = MediaStreamTrack & { requestFrame?: () => void };
type CapturedStream = MediaStream & { requestFrame?: () => void };

/**
 * Opens a drawn desktop: lines of small text that scroll, a pointer that moves, and the frame code at the lower edge.
 *
 * @throws {RtcError} `media-unsupported` where a canvas cannot be captured
 */
export function openDrawnDisplay({
  signal,
  width = 1280,
  height = 720,
  frameRate = 15,
}: DrawnDisplayOptions): DrawnDisplay {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d', { alpha: false });
  if (!context || !('captureStream' in canvas)) throw new RtcError('media-unsupported');
  const stream: CapturedStream = canvas.captureStream(0);
  const track: CapturedTrack | undefined = stream.getVideoTracks()[0];
  if (!track) throw new RtcError('media-unsupported', 'The browser made no video track from a canvas.');
  hearDispatched(track);

  const end = new AbortController();
  let frame = 0;
  const next = () => {
    if (track.readyState === 'ended') return end.abort();
    frame += 1;
    drawDesktop(context, frame);
    // On the track by the specification, on the stream in Firefox.
    if (track.requestFrame) track.requestFrame();
    else stream.requestFrame?.();
  };
  next();
  every(1000 / frameRate, next, AbortSignal.any([signal, end.signal]));
  signal.addEventListener('abort', () => track.stop(), { once: true });
  const endByBrowser = () => {
    if (track.readyState === 'ended') return;
    track.stop();
    track.dispatchEvent(new Event('ended'));
  };
  return { stream, track, endByBrowser };
}

const lines = [
  'A drawn desktop: it stands in for a screen.',
  'Small text is what a screen is made of: 0123456789',
  'The quick brown fox jumps over the lazy dog',
  'const pc = new RTCPeerConnection();',
  'v=0   o=- 46117 2 IN IP4 127.0.0.1   s=-   t=0 0',
  'Is this line still readable at the other end?',
] as const;

/** One line further every so many frames. */
const FRAMES_PER_LINE = 15;

function drawDesktop(context: CanvasRenderingContext2D, frame: number): void {
  const { width, height } = context.canvas;
  const bottom = height * (1 - STRIP_HEIGHT);
  const size = Math.round(bottom / 30);
  context.fillStyle = '#31415f';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#f4f5f2';
  context.fillRect(width * 0.08, bottom * 0.08, width * 0.84, bottom * 0.84);
  context.fillStyle = '#1c2b45';
  context.fillRect(width * 0.08, bottom * 0.08, width * 0.84, size * 2);
  context.fillStyle = '#fff';
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.fillText(
    `stand-in: a drawn desktop · frame ${frame}`,
    width * 0.08 + size,
    bottom * 0.08 + size * 1.4,
  );
  context.fillStyle = '#16191c';
  context.font = `${size}px ui-monospace, Menlo, Consolas, monospace`;
  const first = Math.floor(frame / FRAMES_PER_LINE);
  const rows = Math.floor((bottom * 0.84 - size * 3) / (size * 1.5));
  for (let row = 0; row < rows; row++) {
    const number = first + row;
    const text = lines[number % lines.length] ?? '';
    context.fillText(
      `${number}  ${text}`,
      width * 0.08 + size,
      bottom * 0.08 + size * (4 + row * 1.5),
      width * 0.8,
    );
  }
  const angle = (frame / 60) * 2 * Math.PI;
  const pointer = { x: width * (0.5 + 0.3 * Math.cos(angle)), y: bottom * (0.5 + 0.3 * Math.sin(angle)) };
  context.fillStyle = '#b0241c';
  context.beginPath();
  context.moveTo(pointer.x, pointer.y);
  context.lineTo(pointer.x + size, pointer.y + size * 0.5);
  context.lineTo(pointer.x + size * 0.5, pointer.y + size);
  context.fill();
  drawFrameCode(context, { frame: frame % 2 ** 24, clockMs: clockNow(), peer: DESK });
}

export interface DrawnScreensOptions {
  readonly signal: AbortSignal;
  /** Whether a click of just now allows the question; always, when left out. */
  readonly isActive?: () => boolean;
  /** What the person at the picker does instead of choosing. */
  readonly refusal?: () => DOMException | undefined;
  readonly display?: Omit<DrawnDisplayOptions, 'signal'>;
}

/**
 * Stands in for the screens of `navigator.mediaDevices`: no picker, a drawn desktop, and the refusals of the standard in
 * its order (screen-capture, getDisplayMedia).
 */
export class DrawnScreens extends EventTarget implements DeviceSource {
  /** What was opened last. */
  display: DrawnDisplay | undefined;
  readonly #options: DrawnScreensOptions;

  constructor(options: DrawnScreensOptions) {
    super();
    this.#options = options;
  }

  // oxlint-disable-next-line typescript/require-await -- what it throws is a rejection
  async getDisplayMedia(options: DisplayMediaStreamOptions = {}): Promise<MediaStream> {
    const { signal, isActive, refusal, display } = this.#options;
    if (isActive && !isActive())
      throw new DOMException('getDisplayMedia() needs a click of just now.', 'InvalidStateError');
    const why = wrongIn(options);
    if (why) throw new TypeError(why);
    const refused = refusal?.();
    if (refused) throw refused;
    this.display = openDrawnDisplay({ signal, ...display });
    return this.display.stream;
  }

  // oxlint-disable-next-line typescript/require-await -- what it throws is a rejection
  async getUserMedia(): Promise<MediaStream> {
    throw new DOMException('There is no camera in a stand-in for screens.', 'NotFoundError');
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve([]);
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return {};
  }
}

/** What may not be asked of `getDisplayMedia()`, in words; undefined when all is well. */
function wrongIn({ video = true, audio = false }: DisplayMediaStreamOptions): string | undefined {
  if (video === false) return 'video: false is not possible, a screen has a picture.';
  for (const constraints of [video, audio]) {
    if (typeof constraints === 'boolean') continue;
    for (const [name, value] of Object.entries(constraints) as [string, unknown][]) {
      if (name === 'advanced') return 'advanced is not allowed: the user chooses.';
      if (typeof value !== 'object' || value === null) continue;
      for (const strict of ['min', 'exact'])
        if (strict in value) return `${strict} is not allowed in ${name}: the user chooses.`;
    }
  }
  return undefined;
}
