import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { personOf } from '../full-mesh/people.ts';
import type { Shape } from './shape.ts';

export type Controls = { shape: Shape; people: '3' | '4' | '5' | '6' };

/** One produces, many watch, and viewers pass on what they get. A seat is one end: `bob-dave` is bob's, for dave. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const people = new Map(bench.seats.map(({ self }) => [personOf(self), new Person()]));
  for (const [name, person] of people)
    if (name === 'alice' || bench.controls.shape === 'focus') person.pass(await bench.openMedia(name)); // [1]
  await Promise.all(bench.seats.map((seat) => call(bench, seat, people.get(personOf(seat.self))!)));
}

/** Has streams, and sends each of them to everybody but to whom it came from. */
class Person {
  readonly #streams = new Map<MediaStream, RTCPeerConnection | undefined>();
  readonly #connections = new Set<RTCPeerConnection>();

  meet(pc: RTCPeerConnection): void {
    this.#connections.add(pc);
    for (const [stream, from] of this.#streams) send(stream, from, pc); // [2]
  }

  pass(stream: MediaStream, from?: RTCPeerConnection): void {
    if (this.#streams.has(stream)) return; // [3]
    this.#streams.set(stream, from);
    for (const pc of this.#connections) send(stream, from, pc);
  }
}

function send(stream: MediaStream, from: RTCPeerConnection | undefined, to: RTCPeerConnection): void {
  if (from === to) return;
  for (const track of stream.getTracks()) to.addTrack(track, stream); // [4]
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat, person: Person): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const describe = async () => {
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  };
  if (offers) pc.addEventListener('negotiationneeded', () => void describe()); // [5]
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [stream] }) => {
    bench.show(self, stream);
    if (stream) person.pass(stream, pc); // [6]
  });
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type === 'offer') await describe(); // [7]
  });
  person.meet(pc);
  await connected(pc, bench);
}
/*
[1] Only alice has a camera; with a focus, everybody has.
[2] Who comes late gets all that is there.
[3] The event comes twice, for the sound and for the picture of the same stream.
[4] A received track is a track: it can be sent. What it carries was decoded here, and is encoded anew for each
    connection that it goes out on.
[5] The end that is nearer to alice offers, each time that it has more to send.
[6] This line makes a relay of a viewer.
[7] Each viewer answers with a description of its own, to the connection that its offer came from.
*/
