import { expect, test } from 'vitest';
import { capture } from '../fixtures/recordings.ts';
import type { Entry } from '../../src/rtc/timeline.ts';
import { slim } from './keep.ts';

const message = (at: string, bytes: string, seq: number): Entry => ({
  kind: 'wire-message',
  peer: 'alice',
  atMs: seq + 0.123456789,
  seq,
  at,
  way: 'sent',
  transport: 'udp',
  source: '203.0.113.101:50000',
  destination: '203.0.113.10:3478',
  bytes,
});

test('of messages that are sent again and again the first few are kept, and the rest is counted', () => {
  const [request, answer] = ['AAEAAA==', 'AQEAAA=='];
  const entries = [
    ...Array.from({ length: 9 }, (_, seq) => message('router-a', request, seq)),
    message('router-b', request, 9),
    message('router-a', answer, 10),
  ];
  const kept = slim(entries);
  const ofKind = (bytes: string) =>
    kept.filter((one) => one.kind === 'wire-message' && one.at === 'router-a' && one.bytes === bytes);
  expect([ofKind(request).length, ofKind(answer).length]).toEqual([6, 1]);
  expect(kept.at(-1)).toMatchObject({
    kind: 'note',
    text: expect.stringContaining('3 more messages') as string,
  });
  expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index));
  expect(kept[0]?.atMs).toBe(0.123);
});

test('a run without packets loses nothing but samples of the statistics', () => {
  const { entries } = capture('chromium-156-first-call');
  const without = (list: readonly Entry[]) =>
    list.filter(({ kind }) => kind !== 'stats').map(({ kind }) => kind);
  const kept = slim(entries);
  expect(without(kept)).toEqual(without(entries));
  expect(kept.filter(({ kind, peer }) => kind === 'stats' && peer === 'alice').length).toBeLessThanOrEqual(3);
});
