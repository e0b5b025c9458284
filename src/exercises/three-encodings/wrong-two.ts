// three: h: 960 wide
/** Adds the picture of a stream so that it is sent in three sizes. */
export function addCamera(pc: RTCPeerConnection, stream: MediaStream): void {
  const [track] = stream.getVideoTracks();
  pc.addTransceiver(track ?? 'video', {
    direction: 'sendonly',
    streams: [stream],
    sendEncodings: [
      { rid: 'h', maxBitrate: 900_000 },
      { rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 100_000 },
    ],
  });
}
