/** A call as our labs make it: bench, recorded peers, room clients with checked messages. */
import { Bench, type Seat } from '../../src/rtc/bench.ts';
import { run } from '../../src/labs/first-call/run.ts';
import { openServerCarrier } from '../../src/rtc/signaling/socket.ts';
import { firstFrame, openPicture } from './first-frame.ts';

const seats: Seat[] = [
  { self: 'alice', other: 'bob', offers: true },
  { self: 'bob', other: 'alice', offers: false },
];

async function call(): Promise<number> {
  const startMs = performance.now();
  const bench = new Bench<unknown>({
    lab: 'bench',
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: (peer, signal) => Promise.resolve(openPicture(peer, signal)),
  });
  bench.attach(await openServerCarrier(seats, bench.signal));
  const frames = new Promise<void>((resolve) => {
    let left = seats.length;
    bench.onShow(({ side, stream }) => {
      if (side === 'remote') void firstFrame(stream).then(() => --left === 0 && resolve());
    });
  });
  await Promise.all([run(bench), frames]);
  const tookMs = performance.now() - startMs;
  bench.close();
  return tookMs;
}
Object.assign(globalThis, { call });
