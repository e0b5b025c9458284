import { expect, test } from 'vitest';
import type { Entry } from '../../rtc/timeline.ts';
import { mismatches, presenceFold } from './presence.ts';

type Step = [peer: string, way: 'sent' | 'received', name: string, payload?: unknown];

function roomAfter(steps: readonly Step[]) {
  const entries = steps.map(([peer, way, name, payload = ''], seq) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return { kind: 'server-message' as const, peer, way, name, text, seq, atMs: seq } satisfies Entry;
  });
  return presenceFold()(entries, entries.length);
}

const both: Step[] = [
  ['ann', 'received', 'connected', 'id-a'],
  ['ben', 'received', 'connected', 'id-b'],
  ['ann', 'sent', 'join_room', {}],
  ['ben', 'sent', 'join_room', {}],
  ['ann', 'received', 'user_joined', { socketId: 'id-b', personName: 'ben' }],
];

test('who comes without a roster does not know who was there', () => {
  expect(mismatches(roomAfter(both))).toEqual(['ben does not know that ann is there.']);
  const roster = { ok: true, members: [{ socketId: 'id-a', personName: 'ann' }] };
  expect(mismatches(roomAfter([...both, ['ben', 'received', 'acknowledgement', roster]]))).toEqual([]);
});

test('a ghost, and somebody who is told of himself, are named', () => {
  const room = roomAfter([
    ...both,
    ['ben', 'received', 'user_joined', { socketId: 'id-b', personName: 'ben' }],
    ['ben', 'received', 'user_joined', { socketId: 'id-a', personName: 'ann' }],
  ]);
  expect(mismatches(room)).toEqual(['ben was told of ben.']);
  const after: Step[] = [...both, ['ben', 'received', 'disconnect', 'transport close']];
  expect(mismatches(roomAfter(after))).toEqual(['ann still sees ben, who has gone.']);
  const left: Step[] = [...after, ['ann', 'received', 'user_left', { socketId: 'id-b' }]];
  expect(mismatches(roomAfter(left))).toEqual([]);
});

test('the chat holds each message once, with its time as it was read', () => {
  const message = { personName: 'ann', content: 'hello', timestamp: '2026-01-01T00:00:00.000Z' };
  const { chat } = roomAfter([
    ...both,
    ['ann', 'received', 'message', message],
    ['ben', 'received', 'message', message],
    ['ben', 'received', 'message', { ...message, content: 'again' }],
  ]);
  expect(chat.map(({ content }) => content)).toEqual(['hello', 'again']);
});
