// track: a stream with 2 audio tracks
export function mix(_context: AudioContext, remotes: readonly MediaStream[]): MediaStream {
  return new MediaStream(remotes.flatMap((remote) => remote.getAudioTracks()));
}
