import { expect, test } from 'vitest';
import { Timeline } from '../../rtc/timeline.ts';
import { factsOf, flowOf, offersNeeded, rowsOf, sectionsOf, type Side } from './table.ts';

const side = (mid: string | null, more: Partial<Side> = {}): Side => ({
  mid,
  kind: 'video',
  direction: 'sendrecv',
  currentDirection: 'sendrecv',
  sends: 'drawn picture',
  muted: false,
  ...more,
});

test('what has the same mid stands in one row, what has none below', () => {
  const rows = rowsOf([
    [side('0', { kind: 'audio' }), side('2'), side(null)],
    [side('0', { kind: 'audio' }), side('10')],
  ]);
  expect(rows.map(({ mid, sides }) => [mid, ...sides.map((one) => one !== undefined)])).toEqual([
    ['0', true, true],
    ['2', true, false],
    ['10', false, true],
    [null, true, false],
  ]);
});

test.each([
  ['sendrecv', 'alice ⇄ bob'],
  ['sendonly', 'alice → bob'],
  ['recvonly', 'bob → alice'],
  ['inactive', 'nothing flows'],
  ['stopped', 'stopped'],
  [null, 'not negotiated yet'],
] as const)('with currentDirection %s: %s', (currentDirection, says) => {
  const [row] = rowsOf([[side('0', { currentDirection })], []]);
  expect(flowOf(row!, ['alice', 'bob'])).toBe(says);
});

test('seen from the other end only, the arrow is turned round', () => {
  const [row] = rowsOf([[], [side('0', { currentDirection: 'sendonly' })]]);
  expect(flowOf(row!, ['alice', 'bob'])).toBe('bob → alice');
});

test('a stopped section is free, one that waits for the bundle is not', () => {
  const timeline = new Timeline(() => 0);
  const sdp =
    'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\na=bundle-only\r\na=mid:2\r\n';
  timeline.append('alice', { kind: 'description', side: 'local', type: 'offer', sdp });
  expect(sectionsOf(timeline.entries, 'alice')).toEqual({ all: 3, free: 1 });
  expect(sectionsOf(timeline.entries, 'bob')).toEqual({ all: 0, free: 0 });
});

test('a track without a stream is told apart from one that has not come', () => {
  const timeline = new Timeline(() => 0);
  timeline.append('bob', { kind: 'track', track: 'video', mid: '1', streams: [] });
  timeline.append('bob', { kind: 'negotiation-needed' });
  expect(factsOf(timeline.entries, 'bob', '1')).toEqual({ stream: '' });
  expect(factsOf(timeline.entries, 'bob', '0')).toEqual({});
  expect(offersNeeded(timeline.entries, 'bob')).toBe(1);
});
