import { expect, test } from 'vitest';
import { capture } from '../../../tests/fixtures/recordings.ts';
import { callSteps, checkOrder, mediaSteps } from '../order.ts';
import type { Entry } from '../timeline.ts';
import { mergeRecordings, withSightings } from './merge.ts';
import { openRecording } from './open.ts';
import { toText } from './save.ts';

const steps = [...callSteps('alice', 'bob'), ...mediaSteps('alice', 'bob')];
const halves = (browser: string) =>
  [capture(`${browser}-two-devices-alice`), capture(`${browser}-two-devices-bob`)] as const;

test.each(['chromium-156', 'firefox-153'])(
  'the two halves of a call in %s become one run that opens',
  (name) => {
    const [alice, bob] = halves(name);
    const merged = mergeRecordings(alice, bob);
    expect(checkOrder(merged.entries, steps)).toEqual([]);
    expect(merged.hosted).toEqual(['alice', 'bob']);
    expect(openRecording(toText(merged), 'merged').ok).toBe(true);
    // All of both is in it, but that a run begins and ends only once.
    const once = (entries: readonly Entry[], kind: string) =>
      entries.filter((entry) => entry.kind === kind).length;
    for (const kind of ['run-started', 'run-ended']) expect(once(merged.entries, kind)).toBe(1);
    expect(merged.entries).toHaveLength(alice.entries.length + bob.entries.length - 2);
    expect(mergeRecordings(bob, alice).entries).toHaveLength(merged.entries.length);
  },
);

test('no signal is received before it was sent, however wrong the clocks are said to be', () => {
  const [alice, bob] = halves('chromium-156');
  for (const laterMs of [undefined, -60_000, 0, 60_000]) {
    const { entries } = mergeRecordings(alice, bob, laterMs);
    const sent = new Map(entries.flatMap((one) => (one.kind === 'signal-sent' ? [[one.id, one.atMs]] : [])));
    for (const one of entries)
      if (one.kind === 'signal-received')
        expect(one.atMs).toBeGreaterThanOrEqual(sent.get(one.id) ?? Infinity);
  }
});

test('a run that failed for one failed, though the other page says that it only ended', () => {
  const [alice, bob] = halves('chromium-156');
  const ending = (recording: typeof alice, why: 'failed' | 'restarted', atMs: number) => ({
    ...recording,
    entries: recording.entries.map((one) => (one.kind === 'run-ended' ? { ...one, why, atMs } : one)),
  });
  const { entries } = mergeRecordings(ending(alice, 'failed', 60_000), ending(bob, 'restarted', 60_500), 0);
  expect(entries.at(-1)).toMatchObject({ kind: 'run-ended', why: 'failed' });
});

test('a call and how it settled stay together, though both pages counted from one', () => {
  const [alice, bob] = halves('firefox-153');
  const { entries } = mergeRecordings(alice, bob);
  const called = new Map(entries.flatMap((one) => (one.kind === 'call' ? [[one.call, one]] : [])));
  expect(called.size).toBe(entries.filter(({ kind }) => kind === 'call').length);
  for (const one of entries)
    if (one.kind === 'call-settled')
      expect(called.get(one.call)).toMatchObject({ peer: one.peer, method: one.method });
});

test('what was seen on the way takes its place by its time; what was seen before is left out', () => {
  const [alice] = halves('chromium-156');
  const seen = (atMs: number, text: string) => ({ kind: 'note', text, peer: 'alice', atMs }) as const;
  const { entries } = withSightings(alice, [seen(40, 'second'), seen(-1, 'before'), seen(5, 'first')]);
  const notes = entries.flatMap((one, at) => (one.kind === 'note' ? [{ text: one.text, at }] : []));
  expect(notes.map(({ text }) => text)).toEqual(['first', 'second']);
  for (const { at } of notes)
    expect([entries[at - 1]?.atMs, entries[at]?.atMs, entries[at + 1]?.atMs]).toEqual(
      [entries[at - 1]?.atMs, entries[at]?.atMs, entries[at + 1]?.atMs].toSorted((a = 0, b = 0) => a - b),
    );
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index));
});
