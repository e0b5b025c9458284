import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readFrameCode } from '../frame-code.ts';
import { VirtualDevices, deskDevices } from './devices.ts';

let end: AbortController;
beforeEach(() => {
  end = new AbortController();
});
afterEach(() => end.abort());
const { laptopCamera, deskCamera } = deskDevices;
const desk = (...devices: ConstructorParameters<typeof VirtualDevices>[1] & object[]) =>
  new VirtualDevices(end.signal, devices.length > 0 ? devices : undefined);

test('names and ids are hidden until something was opened', async () => {
  const devices = desk();
  const before = await devices.enumerateDevices();
  expect(before.map(({ kind, deviceId, label }) => [kind, deviceId, label])).toEqual([
    ['videoinput', '', ''],
    ['audioinput', '', ''],
  ]);
  await devices.getUserMedia({ video: true });
  expect((await devices.enumerateDevices()).map(({ label }) => label)).toContain('Headset (virtual)');
});

test('a plug that is pulled ends the track with an event, then the list changes; a stop fires nothing', async () => {
  const devices = desk();
  const happened: string[] = [];
  const open = async () => {
    const stream = await devices.getUserMedia({ video: { deviceId: { exact: deskCamera.deviceId } } });
    const [track] = stream.getVideoTracks();
    track!.addEventListener('ended', () => happened.push('ended'));
    return track!;
  };
  devices.addEventListener('devicechange', () => happened.push('devicechange'));
  (await open()).stop();
  const track = await open();
  devices.unplug(deskCamera.deviceId);
  expect(track.readyState).toBe('ended');
  devices.plug(deskCamera);
  expect(happened).toEqual(['ended', 'devicechange', 'devicechange']);
  expect((await open()).readyState).toBe('live');
});

test('the picture is as large as the settings say, also after other constraints, and bears the device’s name', async () => {
  const devices = desk(laptopCamera);
  const stream = await devices.getUserMedia({ video: { width: 640, height: 480 } });
  const [track] = stream.getVideoTracks();
  const video = Object.assign(document.createElement('video'), { muted: true, srcObject: stream });
  await video.play();
  await vi.waitFor(() => expect([video.videoWidth, video.videoHeight]).toEqual([640, 480]));
  await vi.waitFor(() => expect(readFrameCode(video)?.peer).toBe('lapto'));
  await track!.applyConstraints({ width: { exact: 320 }, aspectRatio: 4 / 3 });
  await vi.waitFor(() => expect([video.videoWidth, video.videoHeight]).toEqual([320, 240]));
  expect(track!.getSettings()).toMatchObject({ width: 320, height: 240, resizeMode: 'crop-and-scale' });
});

test('a refusal names the constraint, and leaves the track as it was', async () => {
  const devices = desk(laptopCamera);
  await expect(devices.getUserMedia({ video: { width: { min: 5000 } } })).rejects.toMatchObject({
    name: 'OverconstrainedError',
    constraint: 'width',
  });
  const [track] = (await devices.getUserMedia({ video: true })).getVideoTracks();
  await expect(track!.applyConstraints({ frameRate: { exact: 90 } })).rejects.toMatchObject({
    constraint: 'frameRate',
  });
  expect(track!.getSettings()).toMatchObject({ width: 640, height: 480 });
  await expect(devices.getUserMedia({ audio: true })).rejects.toMatchObject({ name: 'NotFoundError' });
  await expect(devices.getUserMedia({})).rejects.toBeInstanceOf(TypeError);
});
