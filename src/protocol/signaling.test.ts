import { expect, test } from 'vitest';
import { Candidate, DisplayName, RoomId, Signal, requests, help, ErrorCode, limits } from './signaling.ts';

test.each([
  ['a description', { description: { type: 'offer', sdp: 'v=0\r\n' } }],
  ['a rollback', { description: { type: 'rollback', sdp: '' } }],
  [
    'a candidate',
    { candidate: { candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 } },
  ],
  ['the end of all candidates', { candidate: null }],
  ['the end of one generation', { candidate: { candidate: '', sdpMid: null, usernameFragment: 'abcd' } }],
])('a signal may be %s', (_, signal) => {
  expect(Signal.parse(signal)).toEqual(signal);
});

test.each([
  ['nothing', {}],
  ['both', { description: { type: 'offer', sdp: '' }, candidate: null }],
  ['a type of our own', { description: { type: 'hello', sdp: '' } }],
  ['an SDP over the limit', { description: { type: 'offer', sdp: 'x'.repeat(limits.sdpLength + 1) } }],
  ['a field nobody asked for', { candidate: { candidate: '', address: '10.0.0.1' } }],
])('a signal may not be %s', (_, signal) => {
  expect(Signal.safeParse(signal).success).toBe(false);
});

test('a parsed candidate is what addIceCandidate() takes', () => {
  const init: RTCIceCandidateInit = Candidate.parse({ candidate: '' });
  expect(init).toEqual({ candidate: '' });
});

test('a name keeps markup and is trimmed', () => {
  expect(DisplayName.parse('  <b>Zoë</b> 👩‍💻 ')).toBe('<b>Zoë</b> 👩‍💻');
});

test.each([
  ['', 'empty'],
  ['   ', 'blank'],
  ['a\nb', 'a line break'],
  ['a\u202eb', 'reversed text'],
  ['x'.repeat(41), 'too long'],
])('a name is refused: %j (%s)', (name) => {
  expect(DisplayName.safeParse(name).success).toBe(false);
});

test.each(['__proto__', 'constructor', 'blue-room'])('a room may be called %s', (name) => {
  expect(RoomId.parse(name)).toBe(name);
});

test.each(['', 'blue room', '../etc', 'x'.repeat(65), 'é'])('a room may not be called %j', (name) => {
  expect(RoomId.safeParse(name).success).toBe(false);
});

test('unknown keys of a request are refused', () => {
  expect(requests['room:join'].payload.safeParse({ room: 'r', page: 'p', admin: true }).success).toBe(false);
});

test('every error code has a sentence of help', () => {
  for (const code of ErrorCode.options) expect(help[code]).toMatch(/[.]$/);
});
