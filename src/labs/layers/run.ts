import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';

export type Controls = { content: 'all' | 'media' | 'data' };

export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const { content } = bench.controls;
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench); // [1]

  if (content !== 'data') {
    const stream = await bench.openMedia(self); // [2]
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
  }
  if (content !== 'media' && offers) pc.createDataChannel('lab'); // [3]

  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate })); // [4]
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench);
}
/*
[1] The second of the three APIs: it holds all layers below, and hides most of them.
[2] The first: camera and microphone, or their drawn stand-ins. What they give is put on the connection as tracks.
[3] The third: a channel for anything else. Without it there is no SCTP on the connection at all.
[4] What WebRTC does not have: a way to carry this. Here it is a loop inside the page.
*/
