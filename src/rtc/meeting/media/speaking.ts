import { every } from '../../media/ticker.ts';
import type { Engine } from '../engine.ts';
import { openTrackLevel, type TrackLevel } from './track-level.ts';

/** When somebody speaks. Levels are RMS, 0 … 1 of full scale: a voice near a microphone has 0.03 … 0.3. */
export interface SpeechOptions {
  /** Begins at this level … */
  readonly onLevel?: number;
  /** … that has lasted so long, ms, … */
  readonly onMs?: number;
  /** … and ends below this one … */
  readonly offLevel?: number;
  /** … for so long, ms: a pause between two words is none. */
  readonly offMs?: number;
}

/** Whether one person speaks, from levels over time: neither a cough nor a pause for breath changes it. */
export class SpeechGate {
  readonly #options: Required<SpeechOptions>;
  #isSpeaking = false;
  /** Since when the level says the contrary of what holds. */
  #contrarySinceMs: number | undefined;

  constructor({ onLevel = 0.02, onMs = 150, offLevel = 0.01, offMs = 700 }: SpeechOptions = {}) {
    this.#options = { onLevel, onMs, offLevel, offMs };
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** @param level 0 … 1 @param atMs any clock that does not run backwards */
  take(level: number, atMs: number): boolean {
    const { onLevel, onMs, offLevel, offMs } = this.#options;
    const isContrary = this.#isSpeaking ? level < offLevel : level >= onLevel;
    if (!isContrary) this.#contrarySinceMs = undefined;
    else {
      this.#contrarySinceMs ??= atMs;
      if (atMs - this.#contrarySinceMs >= (this.#isSpeaking ? offMs : onMs)) {
        this.#isSpeaking = !this.#isSpeaking;
        this.#contrarySinceMs = undefined;
      }
    }
    return this.#isSpeaking;
  }
}

export interface ActiveSpeakerOptions extends SpeechOptions {
  /** Whoever is to take over from somebody who speaks has to be louder for so long, ms, … */
  readonly overMs?: number;
  /** … by this factor: 1.5 is 3.5 dB. */
  readonly overFactor?: number;
  /** Over how long levels are averaged, ms: syllables are loud and soft. */
  readonly averageMs?: number;
}

/** Who speaks, and who of them has the stage. */
export interface Speaking<Id> {
  readonly speaking: ReadonlySet<Id>;
  /** Stays with the last one while nobody speaks; null before anybody has spoken, or when that one has left. */
  readonly active: Id | null;
}

interface Voice {
  readonly gate: SpeechGate;
  average: number;
  /** Since when it has been louder than the active one. */
  overSinceMs: number | undefined;
}

/**
 * The active speaker of a meeting, from everybody's levels over time, so that the stage does not flicker.
 *
 * Whoever begins while nobody speaks has the stage at once. From somebody who speaks it is taken by being clearly
 * louder for some time; it is not lost by silence, only by somebody else's words.
 */
export class ActiveSpeaker<Id> {
  readonly #speech: SpeechOptions;
  readonly #overMs: number;
  readonly #overFactor: number;
  readonly #averageMs: number;
  readonly #voices = new Map<Id, Voice>();
  #active: Id | null = null;
  #lastMs: number | undefined;
  #state: Speaking<Id> = { speaking: new Set(), active: null };

  constructor({ overMs = 300, overFactor = 1.5, averageMs = 300, ...speech }: ActiveSpeakerOptions = {}) {
    this.#speech = speech;
    this.#overMs = overMs;
    this.#overFactor = overFactor;
    this.#averageMs = averageMs;
  }

  get state(): Speaking<Id> {
    return this.#state;
  }

  /**
   * @param levels of everybody who is there, 0 … 1; whoever is missing has left
   * @param atMs any clock that does not run backwards
   * @returns the same object as before when nothing has changed
   */
  take(levels: ReadonlyMap<Id, number>, atMs: number): Speaking<Id> {
    const sinceMs = this.#lastMs === undefined ? this.#averageMs : atMs - this.#lastMs;
    const weight = 1 - Math.exp(-sinceMs / this.#averageMs);
    this.#lastMs = atMs;
    for (const id of this.#voices.keys()) if (!levels.has(id)) this.#voices.delete(id);
    for (const [id, level] of levels) {
      const voice = this.#voices.get(id) ?? {
        gate: new SpeechGate(this.#speech),
        average: 0,
        overSinceMs: undefined,
      };
      this.#voices.set(id, voice);
      voice.average += weight * (level - voice.average);
      voice.gate.take(level, atMs);
    }
    this.#choose(atMs);
    return this.#publish();
  }

  #choose(atMs: number): void {
    let active = this.#active === null ? undefined : this.#voices.get(this.#active);
    if (!active) this.#active = null;
    const speaking = [...this.#voices].filter(([, { gate }]) => gate.isSpeaking);
    for (const [id, voice] of speaking.toSorted(([, a], [, b]) => b.average - a.average)) {
      if (voice === active) continue;
      if (!active?.gate.isSpeaking) {
        this.#active = id;
        active = voice;
      } else if (voice.average <= active.average * this.#overFactor) voice.overSinceMs = undefined;
      else {
        voice.overSinceMs ??= atMs;
        if (atMs - voice.overSinceMs < this.#overMs) continue;
        this.#active = id;
        active = voice;
      }
    }
    for (const voice of this.#voices.values())
      if (voice === active || !voice.gate.isSpeaking) voice.overSinceMs = undefined;
  }

  #publish(): Speaking<Id> {
    const speaking = [...this.#voices].filter(([, { gate }]) => gate.isSpeaking).map(([id]) => id);
    const before = this.#state;
    const isSame =
      before.active === this.#active &&
      before.speaking.size === speaking.length &&
      speaking.every((id) => before.speaking.has(id));
    if (!isSame) this.#state = { speaking: new Set(speaking), active: this.#active };
    return this.#state;
  }
}

/** A sound of somebody. */
export interface Heard {
  readonly track: MediaStreamTrack;
  /** What receives it, where there is a connection of its own: levels then cost next to nothing. */
  readonly receiver?: RTCRtpReceiver | undefined;
}

/**
 * Who speaks, where a server says who is heard: those in its mix, and what was found out here, of oneself.
 *
 * @param before what held until now: the same object is returned when nothing has changed
 * @param heard those whom the server hears, the loudest first
 */
export function speakingToo<Id>(
  before: Speaking<Id>,
  { speaking }: Speaking<Id>,
  heard: readonly Id[],
): Speaking<Id> {
  const all = new Set([...heard, ...speaking]);
  const [loudest = before.active] = all;
  const isSame =
    before.active === loudest &&
    before.speaking.size === all.size &&
    [...all].every((id) => before.speaking.has(id));
  return isSame ? before : { speaking: all, active: loudest };
}

/** What is heard of everybody through an engine: their microphones. */
export function heardThrough({ received, links, servers }: Pick<Engine, 'received' | 'links' | 'servers'>) {
  const heard = new Map<PeerIdOf<typeof received>, Heard>();
  const down = servers.flatMap(({ leg, pc }) => (leg === 'down' ? pc.getReceivers() : []));
  for (const [peer, { microphone }] of received) {
    if (!microphone) continue;
    const receivers = [...(links.get(peer)?.pc.getReceivers() ?? []), ...down];
    heard.set(peer, { track: microphone, receiver: receivers.find(({ track }) => track === microphone) });
  }
  return heard;
}

type PeerIdOf<M> = M extends ReadonlyMap<infer Id, unknown> ? Id : never;

/** Often enough for a ring around a tile, rarely enough to cost nothing. */
const INTERVAL_MS = 150;
/** So many looks without a newer packet are silence: `getSynchronizationSources()` remembers for ten seconds. */
const STALE_LOOKS = 3;
/** So many packets without a level, and the browser or the sender does not tell: then it is measured. */
const UNTOLD_LOOKS = 5;

/**
 * Reads everybody's level some seven times a second, in a background tab, too.
 *
 * The levels are those that come with the packets (RFC 6464), as `getSynchronizationSources()` tells them: no audio
 * graph, no cost. Where they are missing, the sound itself is measured.
 *
 * @param heard who is there now; called each time
 * @param take gets the levels, 0 … 1, of all of them, and the time by `performance.now()`
 * @param signal ends it
 */
export function readLevels<Id>(
  heard: () => ReadonlyMap<Id, Heard>,
  take: (levels: ReadonlyMap<Id, number>, atMs: number) => void,
  signal: AbortSignal,
): void {
  const ears = new Map<Id, Ear>();
  const forget = (id: Id) => {
    ears.get(id)?.close();
    ears.delete(id);
  };
  const look = () => {
    const present = heard();
    for (const [id, ear] of ears) if (!ear.isFor(present.get(id))) forget(id);
    const levels = new Map<Id, number>();
    for (const [id, what] of present) {
      const ear = ears.get(id) ?? new Ear(what);
      ears.set(id, ear);
      levels.set(id, ear.read());
    }
    take(levels, performance.now());
  };
  every(INTERVAL_MS, look, signal);
  signal.addEventListener('abort', () => [...ears.keys()].forEach(forget), { once: true });
}

/** Listens to one sound. */
class Ear {
  readonly #heard: Heard;
  readonly #end = new AbortController();
  #measured: TrackLevel | undefined;
  #level = 0;
  #newest = -1;
  #looksWithout = 0;
  #untold = 0;

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  isFor(heard: Heard | undefined): boolean {
    return heard?.track === this.#heard.track && heard.receiver === this.#heard.receiver;
  }

  read(): number {
    const { track, receiver } = this.#heard;
    if (track.readyState === 'ended') return 0;
    if (this.#measured) return this.#measured.read();
    if (!receiver || this.#untold >= UNTOLD_LOOKS) {
      this.#measured = openTrackLevel(track, this.#end.signal);
      return this.#measured.read();
    }
    const [newest] = receiver.getSynchronizationSources().toSorted((a, b) => b.timestamp - a.timestamp);
    if (newest && newest.timestamp !== this.#newest) {
      this.#newest = newest.timestamp;
      this.#looksWithout = 0;
      this.#untold = newest.audioLevel === undefined ? this.#untold + 1 : 0;
      this.#level = newest.audioLevel ?? 0;
    } else if (++this.#looksWithout >= STALE_LOOKS) this.#level = 0;
    return this.#level;
  }

  close(): void {
    this.#end.abort();
  }
}
