import { expect, test } from 'vitest';
import { Bench, type Seat } from '../../rtc/bench.ts';
import { FaultBoard } from '../../rtc/faults/board.ts';
import { chance, type FaultPlan } from '../../rtc/faults/plan.ts';
import { openLoopback } from '../../rtc/signaling/loopback.ts';
import { negotiationFold, verdictOf } from './outcome.ts';
import { run, type Controls } from './run.ts';

const seats: Seat[] = [
  { self: 'alice', other: 'bob', offers: true },
  { self: 'bob', other: 'alice', offers: false },
];
const RUNS = 50;
/** Milliseconds; long against the making of an offer, so that many of them meet. */
const LONGEST_DELAY_MS = 60;
/**
 * Chromium 156 under load: a gathering that is rolled back as it begins now and then leaves the next one without a
 * single candidate. The negotiation is over then, and right; what is missing comes with an ICE restart. Milliseconds.
 */
const CANDIDATES_MS = 3_000;

/** One call from its first offer to a second round of offers in the middle of it. */
async function negotiateTwice(seed: number) {
  const plan: FaultPlan = {
    seed,
    rules: [{ message: 'any', fault: { do: 'delay', delayMs: 0, jitterMs: LONGEST_DELAY_MS } }],
  };
  const board = new FaultBoard(plan);
  const controls: Controls = { roles: 'polite', offset: chance(seed, 'offset') < 0.5 ? '0' : '50' };
  const bench = new Bench<Controls>({
    lab: 'perfect-negotiation',
    arrangement: 'one-page',
    controls,
    seats,
    interference: board,
    openMedia: (_, signal) => {
      const stream = Object.assign(document.createElement('canvas'), { width: 16, height: 16 }).captureStream(
        5,
      );
      signal.addEventListener('abort', () => stream.getTracks().forEach((track) => track.stop()));
      return Promise.resolve(stream);
    },
  });
  bench.attach(openLoopback(bench.signal));
  const fold = negotiationFold();
  const negotiation = () => fold(bench.timeline.entries);
  const collisions = () =>
    [...negotiation().sides.values()]
      .flatMap(({ offersHeard }) => offersHeard)
      .filter(({ collided }) => collided).length;
  let restarts = 0;
  const rescue = () => {
    const pcs = [...bench.connections.values()];
    const isSettled = pcs.every(({ signalingState }) => signalingState === 'stable');
    const silent = pcs.find(({ localDescription }) => !localDescription?.sdp.includes('a=candidate'));
    if (!isSettled || !silent) return;
    restarts++;
    silent.restartIce();
  };
  const converged = () =>
    new Promise<void>((resolve, reject) => {
      const rescuer = setTimeout(rescue, CANDIDATES_MS);
      const late = setTimeout(
        () => reject(new Error(`seed ${seed}: ${verdictOf(negotiation()).text}`)),
        15_000,
      );
      const look = () => {
        if (verdictOf(negotiation()).is !== 'converged') return;
        stop();
        clearTimeout(rescuer);
        clearTimeout(late);
        resolve();
      };
      const stop = bench.timeline.subscribe(look);
      look();
    });
  try {
    await run(bench);
    await converged();
    const first = collisions();
    expect(await board.glare(Math.floor(chance(seed, 'glare') * LONGEST_DELAY_MS))).toEqual([]);
    await converged();
    const pcs = [...bench.connections.values()];
    return {
      seed,
      restarts,
      collided: [first > 0, collisions() > first],
      states: pcs.map((pc) => `${pc.signalingState} ${pc.connectionState}`),
      sections: pcs.map((pc) =>
        [pc.localDescription, pc.remoteDescription].map((one) => one?.sdp.match(/^m=/gm)?.length),
      ),
      receives: pcs.map((pc) => pc.getReceivers().filter(({ track }) => track.readyState === 'live').length),
      errors: bench.timeline.entries.filter(({ kind }) => kind === 'error'),
    };
  } finally {
    bench.close();
  }
}

test(
  `${RUNS} seeded interleavings of offers, answers and candidates all end in agreement`,
  { timeout: 120_000 },
  async () => {
    const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
    const outcomes: Awaited<ReturnType<typeof negotiateTwice>>[] = [];
    for (const seed of seeds) outcomes.push(await negotiateTwice(seed));
    for (const { seed, states, sections, receives, errors } of outcomes)
      expect({ seed, states, sections, receives, errors }).toEqual({
        seed,
        states: ['stable connected', 'stable connected'],
        sections: [
          [1, 1],
          [1, 1],
        ],
        receives: [1, 1],
        errors: [],
      });
    const [first, second] = [0, 1].map((round) => outcomes.filter(({ collided }) => collided[round]).length);
    console.warn(
      `${RUNS} of ${RUNS} agreed; offers collided in ${first} at the start and in ${second} in the middle; ICE restarts for want of candidates: ${outcomes.reduce((sum, { restarts }) => sum + restarts, 0)}`,
    );
    expect(first).toBeGreaterThan(10);
    expect(second).toBeGreaterThan(10);
  },
);
