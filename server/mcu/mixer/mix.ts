/**
 * The sound of a mixer. Everybody's voice comes in pieces of any rate and number of channels, and goes out in frames of
 * 10 ms: to each listener the sum of the others, never its own (RFC 7667 §3.6.1: a mixer that sends a mix to each).
 */

/** Hz. Opus's own (RFC 7587 §4.1). */
export const RATE_HZ = 48_000;
/** Samples in 10 ms. */
export const FRAME = RATE_HZ / 100;

/** What is waited for before a voice is played: a frame that comes late must not leave a hole. */
const LEAD = 2 * FRAME;
/** How long it is watched, in frames, how much a voice has in hand at least: what it never needs is only delay. */
const WATCHED = 100;
/** Beyond this a voice is behind the others, and the oldest is dropped. */
const MOST = 12 * FRAME;
/** Per frame: a level rises at once and falls with a time constant of about 200 ms. */
const FALL = 0.95;

/** One source of sound, on its way in. */
export class Voice {
  /** Root mean square of the last frames, 0 … 1; rises at once, falls slowly. */
  level = 0;
  readonly #ring = new Float32Array(MOST + 8 * FRAME);
  readonly #frame = new Float32Array(FRAME);
  #start = 0;
  #length = 0;
  #isPlaying = false;
  #rateHz = 0;
  /** Where the next sample lies, in samples of the input, counted from the last one of the piece before. */
  #phase = 0;
  #last = 0;
  /** The least that was left over after a frame, of those watched. */
  #least = Infinity;
  #watched = 0;

  /**
   * @param samples  16 bits, channels interleaved
   * @param rateHz   8 000 … 192 000; anything else is not taken
   * @param channels 1 … 8
   */
  push(samples: Int16Array, rateHz: number, channels: number): void {
    if (!(rateHz >= 8_000 && rateHz <= 192_000 && channels >= 1 && channels <= 8)) return;
    if (rateHz !== this.#rateHz) {
      this.#rateHz = rateHz;
      this.#phase = 1;
    }
    const count = Math.min(Math.floor(samples.length / channels), rateHz);
    const at = (index: number) => {
      if (index < 0) return this.#last;
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += samples[index * channels + channel] ?? 0;
      return sum / channels / 32_768;
    };
    if (rateHz === RATE_HZ) {
      for (let index = 0; index < count; index++) this.#put(at(index));
    } else {
      // A straight line between two samples: what is above half the lower rate is not kept out, only quieter.
      const step = rateHz / RATE_HZ;
      let position = this.#phase;
      for (; position <= count; position += step) {
        const index = Math.floor(position);
        const share = position - index;
        const before = at(index - 1);
        this.#put(share === 0 ? before : before + (at(index) - before) * share);
      }
      this.#phase = position - count;
    }
    if (count > 0) this.#last = at(count - 1);
  }

  /** The next 10 ms, valid until the next call; null: silence. */
  take(): Float32Array | null {
    if (this.#length > MOST) this.#drop(this.#length - LEAD);
    if (!this.#isPlaying && this.#length >= LEAD) this.#isPlaying = true;
    if (!this.#isPlaying || this.#length < FRAME) {
      this.#isPlaying = false;
      this.level *= FALL;
      return null;
    }
    const skips = this.#hasTooMuch();
    let sum = 0;
    for (let index = 0; index < FRAME; index++) {
      let sample = this.#ring[(this.#start + index) % this.#ring.length]!;
      if (skips) {
        // From this frame over to the next one: a cut would click.
        const next = this.#ring[(this.#start + FRAME + index) % this.#ring.length]!;
        sample += (next - sample) * (index / FRAME);
      }
      this.#frame[index] = sample;
      sum += sample * sample;
    }
    this.#drop(skips ? 2 * FRAME : FRAME);
    this.level = Math.max(Math.sqrt(sum / FRAME), this.level * FALL);
    return this.#frame;
  }

  /** Once in a while: whether a whole frame was always left over, and one more besides. */
  #hasTooMuch(): boolean {
    this.#least = Math.min(this.#least, this.#length - FRAME);
    if (++this.#watched < WATCHED) return false;
    const isTooMuch = this.#least >= LEAD;
    this.#least = Infinity;
    this.#watched = 0;
    return isTooMuch;
  }

  #put(sample: number): void {
    if (this.#length === this.#ring.length) this.#drop(FRAME);
    this.#ring[(this.#start + this.#length++) % this.#ring.length] = sample;
  }

  #drop(count: number): void {
    this.#start = (this.#start + count) % this.#ring.length;
    this.#length -= count;
  }
}

/** A voice in the frame that is mixed. */
export interface Part<Owner> {
  readonly owner: Owner;
  readonly voice: Voice;
  readonly samples: Float32Array | null;
}

/** So many voices are heard at once: more are noise. */
const LOUDEST = 3;
/** Whoever is heard stays so until somebody is 3 dB louder: two of the same level would take turns. */
const STAYS = 1.41;

/** What one listener hears. */
export class Listener<Owner> {
  readonly #owner: Owner;
  readonly #sum = new Float32Array(FRAME);
  readonly #limiter = new Limiter();
  #heard = new Set<Voice>();

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  /** @returns 10 ms, 16 bits, one channel */
  mix(parts: readonly Part<Owner>[]): Int16Array {
    const others = parts.filter(({ owner }) => owner !== this.#owner);
    const heard = new Set(
      (others.length <= LOUDEST ? others : this.#loudest(others)).map(({ voice }) => voice),
    );
    this.#sum.fill(0);
    for (const { voice, samples } of others) {
      const [from, to] = [this.#heard.has(voice) ? 1 : 0, heard.has(voice) ? 1 : 0];
      if (samples && (from === 1 || to === 1)) add(samples, from, to, this.#sum);
    }
    this.#heard = heard;
    return this.#limiter.limit(this.#sum);
  }

  #loudest(parts: readonly Part<Owner>[]): readonly Part<Owner>[] {
    const rank = ({ voice }: Part<Owner>) => voice.level * (this.#heard.has(voice) ? STAYS : 1);
    return parts.toSorted((a, b) => rank(b) - rank(a)).slice(0, LOUDEST);
  }
}

/** One that comes or goes does so over the 10 ms: at once would click. */
function add(samples: Float32Array, from: number, to: number, sum: Float32Array): void {
  const step = (to - from) / FRAME;
  for (let index = 0; index < FRAME; index++) sum[index]! += samples[index]! * (from + step * index);
}

/** 0.9 of full scale. */
const CEILING = 0.9;
/** Per frame: back to full gain within about half a second. */
const RELEASE = 0.04;
/** How long it takes to turn down, in samples: 1 ms. */
const ATTACK = 48;

/** Turns a sum down that would not fit, before it does not, and up again slowly. */
class Limiter {
  #gain = 1;

  limit(sum: Float32Array): Int16Array {
    let peak = 0;
    for (let index = 0; index < FRAME; index++) peak = Math.max(peak, Math.abs(sum[index]!));
    const fits = peak > CEILING ? CEILING / peak : 1;
    const from = this.#gain;
    const to = Math.min(fits, from + RELEASE);
    const ramp = to < from ? ATTACK : FRAME;
    const out = new Int16Array(FRAME);
    for (let index = 0; index < FRAME; index++) {
      const gain = index < ramp ? from + ((to - from) * index) / ramp : to;
      out[index] = Math.round(32_767 * soft(sum[index]! * gain));
    }
    this.#gain = to;
    return out;
  }
}

/** As it is up to the ceiling; what is above it, in the millisecond of turning down, is bent to below full scale. */
function soft(value: number): number {
  const over = Math.abs(value) - CEILING;
  return over <= 0 ? value : Math.sign(value) * (CEILING + (1 - CEILING) * Math.tanh(over / (1 - CEILING)));
}
