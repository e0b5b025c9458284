import { expect, test } from 'vitest';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import {
  candidateReceived,
  candidateSent,
  descriptionSent,
  opened,
  record,
  type Step,
} from '../panels/model/record.fixture.ts';
import { differences, differenceWords, measureNames } from './differences.ts';
import { measure, type Measures } from './measures.ts';

const noSource = { own: '', shared: [] };
const over = (peer: PeerLabel, way: 'sent' | 'received', name: string, more: object = {}): Step => [
  peer,
  { kind: 'server-message', way, name, text: '', socket: '/s', sizeBytes: 10, ...more },
];
const state = (peer: PeerLabel, name: RTCPeerConnectionState, atMs = 0): Step => [
  peer,
  { kind: 'connection-state', state: name },
  atMs,
];
const call = (peer: PeerLabel, method: string, number = 1): Step => [
  peer,
  { kind: 'call', call: number, method, args: [] },
];
const started: Step = ['lab', { kind: 'run-started', lab: 'text', arrangement: 'raw' }, 1_000];
const at = (entries: Entry[]): Measures => measure(entries, noSource);

test('nothing recorded and no code is nothing measured', () => {
  expect(measure([], noSource)).toEqual({
    ...Object.fromEntries(measureNames.map((name) => [name, name.endsWith('Ms') ? undefined : 0])),
    hidden: [],
  });
});

test('a frame is a message with its bytes; a request is none, nor is what came in or that a socket is open', () => {
  const entries = record(
    over('alice', 'sent', 'GET /peerjs/peerjs/id', { sizeBytes: 0 }),
    over('alice', 'received', 'GET /peerjs/peerjs/id', { sizeBytes: 36 }),
    ['alice', { kind: 'server-message', way: 'sent', name: 'open', text: '', socket: '/s' }],
    over('alice', 'sent', 'OFFER', { sizeBytes: 900 }),
    over('bob', 'received', 'OFFER', { sizeBytes: 900 }),
    over('bob', 'sent', 'ANSWER', { sizeBytes: 20 }),
    over('bob', 'sent', 'HEARTBEAT', { sizeBytes: 20 }),
  );
  expect(at(entries)).toMatchObject({ messages: 2, messageBytes: 920, requests: 1 });
});

test('a candidate counts, the end of candidates does not; each connection of each participant counts', () => {
  const entries = record(
    opened('alice'),
    opened('alice/2'),
    opened('alice/probe'),
    opened('bob'),
    descriptionSent('alice', 'bob', 'offer', 'v=0'),
    descriptionSent('bob', 'alice', 'answer', 'v=0'),
    candidateSent('alice', 'bob', 'c1'),
    candidateReceived('bob', 'alice', 'c1'),
    candidateSent('alice', 'bob', 'c2', ''),
    ['bob', { kind: 'signal-sent', id: 'c3', to: 'alice', signal: { candidate: null } }],
  );
  expect(at(entries)).toMatchObject({ connections: 3, descriptions: 2, candidates: 1 });
});

test('round trips: who offered first, up to its connection; candidates and heartbeats are not waited for', () => {
  const entries = record(
    over('bob', 'sent', 'join'),
    over('bob', 'received', 'ok'),
    over('alice', 'sent', 'connect', { sizeBytes: undefined }), // 1
    over('alice', 'received', 'open', { sizeBytes: undefined }),
    over('alice', 'received', 'welcome'),
    over('alice', 'sent', 'join'), // 2
    over('alice', 'received', 'ok'),
    over('alice', 'received', 'bob'),
    over('alice', 'sent', 'HEARTBEAT'),
    descriptionSent('alice', 'bob', 'offer', 'v=0', 'o'),
    over('alice', 'sent', 'OFFER', { id: 'o' }), // 3
    candidateSent('alice', 'bob', 'c'),
    over('alice', 'sent', 'CANDIDATE', { id: 'c' }),
    candidateReceived('alice', 'bob', 'd'),
    over('alice', 'received', 'CANDIDATE', { id: 'd' }),
    over('alice', 'received', 'ANSWER', { id: 'a' }),
    state('alice/2', 'connected'),
    over('alice', 'sent', 'bye'),
    over('alice', 'received', 'bye'),
  );
  expect(at(entries).roundTrips).toBe(3);
});

test('times count from the start of the run; connected is when the other end is, too', () => {
  const entries = record(
    started,
    state('alice', 'connected', 1_040),
    state('alice/2', 'connected', 1_045),
    state('bob', 'connected', 1_050),
    ['alice', { kind: 'data-message', label: 'chat', side: 'sent', sizeBytes: 5, preview: '' }, 1_060],
    ['bob', { kind: 'data-message', label: 'chat', side: 'received', sizeBytes: 5, preview: '' }, 1_061.5],
    ['bob', { kind: 'first-frame', width: 640, height: 360 }, 1_090],
  );
  expect(at(entries)).toMatchObject({
    connectedMs: 50,
    firstDataMs: 61.5,
    firstFrameMs: 90,
    channelMessages: 1,
    channelBytes: 5,
  });
});

test('hidden is what was called and stands in no file of the column; a comment is no code', () => {
  const entries = record(
    call('alice', 'addTrack'),
    call('alice', 'createOffer'),
    call('bob', 'setRemoteDescription'),
    call('bob', 'createOffer'),
    call('alice', 'replaceTrack'),
    call('bob/probe-2', 'createDataChannel'),
  );
  const source = {
    own: "import a from 'b';\n\n// pc.createOffer()\nsender\n  .replaceTrack(t);\n",
    shared: [{ name: 'signaling.ts', text: 'await pc.setRemoteDescription(d);\n/* */\n' }],
  };
  expect(measure(entries, source)).toMatchObject({
    calls: 5,
    hidden: ['addTrack', 'createOffer'],
    lines: 3,
    sharedLines: 1,
  });
});

const one = at([]);
const sentence = (left: Partial<Measures>, right: Partial<Measures>, name: string): string => {
  const found = differences({ ...one, ...left }, { ...one, ...right }).find(
    ({ measure }) => measure === name,
  );
  return found ? differenceWords(found, 'raw', 'peerjs') : 'none';
};

test.each<[string, Partial<Measures>, Partial<Measures>, string]>([
  ['messages', { messages: 6 }, { messages: 10 }, 'PeerJS sent 4 messages more.'],
  ['messages', { messages: 6 }, { messages: 5 }, 'PeerJS sent 1 message fewer.'],
  ['messages', { messages: 1 }, { messages: 1 }, 'Both sent 1 message.'],
  ['requests', {}, {}, 'Both made no HTTP request.'],
  [
    'messageBytes',
    { messageBytes: 1 },
    { messageBytes: 12_346 },
    'PeerJS sent 12\u202f345 bytes more to the server.',
  ],
  ['lines', { lines: 30 }, { lines: 9 }, 'PeerJS takes 21 lines of code fewer.'],
  ['lines', { lines: 9 }, { lines: 9 }, 'Both take 9 lines of code.'],
  ['connectedMs', { connectedMs: 20.4 }, { connectedMs: 21.9 }, 'PeerJS was connected 2 ms later.'],
  ['connectedMs', { connectedMs: 20.4 }, { connectedMs: 20.5 }, 'Both were connected at the same time.'],
  [
    'firstDataMs',
    { firstDataMs: 80 },
    {},
    'PeerJS never had any data; the raw API had its first data after 80 ms.',
  ],
  [
    'connectedMs',
    {},
    { connectedMs: 7 },
    'PeerJS was connected after 7 ms; the raw API was never connected.',
  ],
  ['firstFrameMs', {}, {}, 'Both never showed a frame.'],
])('%s in words: %o and %o', (name, left, right, words) => {
  expect(sentence(left, right, name)).toBe(words);
});

test('all measures are compared, in the order of the table; by is right minus left where both are there', () => {
  const found = differences({ ...one, calls: 5 }, { ...one, calls: 12, connectedMs: 7 });
  expect(found.map(({ measure }) => measure)).toEqual(measureNames);
  expect(found).toContainEqual({ measure: 'calls', left: 5, right: 12, by: 7 });
  expect(found).toContainEqual({ measure: 'connectedMs', left: undefined, right: 7, by: undefined });
});
