import { holdAudioContext } from '../../media/audio-context.ts';
import { every } from '../../media/ticker.ts';
import { RtcError } from '../../errors.ts';
import { arrange, fitInto, type Rect, type Size } from './grid.ts';

/** A participant as a composed picture shows them: only what is really sent at the moment. */
export interface Portrayed {
  /** Tells people apart; their names may be the same. */
  readonly id: string;
  readonly name: string;
  /** Null while the camera is off: then the name stands in its place. */
  readonly camera: MediaStreamTrack | null;
  readonly screen: MediaStreamTrack | null;
  /** Microphone, sound of a screen; this participant's own, too. */
  readonly sounds: readonly MediaStreamTrack[];
}

/** Where one picture stands. */
export interface Placed {
  readonly of: 'camera' | 'screen';
  readonly person: Portrayed;
  readonly rect: Rect;
}

const GAP = 8;
/** Share of the width that screens take; the cameras stand beside them. */
const SCREENS_SHARE = 0.8;

/** Everybody on one picture; screens, where there are any, large on the left. Nobody is left to a second page. */
export function place(people: readonly Portrayed[], { width, height }: Size): readonly Placed[] {
  const screens = people.filter(({ screen }) => screen !== null);
  const left = screens.length > 0 ? Math.round(width * SCREENS_SHARE) : 0;
  const into = (of: Placed['of'], shown: readonly Portrayed[], area: Rect): Placed[] => {
    const inner = { width: area.width - 2 * GAP, height: area.height - 2 * GAP };
    const { tiles } = arrange('grid', shown.length, inner, { minWidth: 0, gap: GAP });
    return tiles.map(({ x, y, ...size }, index) => ({
      of,
      person: shown[index]!,
      rect: { x: area.x + GAP + x, y: area.y + GAP + y, ...size },
    }));
  };
  return [
    ...into('screen', screens, { x: 0, y: 0, width: left, height }),
    ...into('camera', people, { x: left, y: 0, width: width - left, height }),
  ];
}

export interface CompositorOptions {
  /** Ends the picture, the sound and everything behind them. */
  readonly signal: AbortSignal;
  /** Pixels; what the computer can encode beside a meeting when left out, see {@link sizeFor}. */
  readonly size?: Size;
  /** Frames a second, 1 … 30; 15 when left out: this browser encodes for everybody else already. */
  readonly frameRate?: number;
}

/**
 * A size that is encoded in time: a recorder that is not leaves most frames out. Measured on two busy processors,
 * Chromium 156 wrote 58 of 59 frames of 640 × 360, and 10 of 57 of 1280 × 720.
 *
 * @param processors `navigator.hardwareConcurrency`
 */
const sizeFor = (processors: number): Size =>
  processors <= 2 ? { width: 640, height: 360 } : { width: 1280, height: 720 };

/** Share of the time that drawing may take; beyond it fewer frames are drawn. */
const BUSY_SHARE = 0.2;
/** Below this share it is tried with more again. */
const IDLE_SHARE = 0.04;
/** Of so many ticks at least one is drawn. */
const MAX_SKIP = 8;
/** Frames between two looks at how long they took. */
const LOOK_FRAMES = 10;

type CapturedTrack = MediaStreamTrack & { requestFrame?: () => void };
type CapturedStream = MediaStream & { requestFrame?: () => void };

/** How long a browser that may start sound takes to do it, generously. */
const SOUND_TIMEOUT_MS = 1_000;

const BACKGROUND = '#101418';
const TILE = '#232b33';
const INK = '#f4f5f2';

/** One picture and one sound of a meeting, as two tracks; whoever comes and goes meanwhile appears and disappears. */
export class Compositor {
  /** One video and one audio track, the same to the end. */
  readonly stream: MediaStream;
  readonly #signal: AbortSignal;
  readonly #context: CanvasRenderingContext2D;
  readonly #audio: AudioContext;
  readonly #mix: MediaStreamAudioDestinationNode;
  readonly #videos = new Map<MediaStreamTrack, HTMLVideoElement>();
  readonly #voices = new Map<MediaStreamTrack, AbortController>();
  #placed: readonly Placed[] = [];
  readonly #intervalMs: number;
  /** Of so many ticks one is drawn: 1, 2, 4, 8. */
  #skip = 1;
  #ticks = 0;
  #frames = 0;
  #drawMs = 0;

  /** @throws {RtcError} `media-unsupported` where a canvas cannot be captured, `stopped` */
  constructor({ signal, size = sizeFor(navigator.hardwareConcurrency), frameRate = 15 }: CompositorOptions) {
    if (signal.aborted) throw new RtcError('stopped');
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: size.width, height: size.height });
    const context = canvas.getContext('2d', { alpha: false });
    if (!context || !('captureStream' in canvas)) throw new RtcError('media-unsupported');
    const captured: CapturedStream = canvas.captureStream(0);
    const track: CapturedTrack | undefined = captured.getVideoTracks()[0];
    this.#signal = signal;
    this.#context = context;
    this.#audio = holdAudioContext(signal);
    this.#mix = this.#audio.createMediaStreamDestination();
    const sound = this.#mix.stream.getAudioTracks()[0];
    if (!track || !sound) throw new RtcError('media-unsupported');
    this.stream = new MediaStream([track, sound]);
    this.#intervalMs = 1000 / frameRate;
    const next = () => {
      if (this.#ticks++ % this.#skip !== 0) return;
      const startMs = performance.now();
      this.#draw();
      // On the track by the specification, on the stream in Firefox.
      if (track.requestFrame) track.requestFrame();
      else captured.requestFrame?.();
      this.#weigh(performance.now() - startMs);
    };
    next();
    every(this.#intervalMs, next, signal);
    signal.addEventListener('abort', () => this.#close(), { once: true });
  }

  /** Shows these people from the next frame on, and mixes what they say. */
  show(people: readonly Portrayed[]): void {
    if (this.#signal.aborted) return;
    this.#placed = place(people, this.#context.canvas);
    const pictures = new Set(
      people.flatMap(({ camera, screen }) => [camera, screen].filter((track) => track !== null)),
    );
    for (const [track, video] of this.#videos) if (!pictures.has(track)) this.#dropVideo(track, video);
    for (const track of pictures) if (!this.#videos.has(track)) this.#videos.set(track, watch(track));
    const sounds = new Set(people.flatMap((person) => person.sounds));
    for (const [track, end] of this.#voices) if (!sounds.has(track)) this.#dropVoice(track, end);
    for (const track of sounds) if (!this.#voices.has(track)) this.#hear(track);
  }

  /**
   * Whether there is sound to be mixed. Without it the sound track is better left out: Firefox runs no audio graph on a
   * computer without a sound device, and no browser before the page has had a click.
   */
  async hasSound(): Promise<boolean> {
    // resume() does not reject when it is not allowed, it waits.
    await Promise.race([
      this.#audio.resume(),
      new Promise((resolve) => setTimeout(resolve, SOUND_TIMEOUT_MS)),
    ]);
    return this.#audio.state === 'running';
  }

  /** Frames a second that are drawn now: fewer on a computer that is busy. */
  get frameRate(): number {
    return Math.round(10_000 / (this.#intervalMs * this.#skip)) / 10;
  }

  #weigh(drawMs: number): void {
    this.#drawMs += drawMs;
    if (++this.#frames % LOOK_FRAMES !== 0) return;
    const share = this.#drawMs / LOOK_FRAMES / (this.#intervalMs * this.#skip);
    this.#drawMs = 0;
    if (share > BUSY_SHARE) this.#skip = Math.min(MAX_SKIP, this.#skip * 2);
    else if (share < IDLE_SHARE) this.#skip = Math.max(1, this.#skip / 2);
  }

  #hear(track: MediaStreamTrack): void {
    const end = new AbortController();
    this.#voices.set(track, end);
    const stream = new MediaStream([track]);
    const source = this.#audio.createMediaStreamSource(stream);
    source.connect(this.#mix);
    // Chromium gives a received track to Web Audio only while a media element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play().catch(() => {}); // rejects when it is dropped first
    end.signal.addEventListener('abort', () => {
      source.disconnect();
      element.srcObject = null;
    });
  }

  #dropVoice(track: MediaStreamTrack, end: AbortController): void {
    this.#voices.delete(track);
    end.abort();
  }

  #dropVideo(track: MediaStreamTrack, video: HTMLVideoElement): void {
    this.#videos.delete(track);
    video.srcObject = null;
  }

  #draw(): void {
    const { canvas } = this.#context;
    this.#context.fillStyle = BACKGROUND;
    this.#context.fillRect(0, 0, canvas.width, canvas.height);
    for (const { of, person, rect } of this.#placed) {
      const track = person[of];
      const video = track ? this.#videos.get(track) : undefined;
      const hasPicture = video !== undefined && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
      this.#context.fillStyle = TILE;
      this.#context.fillRect(rect.x, rect.y, rect.width, rect.height);
      if (hasPicture && video.videoWidth > 0) {
        const { x, y, width, height } = fitInto(rect, video.videoWidth / video.videoHeight);
        this.#context.drawImage(video, x, y, width, height);
      } else this.#write('camera off', rect, rect.height / 2, 0.06);
      this.#write(of === 'screen' ? `${person.name}: screen` : person.name, rect, 0, 0.07);
    }
  }

  /** Words on a dark ground, at the left edge. @param size of the letters, as a share of the tile's height */
  #write(text: string, { x, y, width, height }: Rect, top: number, size: number): void {
    const context = this.#context;
    const px = Math.max(12, Math.min(28, Math.round(height * size)));
    context.font = `600 ${px}px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    const room = Math.max(0, width - px);
    const wide = Math.min(room, context.measureText(text).width);
    context.fillStyle = 'rgb(0 0 0 / 0.7)';
    context.fillRect(x, y + top, wide + px, px * 1.6);
    context.fillStyle = INK;
    context.fillText(text, x + px / 2, y + top + px * 0.8, room);
  }

  #close(): void {
    for (const [track, video] of this.#videos) this.#dropVideo(track, video);
    for (const [track, end] of this.#voices) this.#dropVoice(track, end);
    for (const track of this.stream.getTracks()) track.stop();
  }
}

/** An element to draw from. */
function watch(track: MediaStreamTrack): HTMLVideoElement {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, playsInline: true, srcObject: new MediaStream([track]) });
  video.play().catch(() => {}); // rejects when it is dropped before its first frame
  return video;
}
