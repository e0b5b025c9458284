/** alice's end: adds what she sends. */
export function send(pc: RTCPeerConnection, stream: MediaStream): void {
  for (const track of [...stream.getVideoTracks(), ...stream.getAudioTracks()]) pc.addTrack(track, stream);
}

/** bob's end: shows what comes. The video plays by itself. */
export function receive(pc: RTCPeerConnection, video: HTMLVideoElement): void {
  pc.addEventListener('track', ({ streams: [stream] }) => {
    if (stream && video.srcObject !== stream) video.srcObject = stream;
  });
}
