import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StatsSample } from './sample.ts';
import { StatsSampler } from './sampler.ts';

let end: AbortController;
let samples: StatsSample[];

beforeEach(() => {
  vi.useFakeTimers();
  end = new AbortController();
  samples = [];
});
afterEach(() => {
  end.abort();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function report(): RTCStatsReport {
  const now = performance.now();
  return new Map([
    ['in', { id: 'in', type: 'inbound-rtp', kind: 'video', ssrc: 7, timestamp: now, bytesReceived: now }],
  ]);
}

/** A connection that receives 1000 bytes a second, and answers after a while. */
function connection(answersAfterMs: (question: number) => number = () => 0) {
  let questions = 0;
  return {
    signalingState: 'stable' as RTCSignalingState,
    getStats: vi.fn(async () => {
      const waitMs = answersAfterMs(questions++);
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      return report();
    }),
  };
}

const sample = (pc: ReturnType<typeof connection>, intervalMs = 1000) =>
  new StatsSampler(pc, { intervalMs, signal: end.signal, onSample: (one) => samples.push(one) });

test('asks once per interval, and gives rates from the second answer on', async () => {
  const pc = connection();
  sample(pc);
  await vi.advanceTimersByTimeAsync(3500);
  expect(pc.getStats).toHaveBeenCalledTimes(3);
  expect(samples.map(({ inbound }) => inbound[0]?.bitrateBps)).toEqual([undefined, 8000, 8000]);
});

test('does not ask again while a question is open, and makes up for none', async () => {
  const pc = connection((question) => (question === 1 ? 3500 : 0));
  sample(pc);
  await vi.advanceTimersByTimeAsync(5400); // asked at 1 s and 2 s; the second answer came at 5.5 s
  expect(pc.getStats).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(pc.getStats).toHaveBeenCalledTimes(3); // at 6 s, in step again
  expect(samples.map(({ inbound }) => inbound[0]?.bitrateBps)).toEqual([undefined, 8000, 8000]);
});

test('ends with the signal, also between question and answer', async () => {
  const pc = connection(() => 200);
  sample(pc);
  await vi.advanceTimersByTimeAsync(1100);
  end.abort();
  await vi.advanceTimersByTimeAsync(5000);
  expect(pc.getStats).toHaveBeenCalledTimes(1);
  expect(samples).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('ends when the connection is closed', async () => {
  const pc = connection();
  sample(pc);
  await vi.advanceTimersByTimeAsync(1500);
  pc.signalingState = 'closed';
  await vi.advanceTimersByTimeAsync(5000);
  expect(pc.getStats).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('goes on after a question that failed', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const pc = connection();
  pc.getStats.mockRejectedValueOnce(new DOMException('busy', 'OperationError'));
  sample(pc);
  await vi.advanceTimersByTimeAsync(2500);
  expect(samples).toHaveLength(1);
});

test('is silent while there is nothing to say', async () => {
  const pc = connection();
  pc.getStats.mockResolvedValue(new Map());
  sample(pc);
  await vi.advanceTimersByTimeAsync(2500);
  expect(pc.getStats).toHaveBeenCalledTimes(2);
  expect(samples).toEqual([]);
});

test('an ended signal asks nothing; an interval below 100 ms is refused', async () => {
  const pc = connection();
  expect(() => sample(pc, 50)).toThrow(RangeError);
  expect(() => sample(pc, Number.NaN)).toThrow(RangeError);
  end.abort();
  sample(pc);
  await vi.advanceTimersByTimeAsync(5000);
  expect(pc.getStats).not.toHaveBeenCalled();
});
