import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Bench } from '../rtc/bench.ts';
import { Stepping } from './stepping.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** A stepped run of alice and bob in a page; the browser's part is as far as the test says. */
function setUp(isFirefox: boolean) {
  const bench = signal<Bench | null>(null);
  const stepping = new Stepping(bench, isFirefox);
  stepping.choose('step');
  bench.value = new Bench<unknown>({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats: [
      { self: 'alice', other: 'bob', offers: true },
      { self: 'bob', other: 'alice', offers: false },
    ],
    openMedia: () => Promise.reject(new Error('there is no camera here')),
    pace: stepping.pace,
  });
  return { bench: bench.value, stepping };
}

/** bob has set the answer: ICE works, the connection is not up, and the answer waits to be sent. */
function answered(isFirefox: boolean) {
  const { bench, stepping } = setUp(isFirefox);
  const agreed = { signalingState: 'stable', remoteDescription: {}, connectionState: 'new' };
  bench.seat('bob', agreed as RTCPeerConnection);
  bench.timeline.append('bob', { kind: 'signaling-state', state: 'stable' });
  const send = vi.fn();
  void bench.take(
    { does: 'send', peer: 'bob', to: 'alice', signal: { description: { type: 'answer', sdp: '' } } },
    send,
  );
  return { bench, stepping, send };
}

test('names what waits, with its reason, and counts what was let go', () => {
  const { bench, stepping } = setUp(false);
  void bench.take({ does: 'open-media', peer: 'alice', line: 12 }, () => {});
  expect(stepping.held.value).toMatchObject({ peer: 'alice', line: 12 });
  expect(stepping.clockOf.value).toBeNull();
  stepping.go();
  expect(stepping.held.value).toBeNull();
  expect(stepping.taken.value).toBe(1);
});

test('a question keeps the step and its line back until it is answered; the first answer counts', () => {
  const { bench, stepping } = setUp(false);
  stepping.predicts.value = true;
  const open = vi.fn();
  void bench.take({ does: 'open-media', peer: 'alice', line: 12 }, open);
  expect(stepping.line.value).toBeUndefined();
  stepping.go();
  expect(open).not.toHaveBeenCalled();
  const { options = [], happens } = stepping.question.value ?? {};
  stepping.answer(options.findIndex(({ text }) => text === happens));
  stepping.answer(0);
  expect(stepping.score.value).toEqual({ right: 1, asked: 1 });
  expect(stepping.line.value).toBe(12);
  expect(bench.timeline.entries.filter(({ kind }) => kind === 'prediction')).toHaveLength(1);
  stepping.go();
  expect(open).toHaveBeenCalledOnce();
});

test('Firefox gives up seconds after the answer: a step that waits then is let go in time', () => {
  const { send, stepping } = answered(true);
  expect(stepping.clockOf.value).toBe('bob');
  vi.advanceTimersByTime(3_000);
  expect(send).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(send).toHaveBeenCalledOnce();
});

test('elsewhere it waits for as long as one likes, and says what a wait has cost', () => {
  const { bench, send, stepping } = answered(false);
  vi.advanceTimersByTime(600_000);
  expect(send).not.toHaveBeenCalled();
  expect(stepping.cost).toContain('bob');
  stepping.go();
  expect(stepping.cost).toBeUndefined();
  bench.close();
});
