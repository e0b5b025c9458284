// bob: there is nothing at
export function mix(context: AudioContext, remotes: readonly MediaStream[]): MediaStream {
  const all = new MediaStream(remotes.flatMap((remote) => remote.getAudioTracks()));
  for (const remote of remotes)
    Object.assign(new Audio(), { srcObject: remote, muted: true })
      .play()
      .catch(() => {});
  const destination = context.createMediaStreamDestination();
  // Of a stream with several audio tracks, one is used: the one whose id comes first.
  const [first] = remotes;
  context.createMediaStreamSource(first ?? all).connect(destination);
  return destination.stream;
}
