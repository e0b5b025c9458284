/** For each name the stream that is to be sent there: all the others, and not themselves. */
export function mixMinus(
  context: AudioContext,
  voices: ReadonlyMap<string, MediaStream>,
): Map<string, MediaStream> {
  const outputs = new Map<string, MediaStream>();
  for (const listener of voices.keys()) outputs.set(listener, context.createMediaStreamDestination().stream);
  // What is connected to which output?
  return outputs;
}
