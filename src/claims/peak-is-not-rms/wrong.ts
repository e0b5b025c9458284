export async function run(): Promise<string> {
  const audio = new OfflineAudioContext(1, 4800, 48_000);
  const tone = new OscillatorNode(audio, { frequency: 480 });
  tone.connect(new GainNode(audio, { gain: 0.1414 })).connect(audio.destination);
  tone.start();
  const samples = (await audio.startRendering()).getChannelData(0);
  const amplitude = Math.max(...samples);
  return `−${(-20 * Math.log10(amplitude)).toFixed(1)} dBFS`;
}
