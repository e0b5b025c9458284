import { expect, test } from 'vitest';
import { ActiveSpeaker, SpeechGate } from './speaking.ts';

/** Feeds levels every 100 ms and returns who was active after each. */
function listen(active: ActiveSpeaker<string>, from: number, to: number, levels: Record<string, number>) {
  const seen: (string | null)[] = [];
  for (let atMs = from; atMs < to; atMs += 100)
    seen.push(active.take(new Map(Object.entries(levels)), atMs).active);
  return seen;
}

test('a cough is no speech, and a pause between two words is not its end', () => {
  const gate = new SpeechGate({ onMs: 200, offMs: 600 });
  const at = (level: number, ...times: number[]) => times.map((atMs) => gate.take(level, atMs));
  expect(at(0.1, 0, 100)).toEqual([false, false]);
  expect(at(0, 150)).toEqual([false]);
  expect(at(0.1, 200, 300, 400)).toEqual([false, false, true]);
  expect(at(0, 500, 900)).toEqual([true, true]);
  expect(at(0.1, 1000)).toEqual([true]);
  expect(at(0, 1100, 1600, 1700)).toEqual([true, true, false]);
});

test('whoever begins has the stage, and keeps it in silence', () => {
  const active = new ActiveSpeaker<string>();
  expect(listen(active, 0, 300, { alice: 0.001, bob: 0.001 })).toEqual([null, null, null]);
  expect(listen(active, 300, 800, { alice: 0.1, bob: 0 }).at(-1)).toBe('alice');
  expect(new Set(listen(active, 800, 5000, { alice: 0, bob: 0 }))).toEqual(new Set(['alice']));
  expect(active.state.speaking.size).toBe(0);
  expect(listen(active, 5000, 5400, { alice: 0, bob: 0.05 }).at(-1)).toBe('bob');
});

test('two who speak equally loud do not make it flicker; a clearly louder one takes it, after a while', () => {
  const active = new ActiveSpeaker<string>();
  listen(active, 0, 1000, { alice: 0.1, bob: 0 });
  let atMs = 1000;
  const turns: (string | null)[] = [];
  for (let round = 0; round < 40; round++, atMs += 100) {
    // Syllables: each in turn is twice as loud as the other one.
    const [alice, bob] = round % 2 ? ([0.12, 0.06] as const) : ([0.06, 0.12] as const);
    turns.push(
      active.take(
        new Map([
          ['alice', alice],
          ['bob', bob],
        ]),
        atMs,
      ).active,
    );
  }
  expect(new Set(turns)).toEqual(new Set(['alice']));
  expect([...active.state.speaking].toSorted()).toEqual(['alice', 'bob']);
  const louder = listen(active, atMs, atMs + 2000, { alice: 0.05, bob: 0.3 });
  expect(louder.slice(0, 3)).toEqual(['alice', 'alice', 'alice']);
  expect(louder.at(-1)).toBe('bob');
});

test('whoever leaves leaves the stage, and nothing new is the same object', () => {
  const active = new ActiveSpeaker<string>();
  listen(active, 0, 1000, { alice: 0.1, bob: 0 });
  const before = active.state;
  expect(
    active.take(
      new Map([
        ['alice', 0.2],
        ['bob', 0],
      ]),
      1000,
    ),
  ).toBe(before);
  expect(active.take(new Map([['bob', 0]]), 1100)).toEqual({ speaking: new Set(), active: null });
});

test('a tab that was frozen for an hour does not count the hour as speech', () => {
  const active = new ActiveSpeaker<string>();
  listen(active, 0, 1000, { alice: 0.1, bob: 0 });
  listen(active, 1000, 2000, { alice: 0.1, bob: 0 });
  const [first] = listen(active, 3_600_000, 3_600_100, { alice: 0.1, bob: 0.9 });
  expect(first).toBe('alice');
});
