import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Entry } from '../../rtc/timeline.ts';
import { axisOf, clockOf } from './clock.ts';
import { lessonAbout, lessonPaths } from './lessons.ts';
import { inBytes, inShort } from './words.ts';

test.each([
  ['count', 58, 12, '46 fewer'],
  ['count', 4, 9, '5 more (2.3 times)'],
  ['bytes', 900, 2100, '1.2 kB more (2.3 times)'],
  ['bytes', 900, 800, '100 B less'],
  ['count', 0, 2, '2 more'],
  ['count', 2, 2, 'the same'],
  ['ms', 80.2, 143.4, '63 ms later'],
  ['ms', 80.2, 80.3, 'at the same time'],
  ['ms', 80, undefined, 'not here'],
  ['ms', undefined, 80, 'only here'],
  ['ms', undefined, undefined, ''],
] as const)('a difference in few words: %s %s %s', (unit, left, right, words) => {
  const by = left === undefined || right === undefined ? undefined : right - left;
  expect(inShort({ unit, left, right, by })).toBe(words);
});

test('bytes are counted in thousands', () => {
  expect([999, 1000, 999_949, 999_950].map(inBytes)).toEqual(['999 B', '1.0 kB', '999.9 kB', '1.0 MB']);
});

test('the axis ends at a round number that holds the last moment', () => {
  expect(axisOf(143)).toEqual({ endMs: 150, tickMs: 50 });
  expect(axisOf(0)).toEqual({ endMs: 1, tickMs: 0.2 });
  expect(axisOf(20_000)).toEqual({ endMs: 20_000, tickMs: 5_000 });
});

test('the clock has the first of each kind, and leaves out what has not come', () => {
  const entries = [
    { kind: 'server-message', way: 'sent', name: 'connect', text: '', socket: '/peerjs/peerjs', atMs: 2 },
    { kind: 'server-message', way: 'received', name: 'open', text: '', socket: '/peerjs/peerjs', atMs: 9 },
    { kind: 'description', side: 'remote', type: 'offer', sdp: '', atMs: 11 },
    { kind: 'description', side: 'local', type: 'offer', sdp: '', atMs: 12 },
    { kind: 'description', side: 'local', type: 'offer', sdp: '', atMs: 90 },
  ].map((entry, seq) => ({ ...entry, seq, peer: 'alice' }) as Entry);
  const measured = { connectedMs: 40, firstDataMs: undefined, firstFrameMs: undefined };
  expect(clockOf(entries, measured)).toEqual({ socket: 9, offer: 12, connected: 40 });
  const states = (['connected', 'disconnected', 'failed', 'connected'] as const).map(
    (state, index): Entry => ({
      kind: 'connection-state',
      state,
      peer: 'alice',
      atMs: 100 + index,
      seq: 10 + index,
    }),
  );
  expect(clockOf([...entries, ...states], measured)).toMatchObject({ trouble: 101, again: 103 });
});

test('each lesson that a hidden call leads to is there', () => {
  for (const path of lessonPaths)
    expect(existsSync(`src/content/docs${path.slice(0, -1)}.mdx`), path).toBe(true);
  expect(lessonAbout('RTCRtpSender.replaceTrack')).toBe('/lessons/media/screen/');
  expect(lessonAbout('toString')).toBeUndefined();
});
