import { afterEach, describe, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { RtcError } from '../errors.ts';
import { ageMs, readFrameCode, type FrameCode } from './frame-code.ts';
import { openSyntheticMedia } from './synthetic.ts';

let end = new AbortController();
const closers: (() => void)[] = [];

afterEach(() => {
  end.abort();
  end = new AbortController();
  for (const close of closers.splice(0)) close();
  vi.restoreAllMocks();
});

/** A call within the page; `encoding` is applied to the video sender before it starts. */
async function call(stream: MediaStream, encoding: RTCRtpEncodingParameters = {}) {
  const alice = new RTCPeerConnection();
  const bob = new RTCPeerConnection();
  closers.push(() => (alice.close(), bob.close()));
  alice.addEventListener('icecandidate', ({ candidate }) => void bob.addIceCandidate(candidate));
  bob.addEventListener('icecandidate', ({ candidate }) => void alice.addIceCandidate(candidate));
  for (const track of stream.getTracks())
    alice.addTransceiver(track, {
      streams: [stream],
      sendEncodings: track.kind === 'video' ? [encoding] : [],
    });
  const received = new MediaStream();
  bob.addEventListener('track', ({ track }) => received.addTrack(track));
  await alice.setLocalDescription();
  await bob.setRemoteDescription(alice.localDescription!);
  await bob.setLocalDescription();
  await alice.setRemoteDescription(bob.localDescription!);
  return received;
}

async function play(stream: MediaStream): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  document.body.append(video);
  closers.push(() => video.remove());
  await video.play();
  return video;
}

/** Reads each of the next `count` frames that the element shows. */
async function read(video: HTMLVideoElement, count: number) {
  const codes: (FrameCode | undefined)[] = [];
  let width = 0;
  while (codes.length < count) {
    await new Promise<void>((resolve) => video.requestVideoFrameCallback(() => resolve()));
    codes.push(readFrameCode(video));
    width = video.videoWidth;
  }
  return { codes: codes.filter((code) => code !== undefined), width };
}

/** The loudest frequency of a stream in Hz, and its level in dBFS. */
async function loudest(stream: MediaStream) {
  const context = new AudioContext();
  closers.push(() => void context.close());
  const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(stream).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const level = Math.max(...bins);
  return { frequencyHz: (bins.indexOf(level) * context.sampleRate) / analyser.fftSize, level };
}

describe('the picture', () => {
  test.each([
    ['at full size', 320, {}],
    ['at full size and 150 kbit/s', 320, { maxBitrate: 150_000 }],
    ['at half the size', 160, { scaleResolutionDownBy: 2 }],
    ['at half the size and 60 kbit/s', 160, { scaleResolutionDownBy: 2, maxBitrate: 60_000 }],
  ])(
    'is read at the other end of a call %s',
    async (_, expectedWidth, encoding) => {
      const media = openSyntheticMedia({ peer: 'alice', signal: end.signal, audio: false });
      const video = await play(await call(media.stream, encoding));
      await vi.waitFor(() => expect(video.videoWidth).toBe(expectedWidth), 8000);
      const { codes, width } = await read(video, 60);

      expect(width).toBe(expectedWidth);
      expect(codes.length).toBeGreaterThanOrEqual(54);
      const frames = codes.map(({ frame }) => frame);
      expect(frames).toEqual(frames.toSorted((a, b) => a - b));
      expect(new Set(frames).size).toBeGreaterThanOrEqual(50);
      expect(frames.at(-1)).toBeLessThanOrEqual(media.frameNumber());
      expect(new Set(codes.map(({ peer }) => peer))).toEqual(new Set(['alice']));
      const age = ageMs(codes.at(-1)!);
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(1500);
    },
    30_000,
  );

  test('is drawn at least 25 times a second', async () => {
    const media = openSyntheticMedia({ peer: 'alice', signal: end.signal, audio: false });
    await vi.waitFor(() => expect(media.frameNumber()).toBeGreaterThan(3));
    const before = { frame: media.frameNumber(), atMs: performance.now() };
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const perSecond = ((media.frameNumber() - before.frame) * 1000) / (performance.now() - before.atMs);
    expect(perSecond).toBeGreaterThanOrEqual(25);
    expect(perSecond).toBeLessThan(36);
  });

  test('has the size and rate that were asked for', async () => {
    const video = { width: 640, height: 480, frameRate: 10 };
    const media = openSyntheticMedia({ peer: 'bob', signal: end.signal, audio: false, video });
    const element = await play(media.stream);
    const { codes, width } = await read(element, 6);
    expect([width, element.videoHeight]).toEqual([640, 480]);
    expect(codes.at(-1)?.peer).toBe('bob');
    const span = (codes.at(-1)!.clockMs - codes[0]!.clockMs) / (codes.at(-1)!.frame - codes[0]!.frame);
    expect(span).toBeGreaterThan(80);
  });

  test('is written without harm for a name in any script, or with markup', async () => {
    for (const peer of ['李雷', '<img src=x>', '👩‍🔬 Žofie', 'a'.repeat(300), '']) {
      const media = openSyntheticMedia({ peer, signal: end.signal, audio: false });
      const { codes } = await read(await play(media.stream), 2);
      expect(codes.length).toBeGreaterThan(0);
    }
  });

  test('stops being drawn when its owner stops the track', async () => {
    const media = openSyntheticMedia({ peer: 'alice', signal: end.signal, audio: false });
    media.stream.getVideoTracks()[0]!.stop();
    const frame = media.frameNumber();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(media.frameNumber()).toBe(frame);
  });
});

describe('the tone', () => {
  test.each([
    ['alice', 440],
    ['bob', 554.37],
  ])('of %s is heard at %d Hz and is quiet', async (peer, expectedHz) => {
    const media = openSyntheticMedia({ peer, signal: end.signal, video: false });
    await media.resumeAudio();
    const { frequencyHz, level } = await loudest(media.stream);
    expect(Math.abs(frequencyHz - expectedHz)).toBeLessThan(8);
    expect(media.toneHz).toBe(expectedHz);
    expect(level).toBeGreaterThan(-40);
    expect(level).toBeLessThan(-15);
  });

  test('crosses a call', async () => {
    const media = openSyntheticMedia({ peer: 'alice', signal: end.signal, video: false });
    const received = await call(media.stream);
    await vi.waitFor(() => expect(received.getAudioTracks()[0]?.muted).toBe(false), 8000);
    // Chromium gives a received track to Web Audio only while a media element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = received;
    await element.play();
    const { frequencyHz } = await loudest(received);
    expect(Math.abs(frequencyHz - 440)).toBeLessThan(8);
  }, 20_000);

  test('that the browser holds back is a live track, and says what to do', async () => {
    vi.spyOn(AudioContext.prototype, 'resume').mockReturnValue(new Promise(() => undefined));
    vi.spyOn(AudioContext.prototype, 'state', 'get').mockReturnValue('suspended');
    const media = openSyntheticMedia({ peer: 'alice', signal: end.signal, video: false });
    expect(media.stream.getAudioTracks()[0]?.readyState).toBe('live');
    const active = vi.spyOn(UserActivation.prototype, 'hasBeenActive', 'get').mockReturnValue(false);
    await expect(media.resumeAudio()).rejects.toMatchObject({ code: 'autoplay-blocked' });
    active.mockReturnValue(true); // there was a click, and still no sound: Firefox without a sound device
    await expect(media.resumeAudio()).rejects.toMatchObject({ code: 'sound-unavailable' });
  });

  test('is started again by the next gesture', () => {
    const resume = vi.spyOn(AudioContext.prototype, 'resume');
    openSyntheticMedia({ peer: 'alice', signal: end.signal, video: false });
    const before = resume.mock.calls.length;
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    expect(resume.mock.calls.length).toBe(before + 1);
    end.abort();
    document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    expect(resume.mock.calls.length).toBe(before + 1);
  });
});

describe('the end', () => {
  test('stops all tracks and the drawing', async () => {
    const media = openSyntheticMedia({ peer: 'alice', signal: end.signal });
    const states = () => media.stream.getTracks().map(({ readyState }) => readyState);
    expect(media.stream.getVideoTracks().length + media.stream.getAudioTracks().length).toBe(2);
    expect(states()).toEqual(['live', 'live']);
    end.abort();
    expect(states()).toEqual(['ended', 'ended']);
    const frame = media.frameNumber();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(media.frameNumber()).toBe(frame);
  });

  test('leaves nothing behind, fifty times', async () => {
    const RealWorker = globalThis.Worker;
    const started: Worker[] = [];
    let terminated = 0;
    vi.stubGlobal(
      'Worker',
      class extends RealWorker {
        constructor(...args: ConstructorParameters<typeof RealWorker>) {
          super(...args);
          started.push(this);
        }
        override terminate() {
          terminated += 1;
          super.terminate();
        }
      },
    );
    closers.push(() => void vi.unstubAllGlobals());
    const contexts = vi.spyOn(AudioContext.prototype, 'createMediaStreamDestination');

    const streams: WeakRef<MediaStream>[] = [];
    for (let round = 0; round < 50; round++) {
      const run = new AbortController();
      const media = openSyntheticMedia({ peer: `peer ${round}`, signal: run.signal });
      streams.push(new WeakRef(media.stream));
      await new Promise((resolve) => setTimeout(resolve, 5));
      run.abort();
    }
    expect(started.length).toBe(50);
    expect(terminated).toBe(50);
    expect(new Set(contexts.mock.contexts).size).toBe(1);
    contexts.mockClear(); // it holds what the calls returned
    await vi.waitFor(async () => {
      await cdp().send('HeapProfiler.collectGarbage');
      expect(streams.filter((stream) => stream.deref()).length).toBeLessThanOrEqual(2);
    }, 5000);
  }, 20_000);

  test('an ended signal opens nothing', () => {
    end.abort();
    expect(() => openSyntheticMedia({ peer: 'alice', signal: end.signal })).toThrow(RtcError);
  });

  test.each([{ width: 100 }, { height: 40 }, { frameRate: 0 }, { frameRate: 1000 }, { width: Number.NaN }])(
    'refuses %o',
    (video) => {
      expect(() => openSyntheticMedia({ peer: 'alice', signal: end.signal, video })).toThrow(RangeError);
    },
  );
});
