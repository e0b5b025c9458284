import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { RtcError } from '../../rtc/errors.ts';
import type { Bench } from '../../rtc/index.ts';

/** A place in the chain where the sound is looked at. */
export interface Probe {
  readonly peer: string;
  /** `from the microphone`, `what is sent`, … */
  readonly place: string;
  readonly analyser: AnalyserNode;
}

/** The audio graph of a run, as far as the panel and the code share it. */
export interface Desk {
  /** Another one for each run of the page. */
  readonly id: number;
  readonly audio: AudioContext;
  readonly filter: BiquadFilterNode;
  readonly gain: GainNode;
  /** Leads to the destination; its gain is 0 until somebody wants to listen. */
  readonly loudspeakers: GainNode;
  readonly probes: ReadonlySignal<readonly Probe[]>;
  readonly state: ReadonlySignal<AudioContextState>;
}

/** How long a browser that may start sound takes to do it, generously. */
const RESUME_TIMEOUT_MS = 1_000;
/** 4096 samples are 85 ms at 48 kHz: short enough for a needle, long enough for 12 Hz from bin to bin. */
const FFT_SIZE = 4096;
/** Far above the tones of the drawn peers, and a harmonic of none of them. */
const ADDED_TONE_HZ = 2_000;
const ADDED_GAIN = 0.1;

let lastId = 0;
const desks = new WeakMap<Bench<never> | Bench, Desk & { readonly probes: Signal<readonly Probe[]> }>();

/** The desk of a run, once it is open. */
export const deskOf = (bench: Bench | null): Desk | undefined => (bench ? desks.get(bench) : undefined);

/**
 * Opens the run's audio context and waits a moment for it to start. Where it does not, the record says why and the run
 * goes on: the graph is built all the same, and stands still.
 */
export async function openDesk<C>(bench: Bench<C>): Promise<Desk> {
  const audio = new AudioContext();
  const state = signal(audio.state);
  audio.addEventListener('statechange', () => (state.value = audio.state));
  bench.signal.addEventListener('abort', () => void audio.close(), { once: true });
  const filter = new BiquadFilterNode(audio, { type: 'lowpass', frequency: 20_000 });
  const gain = new GainNode(audio);
  const loudspeakers = new GainNode(audio, { gain: 0 });
  loudspeakers.connect(audio.destination);
  lastId += 1;
  const desk = { id: lastId, audio, filter, gain, loudspeakers, probes: signal<readonly Probe[]>([]), state };
  desks.set(bench, desk);
  // resume() does not reject when it is not allowed, it waits.
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, RESUME_TIMEOUT_MS))]);
  if (audio.state !== 'running' && !bench.signal.aborted)
    bench.report(
      'lab',
      new RtcError(navigator.userActivation.hasBeenActive ? 'sound-unavailable' : 'autoplay-blocked'),
    );
  return desk;
}

/** Puts a meter at a node. What is measured goes on unchanged. */
export function measureAt(desk: Desk, peer: string, place: string, node: AudioNode): void {
  const analyser = new AnalyserNode(desk.audio, { fftSize: FFT_SIZE, smoothingTimeConstant: 0.5 });
  node.connect(analyser);
  const probes = desk.probes as Signal<readonly Probe[]>;
  probes.value = [...probes.value, { peer, place, analyser }];
}

/** Something to mix in: a second tone, or noise, which has all frequencies and so shows what a filter takes away. */
export function another(audio: AudioContext, what: 'nothing' | 'tone' | 'noise'): AudioNode | undefined {
  if (what === 'nothing') return undefined;
  const gain = new GainNode(audio, { gain: ADDED_GAIN });
  const source =
    what === 'tone'
      ? new OscillatorNode(audio, { frequency: ADDED_TONE_HZ })
      : new AudioBufferSourceNode(audio, { buffer: noise(audio), loop: true });
  source.connect(gain);
  source.start();
  return gain;
}

/** A second of white noise. */
function noise(audio: AudioContext): AudioBuffer {
  const buffer = new AudioBuffer({ length: audio.sampleRate, sampleRate: audio.sampleRate });
  const samples = buffer.getChannelData(0);
  for (let index = 0; index < samples.length; index++) samples[index] = Math.random() * 2 - 1;
  return buffer;
}
