import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { personOf } from '../full-mesh/people.ts';
import { openDesk, type Desk } from './desk.ts';

export type Controls = { sound: 'minus' | 'whole'; people: '2' | '3' | '4' };

/** A page that mixes: everybody sends to it, and each gets one picture and one sound back. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const desk = await openDesk(bench); // [1]
  const people = bench.seats.map(({ self }) => self).filter((self) => personOf(self) !== 'mixer');
  const mixer = new Mixer(desk, people.map(personOf), bench.controls.sound === 'minus');
  await Promise.all(
    bench.seats.map((seat) =>
      personOf(seat.self) === 'mixer' ? mix(bench, seat, mixer) : takePart(bench, seat, desk),
    ),
  );
}

/** A desk with a way out for each of them. */
class Mixer {
  readonly #desk: Desk;
  readonly #outputs: ReadonlyMap<string, MediaStreamAudioDestinationNode>;
  readonly #isMinus: boolean;

  constructor(desk: Desk, people: readonly string[], isMinus: boolean) {
    this.#desk = desk;
    this.#isMinus = isMinus;
    this.#outputs = new Map(people.map((person) => [person, desk.audio.createMediaStreamDestination()])); // [2]
  }

  /** What this one is to be sent: the picture of all, and a sound of their own. */
  outputFor(person: string): MediaStream {
    const sound = this.#outputs.get(person)?.stream.getAudioTracks() ?? [];
    return new MediaStream([this.#desk.picture, ...sound]); // [3]
  }

  enter(person: string, stream: MediaStream): void {
    const voice = this.#desk.listenTo(stream); // [4]
    for (const [listener, output] of this.#outputs)
      if (listener !== person || !this.#isMinus) voice.connect(output); // [5]
    this.#desk.place(person, stream); // [6]
  }
}

/** The mixer's end of somebody's connection. */
async function mix(bench: Bench<Controls>, { self, other }: Seat, mixer: Mixer): Promise<void> {
  const person = personOf(other);
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const output = mixer.outputFor(person);
  for (const track of output.getTracks()) pc.addTrack(track, output);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ track, streams: [stream] }) => {
    if (track.kind === 'video' || !stream) return; // [7]
    bench.show(self, stream);
    mixer.enter(person, stream);
  });
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });
  await connected(pc, bench);
}

/** A participant: an ordinary call with one other end. */
async function takePart(bench: Bench<Controls>, { self, other }: Seat, desk: Desk): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const stream = await bench.openMedia(personOf(self));
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ track, streams: [remote] }) => {
    if (track.kind === 'video' || !remote) return;
    bench.show(self, remote);
    desk.measure(personOf(self), remote);
  });
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
  });
  await pc.setLocalDescription();
  await signaling.send(other, { description: pc.localDescription });
  await connected(pc, bench);
}
/*
[1] An AudioContext and a canvas. Everything that the mixer does goes through them.
[2] n outputs for n people: no two of them hear the same.
[3] The picture is the same for all, and still it is encoded n times: each connection has its own encoder.
[4] createMediaStreamSource(), and a muted element that plays the stream, which Chromium needs.
[5] Mix-minus. Without the condition everybody hears themselves, late: an echo.
[6] Drawn into its cell of the canvas, fifteen times a second.
[7] One event is enough: both tracks are in the stream by then.
*/
