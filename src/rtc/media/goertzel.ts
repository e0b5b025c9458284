/** How many samples are looked at together: 85 ms at 48 kHz, which tells tones apart that are 30 Hz from each other. */
const BLOCK = 4096;

/**
 * How loud one tone is in some samples, in decibels relative to full scale; −Infinity in silence.
 *
 * Goertzel's algorithm is one bin of a Fourier transform, at the very frequency that is asked for. A Hann window keeps
 * loud neighbours out. The result is the mean over blocks, so that a tone that breaks off is quieter than one that lasts.
 *
 * @param samples     −1 … 1 is full scale
 * @param frequencyHz more than 0, less than half of the rate
 * @see G. Goertzel, An algorithm for the evaluation of finite trigonometric series, 1958
 */
export function toneDb(samples: Float32Array, rateHz: number, frequencyHz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * frequencyHz) / rateHz);
  let sum = 0;
  let blocks = 0;
  for (let first = 0; first + BLOCK <= samples.length; first += BLOCK) {
    let [last, before] = [0, 0];
    for (let index = 0; index < BLOCK; index++) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (BLOCK - 1));
      [last, before] = [(samples[first + index] ?? 0) * window + turn * last - before, last];
    }
    const power = last * last + before * before - turn * last * before;
    sum += (4 * Math.sqrt(Math.max(0, power))) / BLOCK; // half of the window's area is lost, and half to negative frequencies
    blocks += 1;
  }
  return blocks === 0 ? -Infinity : 20 * Math.log10(sum / blocks);
}
