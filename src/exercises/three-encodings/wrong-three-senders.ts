// three: alice’s browser sends
/** Three m-lines with the same picture: three sources, not three encodings of one. */
export function addCamera(pc: RTCPeerConnection, stream: MediaStream): void {
  const [track] = stream.getVideoTracks();
  for (const scaleResolutionDownBy of [1, 2, 4])
    pc.addTransceiver(track?.clone() ?? 'video', {
      direction: 'sendonly',
      streams: [stream],
      sendEncodings: [{ scaleResolutionDownBy }],
    });
}
