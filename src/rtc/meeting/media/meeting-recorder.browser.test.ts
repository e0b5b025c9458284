import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readFrameCode } from '../../media/frame-code.ts';
import { durationOf } from '../../media/recorded.ts';
import { openSyntheticMedia } from '../../media/synthetic.ts';
import { place, type Portrayed } from './compositor.ts';
import { MeetingRecorder } from './meeting-recorder.ts';
import { memoryStore } from './recording-store.ts';

vi.setConfig({ testTimeout: 60_000 });
const patiently = { timeout: 25_000 };
const size = { width: 640, height: 360 };

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => end.abort());

function person(name: string): Portrayed {
  const { stream } = openSyntheticMedia({ peer: name, signal: end.signal, video: { frameRate: 15 } });
  return {
    id: name,
    name,
    camera: stream.getVideoTracks()[0]!,
    screen: null,
    sounds: stream.getAudioTracks(),
  };
}

/** Level of a frequency in samples, 0 … 1 (Goertzel). */
function amplitude(samples: Float32Array, hz: number, sampleRateHz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / sampleRateHz);
  let [before, last] = [0, 0];
  for (const sample of samples) [before, last] = [last, sample + factor * last - before];
  return (2 * Math.sqrt(last ** 2 + before ** 2 - factor * last * before)) / samples.length;
}

async function play(blob: Blob): Promise<HTMLVideoElement> {
  const src = URL.createObjectURL(blob);
  const video = Object.assign(document.createElement('video'), { muted: true, src });
  end.signal.addEventListener('abort', () => URL.revokeObjectURL(src));
  await durationOf(video);
  return video;
}

test('a recording has everybody in their cell and in the sound, also who comes later', async () => {
  const recorder = new MeetingRecorder({ signal: end.signal, size });
  const [alice, bob] = [person('alice'), person('bob')];
  const recorded = (seconds: number) =>
    vi.waitFor(() => {
      const { status } = recorder;
      expect(status.is !== 'off' && status.bytes > 0 && status.seconds).toBeGreaterThan(seconds);
    }, patiently);
  recorder.show([alice]);
  await recorder.start();
  expect(recorder.status).toMatchObject({ is: 'recording', kept: 'disk', limitBytes: null });
  await recorded(0.5);
  recorder.pause();
  expect(recorder.status.is).toBe('paused');
  recorder.show([alice, bob]);
  recorder.resume();
  await recorded(2.5);
  const file = await recorder.stop();
  expect(recorder.isRecording).toBe(false);
  expect(file?.name).toMatch(/^meeting-[\d-]+\.webm$/);

  const video = await play(file!.blob);
  expect([video.videoWidth, video.videoHeight]).toEqual([640, 360]);
  const { found } = await durationOf(video);
  expect(found).toBeGreaterThan(1.5);
  // Played to its end: a file without an index cannot be trusted to seek.
  const ended = new Promise((resolve) => video.addEventListener('ended', resolve, { once: true }));
  video.playbackRate = 2;
  await video.play();
  await ended;
  const hues = new Set<string>();
  for (const { rect, person: who } of place([alice, bob], size)) {
    const cell = new OffscreenCanvas(640, 360);
    const context = cell.getContext('2d')!;
    context.drawImage(video, rect.x, rect.y, rect.width, rect.height, 0, 0, 640, 360);
    const { data } = context.getImageData(0, 0, 640, 360);
    expect(readFrameCode({ data, width: 640, height: 360 })?.peer).toBe(who.name);
    // The ground beside the words: teal for alice, amber for bob.
    const [red = 0, , blue = 0] = context.getImageData(620, 20, 1, 1).data;
    hues.add(red > blue ? 'warm' : 'cold');
  }
  expect([...hues].toSorted()).toEqual(['cold', 'warm']);

  const audio = new OfflineAudioContext(1, 1, 48_000);
  const sound = await audio.decodeAudioData(await file!.blob.arrayBuffer());
  const samples = sound.getChannelData(0).slice(-48_000);
  const [own, other, nobody] = [440, 554.37, 660].map((hz) => amplitude(samples, hz, sound.sampleRate));
  expect(own).toBeGreaterThan(0.04);
  expect(other).toBeGreaterThan(0.04);
  expect(nobody).toBeLessThan(0.01);
});

test('what does not fit into memory ends the recording in words, and what was there before is a file', async () => {
  const recorder = new MeetingRecorder({
    signal: end.signal,
    size,
    store: () => Promise.resolve(memoryStore(60_000)),
  });
  recorder.show([person('alice')]);
  await recorder.start();
  expect(recorder.status).toMatchObject({ kept: 'memory', limitBytes: 60_000 });
  await vi.waitFor(() => expect(recorder.isRecording).toBe(false), patiently);
  expect(recorder.status).toMatchObject({
    is: 'off',
    problem: { message: expect.stringContaining('no room') },
  });
});
