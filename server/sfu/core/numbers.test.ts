import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Numbers } from './numbers.ts';

describe.each([15, 16] as const)('numbers of %i bits', (bits) => {
  const size = 2 ** bits;
  const start = fc.nat(size - 1);

  test(
    'go on without a gap through every change of stream, and where numbers begin anew',
    { timeout: 20_000 },
    () => {
      fc.assert(
        fc.property(
          start,
          fc.array(fc.tuple(start, fc.integer({ min: 1, max: 400 })), { maxLength: 20 }),
          (first, streams) => {
            const numbers = new Numbers(bits, first);
            const out: (number | undefined)[] = [];
            let areBack = true;
            for (const [begin, count] of streams) {
              numbers.begin(begin);
              for (let index = 0; index < count; index++) {
                const number = (begin + index) % size;
                const mapped = numbers.map(number);
                out.push(mapped);
                areBack &&= mapped !== undefined && numbers.original(mapped) === number;
              }
            }
            expect(areBack).toBe(true);
            expect(out).toEqual(out.map((_, index) => (first + index) % size));
          },
        ),
        { seed: 1, numRuns: 60 },
      );
    },
  );

  test(
    'what is left out takes no number, in whatever order and with whatever losses packets come',
    { timeout: 20_000 },
    () => {
      // Every packet has a delay; those that are lost never come. What is left out is known by the packet itself.
      const packet = fc.record({ isLeftOut: fc.boolean(), delay: fc.nat(6), isLost: fc.boolean() });
      fc.assert(
        fc.property(
          start,
          start,
          fc.array(packet, { minLength: 1, maxLength: 300 }),
          (first, begin, packets) => {
            const numbers = new Numbers(bits, first);
            numbers.begin(begin);
            numbers.map(begin);
            const arrivals = packets
              .map((one, index) => ({ ...one, index, at: index + one.delay }))
              .filter(({ isLost }) => !isLost)
              .toSorted((a, b) => a.at - b.at);
            const out = new Map<number, number>();
            let areBack = true;
            for (const { index, isLeftOut } of arrivals) {
              const number = (begin + 1 + index) % size;
              if (isLeftOut && numbers.drop(number)) continue;
              const mapped = numbers.map(number);
              // What comes late has the place that was kept for it: an empty packet, where it is left out.
              expect(mapped).toBeDefined();
              expect(numbers.original(mapped!)).toBe(number);
              out.set(index, (mapped! - first + size) % size);
            }
            expect(areBack).toBe(true);
            // No number twice, and the order of what comes in is the order of what goes out.
            const inOrder = [...out].toSorted(([a], [b]) => a - b).map(([, number]) => number);
            expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
            expect(new Set(inOrder).size).toBe(inOrder.length);
            // Nothing missing beyond what was lost on the way in or is kept for it.
            const kept = packets.filter(({ isLost, isLeftOut }) => isLost || !isLeftOut).length;
            expect(inOrder.at(-1) ?? 0).toBeLessThanOrEqual(
              kept + arrivals.filter(({ isLeftOut }) => isLeftOut).length,
            );
          },
        ),
        { seed: 2, numRuns: 150 },
      );
    },
  );
});

test('what comes from before the beginning, or too late, has no number', () => {
  const numbers = new Numbers(16, 7);
  numbers.begin(100);
  expect(numbers.map(99)).toBeUndefined();
  expect(numbers.map(100)).toBe(7);
  expect(numbers.original(6)).toBeUndefined();
  for (let number = 101; number < 2_000; number += 2) {
    expect(numbers.drop(number)).toBe(true);
    numbers.map(number + 1);
  }
  expect(numbers.map(101)).toBeUndefined();
});
