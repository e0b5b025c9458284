// tone: the meter said −17.0 dBFS
export function level(samples: Float32Array): number {
  return 20 * Math.log10(Math.max(...samples));
}
