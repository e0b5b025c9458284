/** One stream in which all the remotes are heard. */
export function mix(context: AudioContext, remotes: readonly MediaStream[]): MediaStream {
  const destination = context.createMediaStreamDestination();
  for (const remote of remotes) {
    const element = Object.assign(new Audio(), { srcObject: remote, muted: true });
    element.play().catch(() => {});
    context.createMediaStreamSource(remote).connect(destination);
  }
  return destination.stream;
}
