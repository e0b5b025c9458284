import { RtcError } from '../errors.ts';
import { holdAudioContext } from './audio-context.ts';
import { botRank } from './bot-rank.ts';

/** −20 dBFS: loud enough to be measured, quiet enough for a classroom. */
const GAIN = 0.1;
/** A tone that starts or ends at once clicks. */
const FADE_SEC = 0.02;
/** How long a browser that may start sound takes to do it, generously. */
const RESUME_TIMEOUT_MS = 1000;

/** A4 and C♯5: a major third, so that both together are pleasant. */
const known: Readonly<Record<string, number>> = { alice: 440, bob: 554.37 };
/** For everyone else: notes of A major, none of them a harmonic of another. */
const scale = [493.88, 587.33, 659.26, 739.99, 830.61, 987.77] as const;

/** For bots: overtones of 75 Hz from the fourteenth on. Many at once sound like one voice. */
const FIRST_BOT_HZ = 1050;
const BOT_STEP_HZ = 75;

/** The frequency of a peer's tone in Hz; the same for the same name, everywhere. */
export function toneOf(peer: string): number {
  const rank = botRank(peer);
  if (rank !== undefined) return FIRST_BOT_HZ + rank * BOT_STEP_HZ;
  return known[peer] ?? scale[hash(peer) % scale.length]!;
}

/** A number for a name, 0 … 2³²−1 (FNV-1a): the same in each browser, spread well over short names. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}

export interface Tone {
  readonly track: MediaStreamTrack;
  /** Starts the sound; see {@link openTone}. */
  resume(): Promise<void>;
}

/**
 * A continuous sine tone as a track.
 *
 * Before the first click or key in a page, browsers may keep sound from starting: the track is there and silent,
 * and the tone begins by itself with that click. `resume()` tries at once.
 *
 * @param frequencyHz 20 … 20 000
 * @param signal ends the tone and its track
 */
export function openTone(frequencyHz: number, signal: AbortSignal): Tone {
  const audio = holdAudioContext(signal);
  const destination = audio.createMediaStreamDestination();
  const oscillator = new OscillatorNode(audio, { frequency: frequencyHz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setTargetAtTime(GAIN, audio.currentTime, FADE_SEC);
  oscillator.connect(gain).connect(destination);
  oscillator.start();

  const [track] = destination.stream.getAudioTracks();
  if (!track)
    throw new RtcError('media-unsupported', 'The browser made no audio track from a Web Audio graph.');
  signal.addEventListener(
    'abort',
    () => {
      track.stop();
      oscillator.stop();
      oscillator.disconnect();
      gain.disconnect();
    },
    { once: true },
  );
  return { track, resume: () => resume(audio) };
}

/**
 * @throws {RtcError} `autoplay-blocked` when the browser wants a click first; `sound-unavailable` when it had one and
 *   sound did not start all the same: Firefox runs no audio graph on a computer without a sound device
 */
async function resume(audio: AudioContext): Promise<void> {
  // resume() does not reject when it is not allowed, it waits: for ever, if nobody clicks.
  await Promise.race([audio.resume(), new Promise((resolve) => setTimeout(resolve, RESUME_TIMEOUT_MS))]);
  if (audio.state === 'running') return;
  if (navigator.userActivation.hasBeenActive) throw new RtcError('sound-unavailable');
  throw new RtcError('autoplay-blocked', 'The tone is silent until you click, tap or press a key.');
}
