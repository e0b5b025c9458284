import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { another, measureAt, openDesk, type Desk } from './desk.ts';

export type Controls = {
  mixed: 'nothing' | 'tone' | 'noise';
  filtered: 'before' | 'after';
  element: 'muted' | 'none';
};

/** alice's sound goes through Web Audio before the connection, what bob receives goes through it after. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const desk = await openDesk(bench); // [1]
  await Promise.all(bench.seats.map((seat) => call(bench, seat, desk)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat, desk: Desk): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  pc.addEventListener('track', ({ streams: [remote] }) => remote && hear(bench, self, desk, remote));

  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });

  if (offers) {
    const stream = await bench.openMedia(self);
    const sent = process(bench, self, desk, stream);
    for (const track of sent.getTracks()) pc.addTrack(track, sent); // [2]
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench);
}

/** Before the connection: microphone → mix → filter → gain → a new track. */
function process(bench: Bench<Controls>, self: string, desk: Desk, microphone: MediaStream): MediaStream {
  const { audio, filter, gain } = desk;
  const source = audio.createMediaStreamSource(microphone); // [3]
  measureAt(desk, self, 'from the microphone', source);

  const mix = new GainNode(audio);
  source.connect(mix);
  another(audio, bench.controls.mixed)?.connect(mix); // [4]

  const last = bench.controls.filtered === 'before' ? mix.connect(filter).connect(gain) : mix; // [5]
  measureAt(desk, self, 'what is sent', last);
  const destination = audio.createMediaStreamDestination();
  last.connect(destination); // [6]
  return destination.stream;
}

/** After the connection: remote stream → (filter → gain) → meter, and loudspeakers when you want to listen. */
function hear(bench: Bench<Controls>, self: string, desk: Desk, remote: MediaStream): void {
  const { audio, filter, gain } = desk;
  if (bench.controls.element === 'muted') {
    const element = new Audio();
    element.muted = true;
    element.srcObject = remote;
    element.play().catch(() => {}); // [7]
    bench.signal.addEventListener('abort', () => (element.srcObject = null), { once: true });
  }
  const source = audio.createMediaStreamSource(remote); // [8]
  measureAt(desk, self, 'what arrives', source);
  const last = bench.controls.filtered === 'after' ? source.connect(filter).connect(gain) : source;
  if (last !== source) measureAt(desk, self, 'after the filter', last);
  last.connect(desk.loudspeakers); // [9]
}
/*
[1] new AudioContext(), and resume(): it stands still until the page has had a click or a key.
[2] To the connection it is a track like any other. What Web Audio does later needs no negotiation.
[3] A stream becomes a node. Only its first audio track is used; a stream without one is an InvalidStateError.
[4] Mixing: connect two nodes to the same input and they are added up, sample by sample.
[5] A BiquadFilterNode and a GainNode; connect() returns the node that it was given, so a chain reads like one.
[6] A node becomes a stream, with one audio track that is sent like a microphone's.
[7] Chromium hands a remote stream's sound to Web Audio only while an element plays the stream, too. Muted will do.
    play() rejects when the run ends first, and then nobody minds.
[8] The same call as for the microphone, now for what the other side sends.
[9] A GainNode of 0 until you press Listen. Never the microphone: that would be heard, captured and heard again.

*/
