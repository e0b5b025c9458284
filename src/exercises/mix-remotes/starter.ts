/** One stream in which all the remotes are heard. */
export function mix(context: AudioContext, remotes: readonly MediaStream[]): MediaStream {
  const destination = context.createMediaStreamDestination();
  // What leads from the remotes to here?
  void remotes;
  return destination.stream;
}
