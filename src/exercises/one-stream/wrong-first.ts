// both: has of what was received: video.
export function send(pc: RTCPeerConnection, stream: MediaStream): void {
  for (const track of [...stream.getVideoTracks(), ...stream.getAudioTracks()]) pc.addTrack(track, stream);
}

export function receive(pc: RTCPeerConnection, video: HTMLVideoElement): void {
  pc.addEventListener('track', ({ track }) => {
    if (!video.srcObject) video.srcObject = new MediaStream([track]);
  });
}
