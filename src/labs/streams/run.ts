import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { clone, throughCanvas, throughElement } from './sources.ts';

export type Controls = { from: keyof typeof sources; stream: 'named' | 'unnamed' };

const sources = { clone, canvas: throughCanvas, element: throughElement };

/** alice sends picture and tone, bob receives them. What bob's element makes of it is in the panel's hands, and yours. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ track, streams: [stream = new MediaStream([track])] }) => {
    bench.show(self, stream); // [1]
  });

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    const camera = await bench.openMedia(self); // [2]
    const stream = await sources[bench.controls.from](camera, bench.signal); // [3]
    for (const track of [...stream.getVideoTracks(), ...stream.getAudioTracks()]) {
      if (bench.controls.stream === 'named')
        pc.addTrack(track, stream); // [4]
      else pc.addTrack(track); // [5]
    }
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench);
}
/*
[1] One event for each track. With a stream both events bring the same one; without, each track gets one of its own
    here, and the second takes the place of the first.
[2] The source. Its tracks are the ones in «alice’s own».
[3] What she sends: clones of them; or pictures that a canvas makes of them (canvas.captureStream()); or what an element
    plays (video.captureStream()). The three are in sources.ts.
[4] The stream's id crosses in the SDP (a=msid), and bob's browser makes a stream of it again.
[5] Nobody tells bob what belongs together: event.streams is empty.
*/
