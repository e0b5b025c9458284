export async function run(): Promise<string> {
  const audio = new AudioContext();
  await audio.close();
  return `An AudioContext of ${audio.sampleRate} samples a second.`;
}
