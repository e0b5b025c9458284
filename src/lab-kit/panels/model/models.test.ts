import { expect, test } from 'vitest';
import type { Entry } from '../../../rtc/timeline.ts';
import { candidatesFold, isSelected } from './candidates.ts';
import { describeEntry, groupOf, signalLabel } from './describe.ts';
import { inBitrate, inMs, inPercent } from './format.ts';
import {
  candidateReceived,
  candidateSent,
  described,
  hostCandidate,
  opened,
  record,
  sdp,
} from './record.fixture.ts';
import { groupCounts, rowsFold } from './rows.ts';
import { statesFold } from './states.ts';
import { streamFigures } from './stats.ts';
import { OVERSCAN, scrollTo, windowOf } from './window.ts';

test.each([
  ['a description', { description: { type: 'offer' as const, sdp: sdp(1, 3) } }, 'offer · 3 m-sections'],
  ['a candidate', { candidate: { candidate: hostCandidate } }, 'candidate host udp'],
  [
    'TCP',
    { candidate: { candidate: 'candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active' } },
    'candidate host tcp active',
  ],
  ['the end', { candidate: null }, 'end of candidates'],
  ['the end as Firefox says it', { candidate: { candidate: '' } }, 'end of candidates'],
  ['nonsense', { candidate: { candidate: '<b>x</b>' } }, 'candidate, malformed'],
])('a signal in a few words: %s', (_, signal, words) => {
  expect(signalLabel(signal)).toBe(words);
});

test('an entry of a kind that only a newer version knows is shown all the same', () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a kind that our types do not have is the point
  const entry = { kind: 'quantum-leap', peer: 'alice', atMs: 1, seq: 0 } as unknown as Entry;
  expect(describeEntry(entry).title).toBe('quantum-leap');
  expect(groupOf(entry)).toBe('run');
});

test('a refused call says what the browser said', () => {
  const [entry] = record([
    'alice',
    {
      kind: 'call-settled',
      call: 1,
      method: 'addTrack',
      outcome: { ok: false, name: 'InvalidAccessError', message: 'twice' },
      tookMs: 0,
    },
  ]);
  expect(describeEntry(entry!)).toMatchObject({
    title: 'addTrack() refused: InvalidAccessError',
    raw: 'twice',
    tone: 'bad',
  });
});

test('the way of a state machine, with the states that close() brings without an event', () => {
  const tracks = statesFold()(
    record(
      opened('alice'),
      ['alice', { kind: 'connection-state', state: 'connecting' }],
      ['alice', { kind: 'peer-closed' }],
    ),
  ).get('alice')!;
  const states = (machine: string) => tracks.get(machine)?.stops.map(({ state }) => state);
  expect(states('connection-state')).toEqual(['new', 'connecting', 'closed']);
  expect(states('signaling-state')).toEqual(['stable', 'closed']);
  expect(states('ice-gathering-state')).toEqual(['new']);
});

test('a state of the future is kept as it is', () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a state that our types do not have is the point
  const state = 'hibernating' as RTCPeerConnectionState;
  const tracks = statesFold()(record(opened('alice'), ['alice', { kind: 'connection-state', state }])).get(
    'alice',
  )!;
  expect(tracks.get('connection-state')?.stops.at(-1)?.state).toBe('hibernating');
});

const candidate = { candidate: hostCandidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };

test('a candidate is found, sent, received, added', () => {
  const peers = candidatesFold()(
    record(
      opened('alice'),
      opened('bob'),
      ['alice', { kind: 'candidate', side: 'local', ...candidate }],
      candidateSent('alice', 'bob', 'a'),
      candidateReceived('bob', 'alice', 'a'),
      ['bob', { kind: 'candidate', side: 'remote', ...candidate }],
    ),
  );
  expect(peers.get('alice')!.local).toMatchObject([{ atMs: 20, movedMs: 30, candidate: { type: 'host' } }]);
  expect(peers.get('bob')!.remote).toMatchObject([{ atMs: 40, movedMs: 50 }]);
});

test('candidates inside a description count as arrived', () => {
  const text = sdp(1, 1, `a=${hostCandidate}\r\na=end-of-candidates\r\n`);
  const bob = candidatesFold()(record(opened('bob'), described('bob', 'remote', 'offer', text))).get('bob')!;
  expect(bob.remote).toMatchObject([{ text: hostCandidate, mid: '0', inDescription: true }]);
  expect(bob.remoteEndMs).toBe(10);
});

test('the ends of the selected pair are found, also where the browser hides the address', () => {
  const selected = {
    kind: 'selected-candidate-pair',
    local: 'host udp (address hidden):50000',
    remote: 'host udp [2001:db8::1]:7',
  } as const;
  const { local, pair } = candidatesFold()(
    record(
      opened('alice'),
      ['alice', { kind: 'candidate', side: 'local', ...candidate }],
      ['alice', selected],
    ),
  ).get('alice')!;
  expect(pair).toEqual({
    local: { type: 'host', protocol: 'udp', port: 50_000 },
    remote: { type: 'host', protocol: 'udp', address: '2001:db8::1', port: 7 },
  });
  expect(isSelected(local[0]!, pair!.local)).toBe(true);
  expect(isSelected(local[0]!, { ...pair!.local, port: 50_001 })).toBe(false);
});

test('the timeline’s filter lets through a peer and the groups that are not hidden', () => {
  const list = record(opened('alice'), opened('bob'), candidateSent('alice', 'bob', 'a'));
  expect(rowsFold({ peer: 'alice', hidden: new Set(['api']) })(list).map(({ kind }) => kind)).toEqual([
    'signal-sent',
  ]);
  expect(groupCounts()(list)).toEqual(
    new Map([
      ['api', 2],
      ['signals', 1],
    ]),
  );
});

const sample = (bitrateBps: number) => ({
  atMs: 0,
  outbound: [{ ssrc: 1, kind: 'video' as const, bitrateBps, bytesSent: 0, packetsSent: 0 }],
  inbound: [],
});

test('only what this browser measures is shown', () => {
  expect(streamFigures(sample(45_300).outbound[0]!)).toMatchObject([{ name: 'bitrate', value: '45 kbit/s' }]);
});

test.each([
  [inMs(0.44), '0.4'],
  [inMs(999.94), '999.9'],
  [inMs(1_234_567.8), '1\u202f234\u202f568'],
  [inBitrate(999), '999 bit/s'],
  [inBitrate(1_250_000), '1.3 Mbit/s'],
  [inPercent(0), '0 %'],
  [inPercent(0.0123), '1.2 %'],
  [inPercent(1), '100 %'],
])('a number as a person reads it: %s', (words, expected) => {
  expect(words).toBe(expected);
});

test('a window holds what is visible and a little more, whatever the length', () => {
  expect(windowOf(0, 400, 40, 10_000)).toEqual({ first: 0, last: 10 + OVERSCAN });
  expect(windowOf(200_000, 400, 40, 10_000)).toEqual({ first: 5000 - OVERSCAN, last: 5010 + OVERSCAN });
  expect(windowOf(9000, 400, 40, 3)).toEqual({ first: 3, last: 3 });
});

test('scrolling to a row moves as little as needed', () => {
  expect(scrollTo(3, 0, 400, 40)).toBe(0);
  expect(scrollTo(10, 0, 400, 40)).toBe(40);
  expect(scrollTo(100, 0, 400, 40)).toBe(3820);
});
