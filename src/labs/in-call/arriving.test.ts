import { expect, test } from 'vitest';
import type { InboundSample } from '../../rtc/stats/sample.ts';
import type { RtcEvent } from '../../rtc/timeline.ts';
import { arrivingFold, carries } from './arriving.ts';

const inbound = (
  mid: string,
  kind: 'audio' | 'video',
  rates: Partial<InboundSample> = {},
): InboundSample => ({
  ssrc: Number(mid) + 1,
  mid,
  kind,
  bytesReceived: 1,
  packetsReceived: 1,
  packetsLost: 0,
  ...rates,
});

const after = (...events: [string, RtcEvent][]) =>
  arrivingFold('bob')(events.map(([peer, event], seq) => ({ ...event, peer, seq, atMs: seq })));

const offer: RtcEvent = { kind: 'description', side: 'local', type: 'offer', sdp: '' };

test('offers are counted, in all and since the last button', () => {
  const button: RtcEvent = { kind: 'note', text: 'button: Mute' };
  const answer: RtcEvent = { kind: 'description', side: 'local', type: 'answer', sdp: '' };
  const remote: RtcEvent = { kind: 'description', side: 'remote', type: 'offer', sdp: '' };
  expect(after(['alice', offer], ['bob', remote], ['bob', answer])).toMatchObject({
    offers: 1,
    button: undefined,
  });
  expect(after(['alice', offer], ['alice', button])).toMatchObject({
    offers: 1,
    offersSince: 0,
    button: 'Mute',
  });
  expect(after(['alice', offer], ['alice', button], ['alice', offer])).toMatchObject({ offersSince: 1 });
});

test('the m-lines stand in their order, and only what the receiver says counts', () => {
  const sample = { atMs: 0, outbound: [], inbound: [inbound('10', 'video'), inbound('2', 'audio')] };
  const { sections } = after(
    ['bob', { kind: 'stats', sample }],
    ['alice', { kind: 'stats', sample: { ...sample, inbound: [] } }],
  );
  expect(sections.map(({ mid }) => mid)).toEqual(['2', '10']);
});

test.each([
  ['nothing', inbound('0', 'video')],
  ['nothing', inbound('0', 'video', { packetsPerSecond: 0, bitrateBps: 0, framesPerSecond: 0 })],
  [
    '30 frames a second, 120 kbit/s',
    inbound('0', 'video', { packetsPerSecond: 40, bitrateBps: 120_000, framesPerSecond: 29.8 }),
  ],
  ['50 packets a second, 2 kbit/s', inbound('0', 'audio', { packetsPerSecond: 50, bitrateBps: 1_600 })],
])('a section carries %s', (words, section) => {
  const [one] = after([
    'bob',
    { kind: 'stats', sample: { atMs: 0, outbound: [], inbound: [section] } },
  ]).sections;
  expect(carries(one!)).toBe(words);
});
