import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { arrivals, personOf } from './people.ts';

export type Controls = { people: '2' | '3' | '4' | '5' | '6' };

/** Everybody is connected with everybody. A seat is one end of one connection: `bob-alice` is bob's, for alice. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const cameras = new Map<string, Promise<MediaStream>>();
  const cameraOf = (person: string) => {
    const camera = cameras.get(person) ?? bench.openMedia(person); // [1]
    cameras.set(person, camera);
    return camera;
  };
  for (const ends of arrivals(bench.seats))
    // [2]
    await Promise.all(ends.map(async (seat) => call(bench, seat, await cameraOf(personOf(seat.self)))));
}

async function call(
  bench: Bench<Controls>,
  { self, other, offers }: Seat,
  stream: MediaStream,
): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench); // [3]
  for (const track of stream.getTracks()) pc.addTrack(track, stream); // [4]
  pc.addEventListener('track', ({ streams: [remote] }) => bench.show(self, remote));
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });
  if (offers) {
    // [5]
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench);
}
/*
[1] One camera for each person, however many will see it.
[2] One after the other, as people come. Who is alone has no connection at all; the second brings one, the third two
    more, the n-th n − 1.
[3] One RTCPeerConnection for each of the others, at both ends: n(n − 1) of them for n people.
[4] The same tracks go to each connection. From here on there is an encoder for each of them, and each packet leaves as
    often as there are others.
[5] The newcomer offers to everybody who is there, so no two offers meet.
*/
