import { expect, test, vi } from 'vitest';
import { LossyWire } from './lossy-wire.ts';

const alice = { session: 'one', label: 'alice' };
const bytes = (nth: number) => new Uint8Array([nth]);

function setUp() {
  vi.useFakeTimers();
  const wire = new LossyWire(() => Date.now());
  const passed: number[] = [];
  const relay = (nth: number, way: 'up' | 'down' = 'up', owner = alice) =>
    wire.relay(owner, way, bytes(nth), ([first]) => void passed.push(first ?? -1));
  return {
    wire,
    passed,
    relay,
    [Symbol.dispose]: () => {
      wire.close();
      vi.useRealTimers();
    },
  };
}

test('packets of a session that has chosen nothing pass in the same task', () => {
  using it = setUp();
  it.wire.set('other', [{ peer: 'alice', up: { lossPct: 100 } }], 1);
  it.relay(1);
  it.relay(2, 'down');
  expect(it.passed).toEqual([1, 2]);
  expect(it.wire.counts('one')).toEqual([]);
});

test('only the chosen direction of the chosen peer is delayed', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 100 } }], 1);
  it.relay(1);
  it.relay(2, 'down');
  it.relay(3, 'up', { session: 'one', label: 'bob' });
  expect(it.passed).toEqual([2, 3]);
  vi.advanceTimersByTime(99);
  expect(it.passed).toEqual([2, 3]);
  vi.advanceTimersByTime(1);
  expect(it.passed).toEqual([2, 3, 1]);
  expect(it.wire.counts('one')).toMatchObject([{ peer: 'alice', way: 'up', counts: { passed: 1 } }]);
});

test('a wire that is whole again lets go what waits before it passes the next packet', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 1_000 } }], 1);
  it.relay(1);
  it.relay(2);
  it.wire.forget('one');
  it.relay(3);
  expect(it.passed).toEqual([1, 2, 3]);
  vi.advanceTimersByTime(5_000);
  expect(it.passed).toEqual([1, 2, 3]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a change of a running wire keeps its counts, and nothing overtakes what waits', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 200 } }], 1);
  it.relay(1);
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 10 } }], 1);
  it.relay(2);
  vi.advanceTimersByTime(200);
  expect(it.passed).toEqual([1, 2]);
  expect(it.wire.counts('one')[0]?.counts.passed).toBe(2);
});

test('both directions lose packets, and not the same ones', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { lossPct: 50 }, down: { lossPct: 50 } }], 1);
  for (let nth = 0; nth < 200; nth++) it.relay(nth);
  const up = it.passed.splice(0);
  for (let nth = 0; nth < 200; nth++) it.relay(nth, 'down');
  expect(up.length).toBeGreaterThan(60);
  expect(up.length).toBeLessThan(140);
  expect(it.passed).not.toEqual(up);
});

test('after the end nothing passes any more', () => {
  using it = setUp();
  it.wire.set('one', [{ peer: 'alice', up: { delayMs: 10 } }], 1);
  it.relay(1);
  it.wire.close();
  vi.advanceTimersByTime(1_000);
  expect(it.passed).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
