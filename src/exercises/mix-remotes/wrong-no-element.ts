// alice: there is nothing at
export function mix(context: AudioContext, remotes: readonly MediaStream[]): MediaStream {
  const destination = context.createMediaStreamDestination();
  for (const remote of remotes) context.createMediaStreamSource(remote).connect(destination);
  return destination.stream;
}
