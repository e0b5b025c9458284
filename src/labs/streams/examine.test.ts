import { expect, test } from 'vitest';
import { examine, verdict, type Reading } from './examine.ts';
import { makeGrey } from './sources.ts';

const well: Reading = {
  connection: 'connected',
  decodedPerSecond: 30,
  track: { readyState: 'live', muted: false, enabled: true },
  srcObject: 'received-video',
  inPage: true,
  displayed: true,
  paused: false,
  autoplay: true,
  playError: undefined,
  readyState: 4,
  videoWidth: 320,
  videoHeight: 180,
  pixels: 'changing',
};

test('says that nothing is wrong when the pixels change', () => {
  expect(verdict(examine(well))).toBe('The picture moves: nothing is wrong.');
});

test.each([
  ['connection', { connection: 'new', decodedPerSecond: 0 }, 'Without a path'],
  ['decoded', { decodedPerSecond: 1, pixels: 'still' }, 'The sender gives no new frames'],
  ['track', { track: { readyState: 'live', muted: true, enabled: true } }, 'begins muted'],
  ['track', { track: { readyState: 'live', muted: false, enabled: false }, pixels: 'black' }, 'Set enabled'],
  ['track', { track: undefined }, 'Wait for the track event'],
  ['srcObject', { srcObject: 'null', readyState: 0, videoWidth: 0 }, 'event.streams[0]'],
  ['srcObject', { srcObject: 'without-video', pixels: 'none' }, 'replaced the stream of the first'],
  ['page', { inPage: false, displayed: false }, 'append it to the page'],
  ['page', { displayed: false }, 'display: none'],
  ['playing', { paused: true, autoplay: false, pixels: 'black' }, 'Nobody started it'],
  ['playing', { paused: true }, 'taken out of the page'],
  ['playing', { paused: true, playError: 'NotAllowedError' }, 'only after a click'],
  ['data', { readyState: 1 }, 'No frame has reached'],
  ['pixels', { pixels: 'black' }, 'sender’s track is disabled'],
] as const)('finds what is wrong first: %s', (id, wrong, words) => {
  const points = examine({ ...well, ...wrong });
  const first = points.find(({ ok }) => !ok);
  expect(first?.id).toBe(id);
  expect(verdict(points)).toContain(words);
});

test('grey pixels keep their brightness and their alpha', () => {
  const data = new Uint8ClampedArray([255, 0, 0, 255, 10, 10, 10, 128]);
  makeGrey(data);
  expect([...data]).toEqual([76, 76, 76, 255, 10, 10, 10, 128]);
});
