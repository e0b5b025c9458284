/**
 * How loud one frequency is in some samples: 0 for a sine of full scale (−1 … 1), about −120 for nothing.
 *
 * Samples are weighted with a Hann window, so that a tone some bins away does not count.
 *
 * @param samples as many as the answer is to be fine: 4 800 of 48 000 a second tell tones 40 Hz apart
 */
export function levelOf(samples: ArrayLike<number>, frequencyHz: number, rateHz: number): number {
  const count = samples.length;
  const turn = (2 * Math.PI * frequencyHz) / rateHz;
  let [re, im, weights] = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / count);
    const sample = (samples[index] ?? 0) * weight;
    re += sample * Math.cos(turn * index);
    im += sample * Math.sin(turn * index);
    weights += weight;
  }
  return 20 * Math.log10(Math.max(1e-6, (2 * Math.hypot(re, im)) / weights));
}
