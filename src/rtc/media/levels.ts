/** How loud samples are, and which tones are in them: what a meter and a spectrum are computed from. */

/** Samples as Web Audio has them: −1 … 1 is full scale. */
type Samples = ArrayLike<number>;

/** A sample at or beyond this share of full scale counts as clipped. */
const CLIPS_AT = 0.99;
/** How much of the old value stays with each new one: a needle that is slow enough to be read. */
const SLOWNESS = 0.95;

/** Root mean square of samples, 0 … 1 for what fits into full scale; 0 of none. */
export function rms(samples: Samples): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += (samples[index] ?? 0) ** 2;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** The largest distance from zero, 0 … 1 for what fits into full scale. */
export function peak(samples: Samples): number {
  let most = 0;
  for (let index = 0; index < samples.length; index++) most = Math.max(most, Math.abs(samples[index] ?? 0));
  return most;
}

/**
 * An amplitude in decibels relative to full scale: 0 for 1, −20 for 0.1, −Infinity for silence.
 *
 * A sine that just fits into full scale has an RMS of 0.707, and so −3 dBFS here. Meters made by AES17 add those 3 dB.
 */
export const dbfs = (amplitude: number): number => 20 * Math.log10(amplitude);

/** What a meter shows after some samples. `instant` and `slow` are RMS, `clip` is the share of clipped samples, 0 … 1. */
export class LevelMeter {
  instant = 0;
  slow = 0;
  peak = 0;
  clip = 0;

  /** @param samples the latest ones, a twentieth of a second or so */
  take(samples: Samples): void {
    this.instant = rms(samples);
    this.slow = SLOWNESS * this.slow + (1 - SLOWNESS) * this.instant;
    this.peak = peak(samples);
    let clipped = 0;
    for (let index = 0; index < samples.length; index++)
      if (Math.abs(samples[index] ?? 0) >= CLIPS_AT) clipped += 1;
    this.clip = samples.length === 0 ? 0 : clipped / samples.length;
  }
}

/** A tone in a spectrum. */
export interface ToneSeen {
  readonly frequencyHz: number;
  readonly levelDb: number;
}

/** What is quieter than this is not called a tone, dB. */
const FLOOR_DB = -75;
/** Nor what is so much quieter than the loudest one, dB. */
const BELOW_LOUDEST_DB = 20;
/** Bins to each side that belong to a tone: the width of the Blackman window that an AnalyserNode uses. */
const SKIRT = 4;

/**
 * The tones in a spectrum, loudest first: places that stand out from their neighbourhood.
 *
 * @param levels       as `AnalyserNode.getFloatFrequencyData()` gives them, dB, from 0 Hz to half the sample rate
 * @param sampleRateHz of the audio context
 * @param most         how many at most
 */
export function tonesIn(levels: Samples, sampleRateHz: number, most = 3): readonly ToneSeen[] {
  const binHz = sampleRateHz / 2 / levels.length;
  const at = (bin: number) => levels[bin] ?? -Infinity;
  const tones: ToneSeen[] = [];
  for (let bin = 1; bin < levels.length - 1; bin++) {
    if (!(at(bin) > FLOOR_DB)) continue;
    let isTop = true;
    for (let near = bin - SKIRT; near <= bin + SKIRT && isTop; near++)
      if (near !== bin && (at(near) > at(bin) || (near < bin && at(near) === at(bin)))) isTop = false;
    if (!isTop) continue;
    // A parabola through the top and its neighbours finds where between two bins the tone lies.
    const [left, top, right] = [at(bin - 1), at(bin), at(bin + 1)];
    const bend = left - 2 * top + right;
    const shift = Number.isFinite(bend) && bend < 0 ? (left - right) / bend / 2 : 0;
    tones.push({ frequencyHz: (bin + shift) * binHz, levelDb: top });
  }
  tones.sort((a, b) => b.levelDb - a.levelDb);
  const loudest = tones[0]?.levelDb ?? -Infinity;
  return tones.filter(({ levelDb }) => levelDb >= loudest - BELOW_LOUDEST_DB).slice(0, most);
}
