import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

/** Runs once for each peer that lives in this page: both of them, or one here and one in another tab. */
export async function run(bench: Bench): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);

  const stream = await bench.openMedia(self); // [1]
  for (const track of stream.getTracks()) pc.addTrack(track, stream); // [2]

  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote)); // [3]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [4]

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate); // [5]
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription(); // [6]
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    await pc.setLocalDescription(); // [7]
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench); // [8]
}
/*
[1] A camera and a microphone, or a drawn picture and a tone that stand in for them and say so.
[2] addTrack(track, stream): the stream's id crosses in the SDP (a=msid, RFC 8830), so that the other
    side gets picture and sound as one stream and can keep them in step.
[3] Fires once for each track, when the remote description is set: before any packet has come.
[4] A candidate leaves as soon as it is found (trickle ICE, RFC 8838); null says that there are no more.
[5] It can only be added after the remote description. Signals are handed over one at a time and in
    order, so the description has been set by now.
[6] Without an argument setLocalDescription makes what is due: here the answer (webrtc-pc §4.4.2).
[7] The same call with nothing received yet makes the offer. No candidate is in it: they follow.
[8] Waits for connectionState 'connected': ICE has found a pair, DTLS has exchanged the keys.
*/
