/**
 * A low-pass of the simplest kind, one for each channel: each sample moves a part of the way to the new one.
 *
 * −3 dB at the cutoff, and 6 dB less for each octave above.
 */
export class LowPass {
  readonly #cutoffHz: number;
  readonly #last: number[] = [];

  /** @param cutoffHz above 0, and below half the sample rate */
  constructor(cutoffHz: number) {
    this.#cutoffHz = cutoffHz;
  }

  /** Filters samples where they are. @param channel from 0; each goes on where it stopped */
  filter(samples: Float32Array, channel: number, sampleRateHz: number): void {
    const part = 1 - Math.exp((-2 * Math.PI * this.#cutoffHz) / sampleRateHz);
    let value = this.#last[channel] ?? 0;
    for (let index = 0; index < samples.length; index++) {
      value += part * ((samples[index] ?? 0) - value);
      samples[index] = value;
    }
    this.#last[channel] = value;
  }
}
