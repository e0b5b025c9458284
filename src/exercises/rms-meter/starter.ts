/** The level of some samples in dBFS. */
export function level(samples: Float32Array): number {
  return samples.length;
}
