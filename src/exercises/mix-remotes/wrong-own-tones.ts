// alice: there is nothing at
export function mix(context: AudioContext): MediaStream {
  const destination = context.createMediaStreamDestination();
  for (const frequency of [440, 554.37]) {
    const voice = new OscillatorNode(context, { frequency: frequency / 2 });
    voice.connect(new GainNode(context, { gain: 0.1 })).connect(destination);
    voice.start();
  }
  return destination.stream;
}
