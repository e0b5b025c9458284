import { afterEach, expect, test } from 'vitest';
import { openBench } from '../bench.fixture.ts';
import { Pace } from '../pace.ts';
import { openMediaDevices, recordTrack, type DeviceSource } from './media-devices.ts';

const end = new AbortController();
afterEach(() => Reflect.deleteProperty(navigator, 'mediaDevices'));

/** Devices of a drawn camera, which fail when `error` is set. */
function drawn(error?: DOMException): DeviceSource & { stream: MediaStream } {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d');
  const stream = canvas.captureStream();
  return Object.assign(new EventTarget(), {
    stream,
    getUserMedia: () => (error ? Promise.reject(error) : Promise.resolve(stream)),
    enumerateDevices: () =>
      Promise.resolve([{ kind: 'videoinput', label: 'Drawn', deviceId: 'secret' } as MediaDeviceInfo]),
    getSupportedConstraints: () => ({}),
  });
}

test('calls, their outcomes and the events of tracks are on the timeline, and ids are not', async () => {
  const bench = openBench();
  const source = drawn();
  const devices = openMediaDevices('alice', bench, source);
  const stream = await devices.getUserMedia({ video: true });
  const [track] = stream.getVideoTracks();
  await devices.enumerateDevices();
  await track?.applyConstraints({ width: 10 });
  track?.dispatchEvent(new Event('ended'));
  source.dispatchEvent(new Event('devicechange'));
  const { entries } = bench.timeline;
  expect(entries).toContainEqual(
    expect.objectContaining({
      kind: 'call',
      peer: 'alice',
      method: 'getUserMedia',
      args: ['{"video":true}'],
    }),
  );
  expect(entries).toContainEqual(
    expect.objectContaining({
      kind: 'call-settled',
      method: 'enumerateDevices',
      outcome: { ok: true, value: 'videoinput “Drawn”' },
    }),
  );
  for (const wanted of [
    { kind: 'call', method: 'applyConstraints' },
    { kind: 'track-state', track: 'video', mid: null, state: 'ended' },
    { kind: 'device-change' },
  ])
    expect(entries).toContainEqual(expect.objectContaining(wanted));
  expect(JSON.stringify(entries)).not.toContain('secret');
});

test('a refusal passes through as it is, and is recorded by its name', async () => {
  const bench = openBench();
  const error = new DOMException('no', 'NotReadableError');
  const devices = openMediaDevices('alice', bench, drawn(error));
  await expect(devices.getUserMedia({ video: true })).rejects.toBe(error);
  expect(bench.timeline.entries).toContainEqual(
    expect.objectContaining({ outcome: { ok: false, name: 'NotReadableError', message: 'no' } }),
  );
});

test('what was opened stops with the bench, and nothing is recorded after its end', async () => {
  const bench = openBench();
  const source = drawn();
  await openMediaDevices('alice', bench, source).getUserMedia({ video: true });
  bench.close();
  const { length } = bench.timeline.entries;
  source.dispatchEvent(new Event('devicechange'));
  expect(source.stream.getVideoTracks()[0]?.readyState).toBe('ended');
  expect(bench.timeline.entries).toHaveLength(length);
});

test('a stepped run waits in front of the call', async () => {
  const pace = new Pace();
  pace.mode = 'step';
  const bench = openBench({ pace });
  const opened = openMediaDevices('alice', bench, drawn()).getUserMedia({ video: true });
  expect(pace.next).toMatchObject({ does: 'call', method: 'getUserMedia', peer: 'alice' });
  expect(bench.timeline.entries.some(({ kind }) => kind === 'call')).toBe(false);
  pace.go();
  expect(await opened).toBeInstanceOf(MediaStream);
});

test('a copy of a recorded track is recorded, too', () => {
  const bench = openBench({ signal: end.signal });
  const track = recordTrack('alice', bench, drawn().stream.getVideoTracks()[0]!);
  track.clone().stop();
  expect(bench.timeline.entries.flatMap((entry) => (entry.kind === 'call' ? [entry.method] : []))).toEqual([
    'clone',
    'stop',
  ]);
});

test('where the browser has no mediaDevices, it says so', () => {
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
  expect(() => openMediaDevices('alice', openBench())).toThrow(
    expect.objectContaining({ code: 'media-unsupported' }),
  );
});
