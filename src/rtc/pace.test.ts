import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace, SLOW_STEP_MS, type NextStep } from './pace.ts';

const call = (method: string, peer = 'alice'): NextStep => ({ does: 'call', peer, method, args: [] });
const offer = call('setLocalDescription');
const candidate = call('addIceCandidate', 'bob');

let end: AbortController;
let happened: string[];
beforeEach(() => {
  end = new AbortController();
  happened = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => vi.useRealTimers());

const take = (pace: Pace, name: string, step: NextStep = offer) =>
  pace.take(step, end.signal, () => void happened.push(name));

test('a run that nobody holds does each step in the very task that came to it', () => {
  expect(new Pace().take(offer, end.signal, (waited) => ['done', waited])).toEqual(['done', false]);
});

test('step by step: each waits until it is let go, for any time, and in the order of coming', () => {
  const pace = new Pace();
  pace.mode = 'step';
  for (const name of ['1', '2', '3']) void take(pace, name);
  vi.advanceTimersByTime(3_600_000);
  expect(happened).toEqual([]);
  pace.go();
  expect(happened).toEqual(['1']);
  pace.go();
  pace.go();
  pace.go(); // nothing waits any more
  expect(happened).toEqual(['1', '2', '3']);
  expect(pace.next).toBeUndefined();
});

test('candidates do not stop, and do not overtake what they came after', () => {
  const pace = new Pace();
  pace.mode = 'step';
  void take(pace, 'early candidate', candidate);
  void take(pace, 'offer');
  void take(pace, 'candidate', candidate);
  void take(pace, 'answer');
  expect(happened).toEqual(['early candidate']);
  pace.go();
  expect(happened).toEqual(['early candidate', 'offer', 'candidate']);
});

test('what a step leads to at once comes after what was waiting before', () => {
  const pace = new Pace();
  pace.mode = 'step';
  void pace.take(offer, end.signal, () => {
    happened.push('first');
    void take(pace, 'consequence', candidate);
  });
  void take(pace, 'second', candidate);
  pace.mode = 'run';
  expect(happened).toEqual(['first', 'second', 'consequence']);
});

test('going back to a run lets everything go at once and in order', () => {
  const pace = new Pace();
  pace.mode = 'step';
  void take(pace, '1');
  void take(pace, '2');
  pace.mode = 'run';
  void take(pace, '3');
  expect(happened).toEqual(['1', '2', '3']);
});

test('slowly: each step has its own pause, also after one that was let go by hand', () => {
  const pace = new Pace();
  pace.mode = 'slow';
  void take(pace, '1');
  void take(pace, '2');
  vi.advanceTimersByTime(SLOW_STEP_MS - 1);
  expect(happened).toEqual([]);
  pace.go();
  expect(pace.goesOnAtMs).toBe(performance.now() + SLOW_STEP_MS);
  vi.advanceTimersByTime(SLOW_STEP_MS - 1);
  expect(happened).toEqual(['1']);
  vi.advanceTimersByTime(1);
  expect(happened).toEqual(['1', '2']);
  expect(pace.goesOnAtMs).toBeUndefined();
});

test('a slowed run that is stopped at a step waits there', () => {
  const pace = new Pace();
  pace.mode = 'slow';
  void take(pace, '1');
  pace.mode = 'step';
  vi.advanceTimersByTime(10 * SLOW_STEP_MS);
  expect(happened).toEqual([]);
});

test('the end of the run gives up what waits, candidates too, and leaves another run alone', async () => {
  const pace = new Pace();
  pace.mode = 'step';
  const ended = [take(pace, '1'), take(pace, '2', candidate)];
  const other = new AbortController();
  void pace.take(offer, other.signal, () => void happened.push('other run'));
  end.abort();
  for (const promise of ended) await expect(promise).rejects.toMatchObject({ code: 'stopped' });
  expect(happened).toEqual([]);
  pace.go();
  expect(happened).toEqual(['other run']);
});

test('a run that is over does not wait', async () => {
  const pace = new Pace();
  pace.mode = 'step';
  end.abort();
  await expect(take(pace, '1')).rejects.toMatchObject({ code: 'stopped' });
  expect(pace.next).toBeUndefined();
});

test('a step that throws tells who waits for it, not who lets it go', async () => {
  const pace = new Pace();
  pace.mode = 'step';
  const failing = pace.take(offer, end.signal, () => {
    throw new TypeError('no');
  });
  pace.go();
  await expect(failing).rejects.toThrow('no');
});

test('time spent waiting at a step does not count towards a deadline', () => {
  const pace = new Pace();
  const late = pace.deadline(1_000, end.signal);
  vi.advanceTimersByTime(900);
  pace.mode = 'step';
  void take(pace, '1');
  vi.advanceTimersByTime(60_000);
  expect(late.aborted).toBe(false);
  pace.go();
  vi.advanceTimersByTime(99);
  expect(late.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(late.aborted).toBe(true);
});

test('a deadline that is set while a step waits begins when it is let go, and ends with the run', () => {
  const pace = new Pace();
  pace.mode = 'step';
  void take(pace, '1');
  const late = pace.deadline(1_000, end.signal);
  vi.advanceTimersByTime(60_000);
  pace.go();
  vi.advanceTimersByTime(500);
  end.abort();
  vi.advanceTimersByTime(60_000);
  expect(late.aborted).toBe(false);
});

test('listeners hear of each change until they leave', () => {
  const pace = new Pace();
  const seen: (string | undefined)[] = [];
  const leave = pace.subscribe(() => seen.push(pace.next?.peer));
  pace.mode = 'step';
  void take(pace, '1');
  pace.go();
  leave();
  void take(pace, '2');
  expect(seen).toEqual([undefined, 'alice', undefined]);
});
