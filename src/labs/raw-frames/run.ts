import { connected, openPeer, type Bench, type Seat } from '../../rtc/index.ts';
import { openMill, type Mill } from './mill.ts';
import type { Work } from './works.ts';

export type Controls = {
  work: Work;
  way: 'streams' | 'canvas';
  sound: 'untouched' | 'lowpass';
  closes: 'yes' | 'no';
};

/** alice's picture goes through a worker, frame by frame, before it is sent. */
export async function run(bench: Bench<Controls>): Promise<void> {
  await Promise.all(bench.seats.map((seat) => call(bench, seat)));
}

async function call(bench: Bench<Controls>, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
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
    const stream = await bench.openMedia(self);
    const mill = openMill(bench); // [1]
    const canStream = 'MediaStreamTrackProcessor' in window; // [2]
    const way = canStream && bench.controls.way === 'streams' ? throughStreams : throughCanvas;
    for (const track of stream.getTracks()) {
      const isToBeTouched = track.kind === 'video' || (canStream && bench.controls.sound === 'lowpass');
      const sent = isToBeTouched ? await (track.kind === 'video' ? way : throughStreams)(mill, track) : track;
      pc.addTrack(sent, stream);
    }
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench);
}

/** Chromium: a track becomes a stream of frames, and a stream of frames a track. */
function throughStreams(mill: Mill, track: MediaStreamTrack): MediaStreamTrack {
  const { readable } = new MediaStreamTrackProcessor({ track }); // [3]
  const { kind } = track;
  const generator = new MediaStreamTrackGenerator({ kind });
  const { writable } = generator;
  mill.worker.postMessage({ do: 'track', kind, readable, writable }, [readable, writable]); // [4]
  return generator;
}

/** Everywhere: a video element for what comes in, a canvas for what goes out, and a worker between them. */
async function throughCanvas(mill: Mill, track: MediaStreamTrack): Promise<MediaStreamTrack> {
  const video = document.createElement('video');
  Object.assign(video, { srcObject: new MediaStream([track]), muted: true, playsInline: true });
  await video.play();
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
  const context = canvas.getContext('2d', { alpha: false });
  mill.onFrame((frame) => {
    canvas.width = frame.displayWidth;
    canvas.height = frame.displayHeight;
    context?.drawImage(frame, 0, 0);
    frame.close(); // [5]
  });
  const next = () => {
    if (mill.signal.aborted) return;
    const frame = new VideoFrame(video, { timestamp: Math.round(video.currentTime * 1e6) }); // [6]
    mill.worker.postMessage({ do: 'frame', frame }, [frame]); // [7]
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next); // [8]
  const [drawn] = canvas.captureStream(30).getVideoTracks();
  return drawn ?? track;
}
/*
[1] A module worker of this site. What it does to a frame is in works.ts beside this file.
[2] Firefox has VideoFrame, but no way to get a track's frames as a stream.
[3] The processor hands out each frame once. A frame that nobody reads in time is dropped.
[4] Streams can be transferred: from here on no frame passes through the page.
[5] Drawn and done with. A frame holds memory of the graphics card or of the camera until it is closed.
[6] The frame that is shown now. In microseconds, as all timestamps of frames.
[7] In the list of what is transferred: the frame moves, and is closed here. Without the list it would be copied.
[8] Called when a new frame is shown, and at most as often as the page draws: not at all in a background tab.
*/
