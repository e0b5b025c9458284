// outputs: for 0 of 3 people
/** Passes the tracks on, without mixing: a sender carries one of them. */
export function mixMinus(
  _context: AudioContext,
  voices: ReadonlyMap<string, MediaStream>,
): Map<string, MediaStream> {
  const others = (listener: string) => [...voices].filter(([voice]) => voice !== listener);
  return new Map(
    [...voices.keys()].map((listener) => [
      listener,
      new MediaStream(others(listener).flatMap(([, stream]) => stream.getAudioTracks())),
    ]),
  );
}
