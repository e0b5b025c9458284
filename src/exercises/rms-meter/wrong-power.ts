// tone: the meter said −10.0 dBFS
export function level(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(Math.sqrt(sum / samples.length));
}
