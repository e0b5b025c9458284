// named: video: 0, audio: 0
export function send(pc: RTCPeerConnection, stream: MediaStream): void {
  for (const track of [...stream.getVideoTracks(), ...stream.getAudioTracks()]) pc.addTrack(track);
}

export function receive(pc: RTCPeerConnection, video: HTMLVideoElement): void {
  const all = new MediaStream();
  video.srcObject = all;
  pc.addEventListener('track', ({ isTrusted, track, receiver, transceiver }) => {
    if (!isTrusted) return;
    all.addTrack(track);
    pc.dispatchEvent(new RTCTrackEvent('track', { track, receiver, transceiver, streams: [all] }));
  });
}
