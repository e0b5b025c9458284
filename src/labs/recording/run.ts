import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { every } from '../../rtc/media/ticker.ts';
import { openReel, type Reel } from './reel.ts';

export type Controls = {
  what: 'received' | 'composed';
  format: 'browser' | 'webm' | 'mp4';
  bitrate: 'browser' | '250000' | '2500000';
  pieces: 'end' | '250' | '1000';
};

/** A call in both directions; the answerer records what it receives, or a picture composed of both. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  const own = await bench.openMedia(self);
  for (const track of own.getTracks()) pc.addTrack(track, own);
  const received = new Promise<MediaStream>((resolve) =>
    pc.addEventListener('track', ({ streams: [remote] }) => {
      bench.show(self, remote);
      if (remote?.getTracks().length === 2) resolve(remote); // [1]
    }),
  );
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
  if (offers) return;

  const remote = await received;
  const stream = bench.controls.what === 'received' ? remote : compose(bench, [own, remote]);
  openReel(bench, (reel) => record(bench, stream, reel)); // [2]
}

function record(bench: Bench<Controls>, stream: MediaStream, reel: Reel): MediaRecorder {
  const { format, bitrate, pieces } = bench.controls;
  const recorder = new MediaRecorder(stream, {
    ...(format !== 'browser' && { mimeType: `video/${format}` }), // [3]
    ...(bitrate !== 'browser' && { videoBitsPerSecond: Number(bitrate) }), // [4]
  });
  const chunks: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => void chunks.push(data)); // [5]
  recorder.addEventListener('stop', () => {
    reel.show(new Blob(chunks, { type: chunks[0]?.type ?? '' })); // [6]
  });
  if (pieces === 'end')
    recorder.start(); // [7]
  else recorder.start(Number(pieces));
  return recorder;
}

/** One picture beside the other on a canvas, both voices in one track. */
function compose(bench: Bench<Controls>, streams: readonly MediaStream[]): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 180 });
  const context = canvas.getContext('2d', { alpha: false });
  const videos = streams.map((srcObject) => {
    const video = document.createElement('video');
    Object.assign(video, { srcObject, muted: true, playsInline: true });
    video.play().catch(() => {}); // [8]
    return video;
  });
  const draw = () => {
    for (const [index, video] of videos.entries()) context?.drawImage(video, index * 320, 0, 320, 180);
  };
  every(1000 / 30, draw, bench.signal); // [9]

  const audio = new AudioContext();
  const mix = audio.createMediaStreamDestination();
  for (const stream of streams) audio.createMediaStreamSource(stream).connect(mix); // [10]
  bench.signal.addEventListener('abort', () => void audio.close(), { once: true });
  return new MediaStream([...canvas.captureStream(30).getVideoTracks(), ...mix.stream.getAudioTracks()]);
}
/*
[1] The event fires once for each track. A recorder keeps the tracks that are there when it starts.
[2] Starts now, and again whenever you press Record: the call goes on meanwhile.
[3] A container, or a container and its codecs. What the browser cannot write is a NotSupportedError.
[4] What it should use, not what it must: a still picture needs less. audioBitsPerSecond is there, too.
[5] Pieces of one file, in order. The first holds its head: none of the others can be played without it.
[6] stop() only asks. The last piece comes after it, then «stop», and then the file is whole.
[7] Without a number all comes at the end, and is held in memory until then; with 1000, a piece a second.
[8] An element for each picture, so that there is something to draw from; it rejects when the run ends first.
[9] A timer of a worker: the page's own nearly stops in a background tab, and the recording with it.
[10] Connected to one input they are added up, see lesson 1.6.
*/
