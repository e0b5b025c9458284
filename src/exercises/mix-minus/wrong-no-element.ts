// alice: nothing
/** For each name the stream that is to be sent there: all the others, and not themselves. */
export function mixMinus(
  context: AudioContext,
  voices: ReadonlyMap<string, MediaStream>,
): Map<string, MediaStream> {
  const outputs = new Map(
    [...voices.keys()].map((listener) => [listener, context.createMediaStreamDestination()]),
  );
  for (const [voice, stream] of voices) {
    const source = context.createMediaStreamSource(stream);
    for (const [listener, output] of outputs) if (listener !== voice) source.connect(output);
  }
  return new Map([...outputs].map(([listener, output]) => [listener, output.stream]));
}
