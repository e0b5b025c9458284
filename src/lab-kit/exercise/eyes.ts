import { readFrameCode } from '../../rtc/media/frame-code.ts';

/** A frame that was decoded and shown at the receiving end, read from its pixels. */
export interface SeenFrame {
  /** The number that the sender has drawn into it. */
  readonly frame: number;
  /** Whose picture it is: the first five letters of the name. */
  readonly peer: string;
  /** Milliseconds by the clock of the timeline. */
  readonly atMs: number;
}

/** Watches what a peer receives: the picture by its pixels, the tone by its spectrum. Follows it to a new connection. */
export class Eyes {
  readonly frames: SeenFrame[] = [];
  readonly #video = Object.assign(document.createElement('video'), {
    muted: true,
    autoplay: true,
    playsInline: true,
  });
  readonly #now: () => number;
  #track: MediaStreamTrack | undefined;
  #context: AudioContext | undefined;
  #ears: { readonly track: MediaStreamTrack; readonly analyser: AnalyserNode } | undefined;

  constructor(now: () => number, signal: AbortSignal) {
    this.#now = now;
    signal.addEventListener('abort', () => {
      this.#video.srcObject = null;
      void this.#context?.close();
    });
  }

  /** Looks at the tracks of this moment. Called several times a second. */
  look(pc: RTCPeerConnection | undefined): void {
    const track = liveTrack(pc, 'video');
    if (track && track !== this.#track) {
      this.#track = track;
      this.#video.srcObject = new MediaStream([track]);
      this.#video.play().catch(() => {}); // interrupted by the next track, or not allowed: then nothing is seen
    }
    const code = readFrameCode(this.#video);
    if (!code) return;
    const last = this.frames.at(-1);
    if (last?.frame === code.frame && last.peer === code.peer) return;
    this.frames.push({ frame: code.frame, peer: code.peer, atMs: this.#now() });
  }

  /** The strongest frequency of what is received now, in Hz; undefined in silence. Call it until it answers. */
  toneHz(pc: RTCPeerConnection | undefined): number | undefined {
    const track = liveTrack(pc, 'audio');
    if (!track) return undefined;
    if (this.#ears?.track !== track) {
      const stream = new MediaStream([track]);
      // Chromium decodes a remote track for Web Audio only while an element has it too.
      void Object.assign(new Audio(), { muted: true, srcObject: stream })
        .play()
        .catch(() => {});
      this.#context ??= new AudioContext();
      const analyser = new AnalyserNode(this.#context, { fftSize: 8192 });
      this.#context.createMediaStreamSource(stream).connect(analyser);
      this.#ears = { track, analyser };
    }
    const { analyser } = this.#ears;
    const levels = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.reduce(
      (best, level, index) => (level > (levels[best] ?? -Infinity) ? index : best),
      0,
    );
    if (!((levels[loudest] ?? -Infinity) > SILENCE_DBFS)) return undefined;
    return (loudest * analyser.context.sampleRate) / analyser.fftSize;
  }
}

const SILENCE_DBFS = -60;

function liveTrack(pc: RTCPeerConnection | undefined, kind: 'audio' | 'video'): MediaStreamTrack | undefined {
  if (!pc) return undefined;
  return getReceivers
    .call(pc)
    .map(({ track }) => track)
    .find((track) => track.kind === kind && track.readyState === 'live' && !track.muted);
}

/** As the browser made it: what the learner's code puts in its place on a connection shows nothing. */
// oxlint-disable-next-line typescript/unbound-method -- it is bound with each call
const getReceivers = globalThis.RTCPeerConnection?.prototype.getReceivers;
