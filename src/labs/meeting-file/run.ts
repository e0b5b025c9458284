import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { Compositor } from '../../rtc/meeting/media/compositor.ts';
import { personOf, otherOf } from '../full-mesh/people.ts';
import { deskOf, SIZE } from './desk.ts';

export type Controls = { how: 'composed' | 'tracks' };

/** Three people meet, and alice keeps the meeting: herself, and what she receives. */
export async function run(bench: Bench<Controls>): Promise<void> {
  const own = new Map<string, MediaStream>();
  for (const name of ['alice', 'bob', 'carol']) own.set(name, await bench.openMedia(name));
  const received = new Map<string, MediaStream>();
  await Promise.all(bench.seats.map((seat) => call(bench, seat, own, received)));
  const people = new Map([['alice', own.get('alice')!], ...received]); // [1]
  const streams = bench.controls.how === 'composed' ? await together(bench, people) : people; // [2]
  deskOf(bench).open([...people.keys()], () =>
    [...streams].map(([name, stream]) => ({ name, ...record(stream) })),
  );
}

/** One picture and one sound of all. */
async function together(
  bench: Bench<Controls>,
  people: ReadonlyMap<string, MediaStream>,
): Promise<Map<string, MediaStream>> {
  const compositor = new Compositor({ signal: bench.signal, size: SIZE, frameRate: 15 }); // [3]
  compositor.show(
    [...people].map(([name, stream]) => ({
      id: name,
      name,
      camera: stream.getVideoTracks()[0] ?? null,
      screen: null,
      sounds: stream.getAudioTracks(),
    })),
  );
  const hasSound = await compositor.hasSound();
  const tracks = hasSound ? compositor.stream.getTracks() : compositor.stream.getVideoTracks(); // [4]
  return new Map([['meeting', new MediaStream(tracks)]]);
}

function record(stream: MediaStream): { recorder: MediaRecorder; file: Promise<Blob> } {
  const recorder = new MediaRecorder(stream);
  const pieces: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void pieces.push(data));
  const file = new Promise<Blob>(
    (resolve) =>
      recorder.addEventListener('stop', () => resolve(new Blob(pieces, { type: recorder.mimeType }))), // [5]
  );
  recorder.start(1_000); // [6]
  return { recorder, file };
}

async function call(
  bench: Bench<Controls>,
  { self, other, offers }: Seat,
  own: ReadonlyMap<string, MediaStream>,
  received: Map<string, MediaStream>,
): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const stream = own.get(personOf(self))!;
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  pc.addEventListener('track', ({ streams: [remote] }) => {
    bench.show(self, remote);
    if (remote && personOf(self) === 'alice') received.set(otherOf(self), remote); // [7]
  });
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
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
[1] Who records has to add their own picture and voice: nobody sends those back.
[2] One file of all, or a file for each.
[3] A canvas on which everybody has a cell, and one input in which all voices are added.
[4] Without a sound device Firefox runs no audio graph. A track that never has a sample would hold the file up.
[5] The last piece comes before «stop»; all of them in order are the file.
[6] A piece a second: so much is lost at most when the page dies, if the pieces are kept elsewhere.
[7] The picture as it arrives: what the line has lost is lost in the file, too.
*/
