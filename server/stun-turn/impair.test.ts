import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Impairment } from '../../src/protocol/impairment.ts';
import { BURST_BYTES, ImpairedDirection, MAX_WAITING, REORDER_MS } from './impair.ts';

/** A wire whose packets are numbers, with room for all that a test sends. */
const wireOf = (impairment: Impairment, seed = 1, room = { bytes: 100_000_000 }) =>
  new ImpairedDirection<number>(impairment, seed, room);

interface Arrival {
  readonly nth: number;
  readonly atMs: number;
  readonly tookMs: number;
}

/** Sends packets at an even pace and looks every millisecond what has come through. */
function send(
  impairment: Impairment,
  { count = 5_000, everyMs = 5, sizeBytes = 200, seed = 7 } = {},
): { arrivals: Arrival[]; wire: ImpairedDirection<number> } {
  const wire = wireOf(impairment, seed);
  const arrivals: Arrival[] = [];
  const endMs = count * everyMs + 20_000;
  let sent = 0;
  for (let nowMs = 0; nowMs < endMs; nowMs++) {
    while (sent < count && sent * everyMs <= nowMs) wire.put(sent++, sizeBytes, nowMs);
    for (const nth of wire.due(nowMs)) arrivals.push({ nth, atMs: nowMs, tookMs: nowMs - nth * everyMs });
  }
  return { arrivals, wire };
}

const numbers = (arrivals: readonly Arrival[]) => arrivals.map(({ nth }) => nth);
const isOrdered = (list: readonly number[]) => list.every((nth, at) => at === 0 || nth > list[at - 1]!);

test('a wire without impairments passes every packet at once and in order', () => {
  const { arrivals } = send({});
  expect(numbers(arrivals)).toEqual(Array.from({ length: 5_000 }, (_, nth) => nth));
  expect(arrivals.every(({ tookMs }) => tookMs === 0)).toBe(true);
});

test.each([1, 5, 20, 60])('%i % of the packets are lost, within a point and a half', (lossPct) => {
  const { arrivals, wire } = send({ lossPct }, { count: 20_000, everyMs: 1 });
  const lost = 1 - arrivals.length / 20_000;
  expect(lost * 100).toBeGreaterThan(lossPct - 1.5);
  expect(lost * 100).toBeLessThan(lossPct + 1.5);
  expect(wire.counts).toMatchObject({ passed: arrivals.length, lost: 20_000 - arrivals.length, waiting: 0 });
  expect(isOrdered(numbers(arrivals))).toBe(true);
});

test('all is lost at 100 %, nothing at 0 %', () => {
  expect(send({ lossPct: 100 }).arrivals).toEqual([]);
  expect(send({ lossPct: 0 }).arrivals).toHaveLength(5_000);
});

test('each packet is kept for the delay', () => {
  const { arrivals } = send({ delayMs: 150 });
  expect(arrivals).toHaveLength(5_000);
  expect(arrivals.every(({ tookMs }) => tookMs === 150)).toBe(true);
});

test('jitter spreads the delay over its range, and no packet overtakes another', () => {
  const { arrivals } = send({ delayMs: 50, jitterMs: 100 }, { everyMs: 120 });
  const took = arrivals.map(({ tookMs }) => tookMs);
  expect(Math.min(...took)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...took)).toBeLessThanOrEqual(151);
  const mean = took.reduce((sum, ms) => sum + ms, 0) / took.length;
  expect(mean).toBeGreaterThan(95);
  expect(mean).toBeLessThan(106);
  expect(isOrdered(numbers(arrivals))).toBe(true);
  // Also where packets come faster than they are spread.
  expect(isOrdered(numbers(send({ jitterMs: 100 }, { everyMs: 1 }).arrivals))).toBe(true);
});

test('some packets are passed by those behind them, and all arrive', () => {
  const { arrivals, wire } = send({ reorderPct: 10 });
  const late = arrivals.filter(({ tookMs }) => tookMs > 0);
  expect(late.every(({ tookMs }) => tookMs === REORDER_MS)).toBe(true);
  expect(late.length / 5_000).toBeGreaterThan(0.085);
  expect(late.length / 5_000).toBeLessThan(0.115);
  expect(late.length).toBe(wire.counts.reordered);
  expect(numbers(arrivals).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 5_000 }, (_, nth) => nth));
  expect(isOrdered(numbers(arrivals))).toBe(false);
});

test('some packets arrive twice, the second copy behind the first', () => {
  const { arrivals, wire } = send({ duplicatePct: 20 });
  const doubled = arrivals.filter(({ nth }, at) => arrivals[at - 1]?.nth === nth);
  expect(doubled.length).toBe(wire.counts.duplicated);
  expect(arrivals).toHaveLength(5_000 + doubled.length);
  expect(doubled.length / 5_000).toBeGreaterThan(0.18);
  expect(doubled.length / 5_000).toBeLessThan(0.22);
});

test('no more gets through than the rate, and what waits too long for its turn is dropped', () => {
  // 1000 bytes every 5 ms are 1600 kbit/s.
  const { arrivals, wire } = send({ rateKbps: 400, queueMs: 200 }, { sizeBytes: 1_000 });
  const bits = arrivals.length * 8_000;
  const seconds = (arrivals.at(-1)!.atMs - arrivals[0]!.atMs) / 1_000;
  expect(bits / seconds).toBeGreaterThan(390_000);
  expect(bits / seconds).toBeLessThan(410_000);
  expect(Math.max(...arrivals.map(({ tookMs }) => tookMs))).toBeLessThanOrEqual(201);
  expect(isOrdered(numbers(arrivals))).toBe(true);
  expect(wire.counts.overflowed).toBe(5_000 - arrivals.length);
});

test('a burst that the bucket holds goes at once, and what is below the rate never waits', () => {
  const wire = wireOf({ rateKbps: 100 });
  for (let nth = 0; nth * 1_000 < BURST_BYTES; nth++) wire.put(nth, 1_000, 0);
  expect(wire.due(0)).toHaveLength(BURST_BYTES / 1_000);
  const { arrivals } = send({ rateKbps: 1_000 }, { sizeBytes: 500 });
  expect(arrivals).toHaveLength(5_000);
  expect(arrivals.every(({ tookMs }) => tookMs === 0)).toBe(true);
});

test('the same seed does the same; a longer delay does not change which packets are lost', () => {
  const rough: Impairment = { lossPct: 10, delayMs: 20, jitterMs: 50, reorderPct: 5, duplicatePct: 5 };
  expect(send(rough).arrivals).toEqual(send(rough).arrivals);
  expect(numbers(send(rough, { seed: 8 }).arrivals)).not.toEqual(numbers(send(rough).arrivals));
  const lost = (impairment: Impairment) => new Set(numbers(send(impairment).arrivals));
  expect(lost({ ...rough, delayMs: 500, jitterMs: 0 })).toEqual(lost(rough));
});

test('a wire that is set anew treats the next packet anew, and what waited leaves as it was decided', () => {
  const wire = wireOf({ delayMs: 100 });
  wire.put(1, 200, 0);
  wire.impairment = {};
  wire.put(2, 200, 10);
  expect(wire.nextAtMs).toBe(100);
  expect(wire.due(100)).toEqual([1, 2]);
  wire.put(3, 200, 110);
  expect(wire.due(110)).toEqual([3]);
});

test('so many packets wait and not more, and no more bytes than there is room for in all directions', () => {
  const alone = wireOf({ delayMs: 2_000 });
  for (let nth = 0; nth < 20_000; nth++) alone.put(nth, 1_200, 0);
  expect(alone.counts).toMatchObject({ waiting: MAX_WAITING, overflowed: 20_000 - MAX_WAITING });

  const room = { bytes: 100_000 };
  const [one, other] = [wireOf({ delayMs: 10 }, 1, room), wireOf({ delayMs: 10 }, 2, room)];
  for (let nth = 0; nth < 100; nth++) {
    one.put(nth, 1_000, 0);
    other.put(nth, 1_000, 0);
  }
  expect(one.counts.waiting + other.counts.waiting).toBe(100);
  expect(room.bytes).toBe(0);
  one.due(10);
  other.due(10);
  expect(room.bytes).toBe(100_000);
});

test('whatever is chosen: nothing comes twice that was not doubled, nothing comes early, all is accounted for', () => {
  const impairment = fc.record(
    {
      lossPct: fc.integer({ min: 0, max: 100 }),
      delayMs: fc.integer({ min: 0, max: 500 }),
      jitterMs: fc.integer({ min: 0, max: 500 }),
      reorderPct: fc.integer({ min: 0, max: 100 }),
      duplicatePct: fc.integer({ min: 0, max: 100 }),
      rateKbps: fc.integer({ min: 16, max: 2_000 }),
      queueMs: fc.integer({ min: 0, max: 1_000 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(impairment, fc.nat(), (chosen, seed) => {
      const count = 100;
      const { arrivals, wire } = send(chosen, { count, everyMs: 3, seed });
      const { passed, lost, overflowed, duplicated, waiting } = wire.counts;
      expect(waiting).toBe(0);
      expect(passed).toBe(arrivals.length);
      expect(passed + lost + overflowed).toBe(count + duplicated);
      expect(arrivals.every(({ tookMs }) => tookMs >= (chosen.delayMs ?? 0))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
