import { expect, test } from 'vitest';
import type { Entry } from '../../rtc/timeline.ts';
import { DONE, INTRUSION, LIE, rowsOf, seenFold } from './faults.ts';

const rowsAfter = (events: readonly object[]) => {
  const entries = events.map((event, seq) => ({ peer: 'alice', atMs: seq, seq, ...event }) as Entry);
  return Object.fromEntries(
    rowsOf(seenFold()(entries, entries.length)).map(({ id, ok, saw }) => [id, { ok, saw }]),
  );
};
const heard = (peer: string, name: string, payload: unknown) => ({
  kind: 'server-message',
  way: 'received',
  peer,
  name,
  text: typeof payload === 'string' ? payload : JSON.stringify(payload),
});
const done = { kind: 'note', peer: 'lab', text: DONE };

test('nothing is judged before the script is over', () => {
  expect(Object.values(rowsAfter([])).every(({ ok }) => ok === undefined)).toBe(true);
});

test('each fault is seen in the messages', () => {
  const rows = rowsAfter([
    heard('alice', 'connected', 'a'),
    heard('carol', 'connected', 'c'),
    { kind: 'server-message', way: 'sent', name: 'ice_candidate', text: '{}' },
    heard('bob', 'ice-candidate', {}),
    heard('alice', 'user_joined', { socketId: 'a' }),
    heard('alice', 'message', {
      content: LIE,
      personName: 'alice',
      timestamp: 'Sun, 01 Mar 2026 10:00:00 GMT',
    }),
    heard('alice', 'offer', { sdp: INTRUSION }),
    heard('carol', 'disconnect', 'transport close'),
    done,
  ]);
  expect(Object.values(rows).map(({ ok }) => ok)).toEqual(Array(7).fill(false));
  expect(rows['names']?.saw).toBe('1 sent; 0 heard under ice_candidate, 1 under ice-candidate.');
});

test('a repaired server is seen to be one', () => {
  const rows = rowsAfter([
    heard('carol', 'connected', 'c'),
    { kind: 'server-message', way: 'sent', name: 'ice_candidate', text: '{}' },
    heard('bob', 'ice_candidate', {}),
    heard('alice', 'message', { content: 'hello', timestamp: '2026-03-01T10:00:00.000Z' }),
    heard('carol', 'disconnect', 'transport close'),
    heard('alice', 'user_left', { socketId: 'c' }),
    { kind: 'stats', peer: 'bob', sample: { inbound: [{ kind: 'video', framesDecoded: 9 }] } },
    done,
  ]);
  expect(Object.values(rows).map(({ ok }) => ok)).toEqual(Array(7).fill(true));
});
