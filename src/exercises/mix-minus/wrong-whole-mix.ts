// bob: alice (
/** For each name the stream that is to be sent there: all the others, and not themselves. */
export function mixMinus(
  context: AudioContext,
  voices: ReadonlyMap<string, MediaStream>,
): Map<string, MediaStream> {
  const outputs = new Map(
    [...voices.keys()].map((listener) => [listener, context.createMediaStreamDestination()]),
  );
  for (const stream of voices.values()) {
    // Chromium gives a received stream to Web Audio only while an element plays it.
    Object.assign(new Audio(), { muted: true, srcObject: stream })
      .play()
      .catch(() => {});
    const source = context.createMediaStreamSource(stream);
    for (const output of outputs.values()) source.connect(output); // one mix for all
  }
  return new Map([...outputs].map(([listener, output]) => [listener, output.stream]));
}
