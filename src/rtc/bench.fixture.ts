import { afterEach } from 'vitest';
import { Bench, type BenchOptions, type Seat } from './bench.ts';
import { openLoopback } from './signaling/loopback.ts';

/** alice offers, bob answers, both in one page. */
export const seats: readonly Seat[] = [
  { self: 'alice', other: 'bob', offers: true },
  { self: 'bob', other: 'alice', offers: false },
];

const benches: Bench[] = [];
afterEach(() => benches.splice(0).forEach((bench) => bench.close()));

/** A bench over loopback that ends with its test. */
export function openBench(options: Partial<BenchOptions<unknown>> = {}): Bench {
  const bench = new Bench<unknown>({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: () => Promise.resolve(new MediaStream()),
    ...options,
  });
  bench.attach(openLoopback(bench.signal));
  benches.push(bench);
  return bench;
}
