import { number, ofType } from '../../rtc/stats/report.ts';
import type { Pixels, Reading } from './examine.ts';

/** What can be switched at bob's end; the names are those of the API. */
export interface Switches {
  readonly srcObject: 'event' | 'all' | 'null';
  readonly inPage: boolean;
  readonly displayed: boolean;
  readonly autoplay: boolean;
  readonly muted: boolean;
  readonly playsInline: boolean;
  /** `enabled` of the received video track. */
  readonly enabled: boolean;
}

export const healthy: Switches = {
  srcObject: 'event',
  inPage: true,
  displayed: true,
  autoplay: true,
  muted: true,
  playsInline: true,
  enabled: true,
};

/** Small enough to be read several times a second, large enough for a moving dot to be seen. */
const LOOK = { width: 64, height: 36 } as const;
/** Sum of the three channels, 0 … 765; a limited-range black is at most 48. */
const BLACK = 50;
/** How long a picture may stay the same before it is called still, in milliseconds. */
const STILL_MS = 700;

/** A real `<video>` whose switches can be set as they are set in code, and read. */
export class Patient {
  readonly video: HTMLVideoElement = document.createElement('video');
  /** Where the element is when it is in the page. */
  readonly #place: HTMLElement;
  readonly #canvas = Object.assign(document.createElement('canvas'), LOOK);
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true });
  #decoded: { readonly atMs: number; readonly frames: number }[] = [];
  #before: Uint8ClampedArray | undefined;
  #changedMs = -Infinity;
  #playError: string | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
    this.video.setAttribute('aria-label', 'What bob’s element shows');
    this.video.width = 640;
    this.video.height = 360;
  }

  /** Sets the switches. `event` is the stream that the last track event brought. */
  apply(switches: Switches, pc: RTCPeerConnection | undefined, event: MediaStream | undefined): void {
    const { video } = this;
    const tracks = receivedTracks(pc);
    for (const track of tracks) if (track.kind === 'video') track.enabled = switches.enabled;
    video.autoplay = switches.autoplay;
    video.muted = switches.muted;
    video.playsInline = switches.playsInline;
    video.hidden = !switches.displayed;
    if (!switches.inPage) video.remove();
    else if (video.parentElement !== this.#place) this.#place.append(video);
    if (switches.srcObject === 'null') this.#give(null);
    else if (switches.srcObject === 'event') this.#give(event ?? null);
    else if (!holds(video.srcObject, tracks)) this.#give(new MediaStream([...tracks]));
  }

  /** Awaits `play()`. @returns `resolved`, or name and message of what it rejected with */
  async play(): Promise<string> {
    try {
      await this.video.play();
      this.#playError = undefined;
      return 'play() resolved.';
    } catch (error) {
      const { name, message } = error as DOMException;
      this.#playError = name;
      return `play() was rejected with ${name}: ${message}`;
    }
  }

  /** Calls `play()` and sets `srcObject` again before it has resolved, as two handlers do that know nothing of each other. */
  async playInterrupted(): Promise<string> {
    const { srcObject } = this.video;
    this.video.srcObject = null;
    this.video.srcObject = srcObject;
    const played = this.play();
    this.video.srcObject = null;
    this.video.srcObject = srcObject;
    return played;
  }

  /** Takes the stream away. */
  release(): void {
    this.video.srcObject = null;
    this.video.remove();
  }

  /** Reads everything once. Called several times a second. */
  async read(pc: RTCPeerConnection | undefined): Promise<Reading> {
    const decodedPerSecond = await this.#rate(pc);
    const { video } = this;
    const received = receivedTracks(pc).find(({ kind }) => kind === 'video');
    return {
      connection: pc?.connectionState ?? 'none',
      decodedPerSecond,
      track: received && {
        readyState: received.readyState,
        muted: received.muted,
        enabled: received.enabled,
      },
      srcObject: whatIn(video.srcObject, received),
      inPage: video.isConnected,
      displayed: video.isConnected && video.getClientRects().length > 0,
      paused: video.paused,
      autoplay: video.autoplay,
      playError: video.paused ? this.#playError : undefined,
      readyState: video.readyState,
      videoWidth: video.videoWidth,
      videoHeight: video.videoHeight,
      pixels: this.#look(),
    };
  }

  #give(stream: MediaStream | null): void {
    if (this.video.srcObject !== stream) this.video.srcObject = stream; // setting it again restarts playback
  }

  async #rate(pc: RTCPeerConnection | undefined): Promise<number> {
    if (!pc) return 0;
    const inbound = ofType(await pc.getStats(), 'inbound-rtp');
    const frames = inbound.reduce((sum, stat) => sum + (number(stat, 'framesDecoded') ?? 0), 0);
    const atMs = performance.now();
    this.#decoded = [...this.#decoded.filter((one) => atMs - one.atMs < 1200), { atMs, frames }];
    const [first] = this.#decoded;
    if (!first || atMs === first.atMs) return 0;
    return ((frames - first.frames) * 1000) / Math.max(atMs - first.atMs, 500);
  }

  #look(): Pixels {
    const context = this.#context;
    if (!context || this.video.videoWidth === 0 || this.video.readyState < 2) {
      this.#before = undefined;
      return 'none';
    }
    context.clearRect(0, 0, LOOK.width, LOOK.height);
    context.drawImage(this.video, 0, 0, LOOK.width, LOOK.height);
    const { data } = context.getImageData(0, 0, LOOK.width, LOOK.height);
    const nowMs = performance.now();
    if (this.#before && data.some((value, index) => value !== this.#before?.[index])) this.#changedMs = nowMs;
    this.#before = data;
    if (isBlack(data)) return 'black';
    return nowMs - this.#changedMs < STILL_MS ? 'changing' : 'still';
  }
}

function isBlack(data: Uint8ClampedArray): boolean {
  for (let at = 0; at < data.length; at += 4)
    if ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0) > BLACK) return false;
  return true;
}

const receivedTracks = (pc: RTCPeerConnection | undefined): readonly MediaStreamTrack[] =>
  pc?.getReceivers().map(({ track }) => track) ?? [];

const holds = (given: MediaProvider | null, tracks: readonly MediaStreamTrack[]) =>
  given instanceof MediaStream && tracks.every((track) => given.getTracks().includes(track));

function whatIn(given: MediaProvider | null, received: MediaStreamTrack | undefined): Reading['srcObject'] {
  if (!(given instanceof MediaStream)) return 'null';
  const videos = given.getVideoTracks();
  if (videos.length === 0) return 'without-video';
  return videos.some((video) => video === received) ? 'received-video' : 'other-video';
}
