import { expect, test } from 'vitest';
import { callSteps, checkOrder, mergeRecords } from './order.ts';
import { Timeline, type Entry, type RtcEvent } from './timeline.ts';

const offer = { type: 'offer', sdp: 'v=0' } as const;
const answer = { type: 'answer', sdp: 'v=0' } as const;
const candidate = {
  candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host',
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: 'u',
};

/** A call as a browser plays it, one entry a line. */
function script(): [peer: string, event: RtcEvent][] {
  const states = (peer: string): [string, RtcEvent][] => [
    [peer, { kind: 'candidate', side: 'remote', ...candidate }],
    [peer, { kind: 'ice-connection-state', state: 'checking' }],
    [peer, { kind: 'connection-state', state: 'connecting' }],
    [peer, { kind: 'ice-connection-state', state: 'connected' }],
    [peer, { kind: 'connection-state', state: 'connected' }],
  ];
  return [
    ['alice', { kind: 'description', side: 'local', ...offer }],
    ['alice', { kind: 'signal-sent', id: '1', to: 'bob', signal: { description: offer } }],
    ['alice', { kind: 'candidate', side: 'local', ...candidate }],
    ['bob', { kind: 'signal-received', id: '1', from: 'alice', signal: { description: offer } }],
    ['bob', { kind: 'description', side: 'remote', ...offer }],
    ['bob', { kind: 'description', side: 'local', ...answer }],
    ['bob', { kind: 'signal-sent', id: '2', to: 'alice', signal: { description: answer } }],
    ['bob', { kind: 'candidate', side: 'local', ...candidate }],
    ['alice', { kind: 'signal-received', id: '2', from: 'bob', signal: { description: answer } }],
    ['alice', { kind: 'description', side: 'remote', ...answer }],
    ...states('alice'),
    ...states('bob'),
  ];
}

function record(lines: readonly [string, RtcEvent][]): readonly Entry[] {
  const timeline = new Timeline(() => 0);
  for (const [peer, event] of lines) timeline.append(peer, event);
  return timeline.entries;
}

test('accepts a call, wherever gathering falls', () => {
  const lines = script();
  expect(checkOrder(record(lines), callSteps('alice', 'bob'))).toEqual([]);
  const [late] = lines.splice(2, 1);
  lines.push(late!);
  expect(checkOrder(record(lines), callSteps('alice', 'bob'))).toEqual([]);
});

test('names what is missing and what came too early', () => {
  const lines = script().filter(([, { kind }]) => kind !== 'connection-state');
  expect(checkOrder(record(lines), callSteps('alice', 'bob'))).toContainEqual(
    expect.objectContaining({ why: 'missing', step: 'bob-connected' }),
  );
  const swapped = script();
  [swapped[4], swapped[5]] = [swapped[5]!, swapped[4]!];
  expect(checkOrder(record(swapped), callSteps('alice', 'bob'))).toContainEqual(
    expect.objectContaining({ why: 'too-early', step: 'answer-set', before: 'offer-applied' }),
  );
});

test('merges the records of two pages so that nothing is received before it was sent', () => {
  const whole = record(script());
  const alice = whole.filter(({ peer }) => peer === 'alice');
  const bob = whole.filter(({ peer }) => peer === 'bob');
  for (const merged of [mergeRecords(alice, bob), mergeRecords(bob, alice)]) {
    expect(merged).toHaveLength(whole.length);
    expect(checkOrder(merged, callSteps('alice', 'bob'))).toEqual([]);
  }
});
