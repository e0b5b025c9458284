import { signal, type Signal } from '@preact/signals';
import { RtcError } from '../../rtc/errors.ts';
import type { Bench } from '../../rtc/index.ts';
import { Compositor, place, type Placed, type Portrayed } from '../../rtc/meeting/media/compositor.ts';

/** Pixels of the composed picture. */
export const SIZE = { width: 640, height: 360 } as const;
/** 8192 samples are 170 ms at 48 kHz, and 6 Hz from bin to bin: tones that are 60 Hz apart stay apart. */
const FFT_SIZE = 8192;
const RESUME_TIMEOUT_MS = 1_000;

/** What the mixer works with, and where it is measured what comes of it. */
export interface Desk {
  readonly audio: AudioContext;
  /** The composed picture. */
  readonly picture: MediaStreamTrack;
  /** A received stream as a node. */
  listenTo(stream: MediaStream): AudioNode;
  /** Puts somebody's picture into the composed one. */
  place(person: string, stream: MediaStream): void;
  /** Looks at the spectrum of what somebody hears. */
  measure(person: string, stream: MediaStream): void;
  /** The spectra, by who hears. */
  readonly ears: Signal<ReadonlyMap<string, AnalyserNode>>;
  /** Who stands where in the picture. */
  readonly cells: Signal<readonly Placed[]>;
}

const desks = new WeakMap<Bench<never> | Bench, Desk>();

/** The desk of a run, once it is open. */
export const deskOf = (bench: Bench | null): Desk | undefined => (bench ? desks.get(bench) : undefined);

/** Opens the desk. Where sound does not start, the record says why, and pictures are mixed all the same. */
export async function openDesk<C>(bench: Bench<C>): Promise<Desk> {
  const audio = new AudioContext();
  bench.signal.addEventListener('abort', () => void audio.close(), { once: true });
  const compositor = new Compositor({ signal: bench.signal, size: SIZE, frameRate: 15 });
  const [picture] = compositor.stream.getVideoTracks();
  if (!picture) throw new RtcError('media-unsupported');
  const people: Portrayed[] = [];
  const listenTo = (stream: MediaStream) => {
    // Chromium gives a received track to Web Audio only while a media element plays it.
    const element: HTMLAudioElement = Object.assign(new Audio(), { muted: true, srcObject: stream });
    element.play().catch(() => {}); // rejects when the run ends first
    bench.signal.addEventListener('abort', () => (element.srcObject = null), { once: true });
    return audio.createMediaStreamSource(stream);
  };
  const ears = signal<ReadonlyMap<string, AnalyserNode>>(new Map());
  const cells = signal<readonly Placed[]>([]);
  const desk: Desk = {
    audio,
    picture,
    listenTo,
    place(name, stream) {
      people.push({ id: name, name, camera: stream.getVideoTracks()[0] ?? null, screen: null, sounds: [] });
      compositor.show(people);
      cells.value = place(people, SIZE);
    },
    measure(person, stream) {
      const analyser = new AnalyserNode(audio, { fftSize: FFT_SIZE, smoothingTimeConstant: 0.3 });
      listenTo(stream).connect(analyser);
      ears.value = new Map([...ears.value, [person, analyser]]);
    },
    ears,
    cells,
  };
  desks.set(bench, desk);
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, RESUME_TIMEOUT_MS))]);
  if (audio.state !== 'running' && !bench.signal.aborted)
    bench.report(
      'lab',
      new RtcError(navigator.userActivation.hasBeenActive ? 'sound-unavailable' : 'autoplay-blocked'),
    );
  return desk;
}
