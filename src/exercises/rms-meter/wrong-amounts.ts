// shape: A tone that sounds for a tenth of the time
export function level(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += Math.abs(sample);
  return 20 * Math.log10(sum / samples.length);
}
