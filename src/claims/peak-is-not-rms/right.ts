export async function run(): Promise<string> {
  const audio = new OfflineAudioContext(1, 4800, 48_000);
  const tone = new OscillatorNode(audio, { frequency: 480 });
  tone.connect(new GainNode(audio, { gain: 0.1414 })).connect(audio.destination);
  tone.start();
  const samples = (await audio.startRendering()).getChannelData(0);
  const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const amplitude = Math.sqrt(mean);
  return `−${(-20 * Math.log10(amplitude)).toFixed(1)} dBFS`;
}
