import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { DrawnScreens } from '../../media/drawn-display.ts';
import { readFrameCode } from '../../media/frame-code.ts';
import type { DeviceSource } from '../../media/media-devices.ts';
import { deskDevices, VirtualDevices, type VirtualDevice } from '../../media/virtual/devices.ts';
import type { Tracks } from '../engine.ts';
import type { ChoiceStorage } from './choices.ts';
import { LocalMedia } from './local-media.ts';

const { laptopCamera, deskCamera, laptopMicrophone, headset } = deskDevices;
const patiently = { timeout: 20_000 };
vi.setConfig({ testTimeout: 40_000 });

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => end.abort());

function memory(): ChoiceStorage {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

/** A desk, what is plugged into it, and screens; and whoever sits there. */
function sitDown({
  plugged,
  storage = memory(),
  refusal,
}: {
  plugged?: readonly VirtualDevice[];
  storage?: ChoiceStorage;
  refusal?: () => DOMException | undefined;
} = {}) {
  const desk = new VirtualDevices(end.signal, plugged);
  const screens = new DrawnScreens({ signal: end.signal, ...(refusal && { refusal }) });
  const source: DeviceSource = Object.assign(desk, {
    getDisplayMedia: (options?: DisplayMediaStreamOptions) => screens.getDisplayMedia(options),
  });
  const media = new LocalMedia({ name: 'alice', signal: end.signal, storage, source });
  const notices: string[] = [];
  const sent: Tracks[] = [];
  media.on('notice', (sentence) => notices.push(sentence));
  media.on('tracks', (tracks) => sent.push(tracks));
  return { desk, screens, media, notices, sent };
}

const labelOf = (media: LocalMedia, input: 'microphone' | 'camera') => media.state[input].origin?.label;

test('nothing is open at first; opened, muted and back, camera off and on again', async () => {
  const { media, sent } = sitDown();
  expect([media.state.microphone.is, media.state.camera.is, media.state.screen.is]).toEqual([
    'off',
    'off',
    'off',
  ]);
  await Promise.all([media.openMicrophone(), media.openCamera()]);
  const { microphone, camera } = media.tracks;
  expect(media.state.microphone).toMatchObject({ is: 'on', opening: false, problem: null });

  media.mute(true);
  expect([media.state.microphone.is, microphone?.enabled]).toEqual(['muted', false]);
  media.hold();
  expect([media.state.microphone.is, media.state.held, microphone?.enabled]).toEqual(['on', true, true]);
  media.release();
  expect(media.state.microphone.is).toBe('muted');
  await media.toggleMicrophone();
  expect([media.state.microphone.is, microphone?.enabled]).toEqual(['on', true]);
  expect(sent.every((tracks) => tracks.microphone === null || tracks.microphone === microphone)).toBe(true);

  await media.toggleCamera();
  expect([media.tracks.camera, camera?.readyState, media.state.camera.is]).toEqual([null, 'ended', 'off']);
  await media.toggleCamera();
  expect(media.tracks.camera?.readyState).toBe('live');
  end.abort();
  expect([microphone?.readyState, media.tracks.camera, media.tracks.microphone]).toEqual([
    'ended',
    null,
    null,
  ]);
});

test('another device takes over without a gap, is remembered, and one that fails leaves the old one', async () => {
  const storage = memory();
  const { media, desk, sent } = sitDown({ storage });
  await media.openCamera();
  const first = media.tracks.camera;
  await media.openCamera({ deviceId: deskCamera.deviceId });
  expect(labelOf(media, 'camera')).toBe(deskCamera.label);
  expect(first?.readyState).toBe('ended');
  expect(sent.map(({ camera }) => camera)).not.toContain(null);

  const second = media.tracks.camera;
  await media.openCamera({ deviceId: 'nowhere' });
  expect(media.state.camera).toMatchObject({ is: 'on', problem: { code: 'constraints-impossible' } });
  expect([media.tracks.camera, second?.readyState]).toEqual([second, 'live']);

  const later = new LocalMedia({ name: 'alice', signal: end.signal, storage, source: desk });
  await later.openCamera();
  expect(labelOf(later, 'camera')).toBe(deskCamera.label);
});

test('of two wishes the later one counts, and what the earlier one opened is stopped', async () => {
  const { media, desk } = sitDown();
  const opened: MediaStreamTrack[] = [];
  const ask = desk.getUserMedia.bind(desk);
  const answers: (() => void)[] = [];
  vi.spyOn(desk, 'getUserMedia').mockImplementation(async (constraints) => {
    await new Promise<void>((resolve) => answers.push(resolve));
    const stream = await ask(constraints);
    opened.push(...stream.getTracks());
    return stream;
  });
  const wishes = [deskCamera, laptopCamera].map(({ deviceId }) => media.openCamera({ deviceId }));
  expect(media.state.camera.opening).toBe(true);
  for (const answer of answers.toReversed()) answer();
  await Promise.all(wishes);
  expect(labelOf(media, 'camera')).toBe(laptopCamera.label);
  await vi.waitFor(() =>
    expect(opened.map(({ readyState }) => readyState).toSorted()).toEqual(['ended', 'live']),
  );
});

test('a plug that is pulled: another one takes its place, muted as before; without another one it is off, in words', async () => {
  const { media, desk, notices } = sitDown();
  await Promise.all([media.openMicrophone({ deviceId: headset.deviceId }), media.openCamera()]);
  media.mute(true);
  desk.unplug(headset.deviceId);
  await vi.waitFor(() => expect(media.state.microphone.is).toBe('muted'), patiently);
  expect(media.tracks.microphone?.enabled).toBe(false);
  expect(labelOf(media, 'microphone')).toBe(laptopMicrophone.label);
  expect(notices.at(-1)).toBe(`“${headset.label}” is gone. “${laptopMicrophone.label}” has taken its place.`);

  desk.unplug(laptopMicrophone.deviceId);
  await vi.waitFor(() => expect(media.state.microphone.problem?.code).toBe('device-lost'), patiently);
  expect(media.state.microphone.is).toBe('off');
  expect(media.tracks.microphone).toBeNull();
  expect(notices.at(-1)).toContain('there is no other microphone');
  expect(media.state.devices.audioinput).toEqual([]);

  desk.plug(headset);
  await vi.waitFor(() => expect(media.state.devices.audioinput).toHaveLength(1), patiently);
  await media.toggleMicrophone();
  expect(media.state.microphone).toMatchObject({ is: 'on', problem: null });
});

test('where there is nothing at all, it says so, and the synthetic picture and tone work', async () => {
  const { media } = sitDown({ plugged: [] });
  await Promise.all([media.openMicrophone(), media.openCamera()]);
  expect(media.state.camera).toMatchObject({ is: 'off', problem: { code: 'device-not-found' } });
  await Promise.all([media.openMicrophone('synthetic'), media.openCamera('synthetic')]);
  expect(media.state.microphone).toMatchObject({ is: 'on', problem: null, origin: { from: 'synthetic' } });
  expect(labelOf(media, 'camera')).toBe('Synthetic picture');
  const video = Object.assign(document.createElement('video'), { muted: true });
  const shows = async (peer: string) => {
    video.srcObject = new MediaStream([media.tracks.camera!]);
    await video.play();
    await vi.waitFor(() => expect(readFrameCode(video)?.peer).toBe(peer), patiently);
  };
  await shows('alice');
  await media.rename('zora');
  await shows('zora');
  await vi.waitFor(() => expect(media.level()).toBeGreaterThan(0.3), patiently);
});

test('the meter hears a muted microphone, and says that somebody speaks into it', async () => {
  const { media } = sitDown();
  const spoken = vi.fn();
  media.on('muted-speech', spoken);
  await media.openMicrophone();
  media.mute(true);
  await vi.waitFor(() => expect(spoken).toHaveBeenCalledOnce(), patiently);
  expect(media.rawLevel()).toBeGreaterThan(0.03);
  media.closeMicrophone();
  expect(media.level()).toBe(0);
});

test('a screen is shared beside the camera, and ended by the browser', async () => {
  const { media, screens, notices } = sitDown();
  await media.openCamera();
  const { camera } = media.tracks;
  await media.shareScreen({ sound: true });
  expect(media.state.screen).toMatchObject({ is: 'on', sound: false, synthetic: false });
  expect([media.tracks.camera, media.tracks.screen?.contentHint]).toEqual([camera, 'detail']);
  screens.display?.endByBrowser();
  expect([media.state.screen.is, media.tracks.screen]).toEqual(['off', null]);
  expect(notices.at(-1)).toContain('no longer shared');

  media.shareSynthetic();
  const { screen } = media.tracks;
  expect(media.state.screen).toMatchObject({ is: 'on', synthetic: true, label: 'Drawn desktop' });
  media.stopScreen();
  expect([media.state.screen.is, screen?.readyState]).toEqual(['off', 'ended']);
});

test('a no is no error, and what was shared stays; what the system forbids is one', async () => {
  let refusal: DOMException | undefined;
  const { media, notices } = sitDown({ refusal: () => refusal });
  await media.shareScreen();
  const { screen } = media.tracks;
  refusal = new DOMException('Permission denied', 'NotAllowedError');
  await media.shareScreen();
  expect(media.state.screen).toMatchObject({ is: 'on', opening: false, problem: null });
  expect([media.tracks.screen, screen?.readyState]).toEqual([screen, 'live']);
  expect(notices.at(-1)).toContain('answered with no');
  refusal = new DOMException('Permission denied by system', 'NotAllowedError');
  await media.shareScreen();
  expect(media.state.screen.problem?.code).toBe('screen-unavailable');
});

test('a blurred background is the camera’s: where it cannot, it says who can', async () => {
  const { media } = sitDown();
  expect(media.state.blur).toMatchObject({
    is: 'unsupported',
    why: expect.stringContaining('camera is off'),
  });
  await media.openCamera();
  expect(media.state.blur).toMatchObject({ is: 'unsupported', why: expect.stringContaining('Chromium') });
  // A camera that can.
  const track = media.tracks.camera!;
  let backgroundBlur = false;
  const settings = track.getSettings();
  const capabilities = track.getCapabilities();
  Object.assign(track, {
    getCapabilities: () => ({ ...capabilities, backgroundBlur: [false, true] }),
    getSettings: () => ({ ...settings, backgroundBlur }),
    applyConstraints: async (wanted: MediaTrackConstraints) => {
      backgroundBlur = wanted.backgroundBlur === true;
    },
  });
  await media.refreshDevices();
  expect(media.state.blur.is).toBe('off');
  await media.setBlur(true);
  expect(media.state.blur.is).toBe('on');
});

test('with the browser’s own devices: elements play on the chosen loudspeaker, and one that is gone is refused in words', async () => {
  const media = new LocalMedia({ name: 'alice', signal: end.signal, storage: memory() });
  const notices: string[] = [];
  media.on('notice', (sentence) => notices.push(sentence));
  const element = new Audio();
  media.setSink(element, end.signal);
  await media.setSpeaker('nowhere');
  expect([media.state.speaker.deviceId, element.sinkId]).toEqual(['', '']);
  expect(notices.at(-1)).toContain('cannot be used');
  await media.testTone();
});

test('a permission that is taken away ends the device, in words; the synthetic one goes on', async () => {
  const { targetInfo } = await cdp().send('Target.getTargetInfo');
  const permit = (setting: 'granted' | 'denied') =>
    cdp().send('Browser.setPermission', {
      permission: { name: 'camera' },
      setting,
      origin: location.origin,
      ...(targetInfo.browserContextId && { browserContextId: targetInfo.browserContextId }),
    });
  await permit('granted');
  const media = new LocalMedia({ name: 'alice', signal: end.signal, storage: memory() });
  await Promise.all([media.openMicrophone('synthetic'), media.openCamera()]);
  expect(media.state.camera).toMatchObject({ is: 'on', origin: { from: 'device' } });
  await permit('denied');
  await vi.waitFor(() => expect(media.state.camera.problem?.code).toBe('permission-denied'), patiently);
  expect([media.state.camera.is, media.tracks.camera, media.state.microphone.is]).toEqual([
    'off',
    null,
    'on',
  ]);
  await permit('granted');
  await vi.waitFor(() => expect(media.state.camera.problem).toBeNull(), patiently);
  await media.toggleCamera();
  expect(media.state.camera.is).toBe('on');
});
