import { toneOf } from '../../rtc/media/tone.ts';

/** A tone that is fainter than this is not heard, dB: fifty times weaker than what is sent. */
const FAINT_DB = -62;
/** How far from the tone a bin may lie, Hz. */
const NEAR_HZ = 20;

/** Whether somebody's voice is in a spectrum. */
export interface Voice {
  readonly of: string;
  /** Of its strongest bin, dB. */
  readonly levelDb: number;
  readonly isHeard: boolean;
}

/**
 * Whose voices are in a spectrum: each person has a tone.
 *
 * @param levels as `AnalyserNode.getFloatFrequencyData()` gives them, dB
 * @param sampleRateHz of the audio context
 */
export function voicesIn(
  levels: ArrayLike<number>,
  sampleRateHz: number,
  people: readonly string[],
): readonly Voice[] {
  const binHz = sampleRateHz / 2 / levels.length;
  return people.map((of) => {
    const first = Math.ceil((toneOf(of) - NEAR_HZ) / binHz);
    const last = Math.floor((toneOf(of) + NEAR_HZ) / binHz);
    let levelDb = -Infinity;
    for (let bin = first; bin <= last; bin++) levelDb = Math.max(levelDb, levels[bin] ?? -Infinity);
    return { of, levelDb, isHeard: levelDb > FAINT_DB };
  });
}
