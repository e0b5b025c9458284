import { expect, test } from 'vitest';
import { Bench, type Seat } from '../bench.ts';
import type { PairSample } from '../stats/sample.ts';
import { RtcError } from '../errors.ts';
import { FaultBoard } from './board.ts';
import type { FaultPlan, WireRule } from './plan.ts';
import { endsOf, type OwnRelay } from './wire.ts';

const there: WireRule = { from: 'alice', to: 'bob', lossPct: 5 };
const back: WireRule = { from: 'bob', to: 'alice', delayMs: 150 };
const names = (...list: string[]) => new Set(list);

test('between two relayed peers of this page each direction is impaired once, where it enters', () => {
  expect(endsOf([there, back], names('alice', 'bob'), names())).toEqual([
    { peer: 'alice', up: { lossPct: 5 } },
    { peer: 'bob', up: { delayMs: 150 } },
  ]);
});

test('what a peer without a relay sends is impaired where the other one’s relay receives it', () => {
  expect(endsOf([there, back], names('alice', 'bob'), names('bob'))).toEqual([
    { peer: 'alice', up: { lossPct: 5 }, down: { delayMs: 150 } },
  ]);
});

test('only allocations of this page are touched', () => {
  expect(endsOf([there, back], names('bob'), names())).toEqual([
    { peer: 'bob', up: { delayMs: 150 }, down: { lossPct: 5 } },
  ]);
  expect(endsOf([there], names('carol'), names())).toEqual([]);
});

const seats: Seat[] = [
  { self: 'alice', other: 'bob', offers: true },
  { self: 'bob', other: 'alice', offers: false },
];

/** A run behind a board, and a server that notes what it is told. */
function setUp(plan: FaultPlan, impair?: OwnRelay['impair']) {
  const board = new FaultBoard(plan);
  const bench = new Bench({
    lab: 'test',
    arrangement: 'one-page',
    controls: {},
    seats,
    openMedia: () => Promise.reject(new Error('no media here')),
    interference: board,
  });
  board.carry({ post: () => ({ id: 'x', taken: Promise.resolve() }), deliver: () => {} }, bench);
  const told: Parameters<OwnRelay['impair']>[0][] = [];
  let isBack = () => {};
  const relay: OwnRelay = {
    impair: (wish) => {
      told.push(wish);
      return impair?.(wish) ?? Promise.resolve();
    },
    onReturn: (handle) => (isBack = handle),
  };
  const goes = (peer: string, type: PairSample['local']['type']) => {
    const end = { id: 'x', type, protocol: 'udp' };
    const pair = { id: 'p', local: end, remote: end, state: 'succeeded', nominated: true, selected: true };
    bench.timeline.append(peer, { kind: 'candidate-pairs', pairs: [pair] });
  };
  const faults = () =>
    bench.timeline.entries.flatMap((entry) =>
      entry.kind === 'fault' ? [`${entry.fault}: ${entry.text}`] : [],
    );
  return { board, bench, told, relay, goes, faults, comeBack: () => isBack() };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a plan from a link is told as soon as the run has a relay of ours, and recorded when it is done', async () => {
  const it = setUp({ seed: 7, rules: [], wire: [there] });
  expect(it.bench.timeline.entries[0]).toMatchObject({ kind: 'run-started', faults: { wire: [there] } });
  expect(it.board.wire).toBe('no-relay');
  it.board.reach(it.relay);
  expect(it.board.wire).toBe('not-yet');
  expect(it.told).toEqual([{ seed: 7, ends: [{ peer: 'alice', up: { lossPct: 5 } }] }]);
  await settled();
  expect(it.faults()).toEqual(['impaired: From alice to bob: 5 % are lost']);
  it.goes('alice', 'relay');
  expect(it.board.wire).toBe('relayed');
});

test('a change in the run is told and recorded with its plan; the rest of the board begins nothing anew', async () => {
  const it = setUp({ seed: 7, rules: [] });
  it.board.reach(it.relay);
  expect(it.told).toEqual([]);
  it.board.plan = { seed: 7, rules: [], wire: [there] };
  await settled();
  it.board.plan = { seed: 7, rules: [], wire: [{ ...there, lossPct: 0 }] };
  await settled();
  expect(it.told.map(({ ends }) => ends)).toEqual([[{ peer: 'alice', up: { lossPct: 5 } }], []]);
  expect(it.faults()).toEqual([
    'impaired: From alice to bob: 5 % are lost',
    'impaired: the wire does nothing to the packets any more',
  ]);
  expect(it.bench.timeline.entries.at(-1)).toMatchObject({ plan: it.board.plan });
});

test('where there is no relay the plan is changed all the same', () => {
  const it = setUp({ seed: 7, rules: [] });
  it.board.plan = { seed: 7, rules: [], wire: [back] };
  expect(it.faults()).toEqual(['changed: from here on: From bob to alice: 150 ms late']);
});

test('of quick changes the last one holds, and one is under way at a time', async () => {
  let go = () => {};
  const it = setUp({ seed: 7, rules: [] }, () => new Promise((resolve) => (go = resolve)));
  it.board.reach(it.relay);
  for (const lossPct of [1, 2, 3, 4]) it.board.plan = { seed: 7, rules: [], wire: [{ ...there, lossPct }] };
  expect(it.told).toHaveLength(1);
  go();
  await settled();
  expect(it.told.map(({ ends }) => ends[0]?.up?.lossPct)).toEqual([1, 4]);
});

test('a peer that turns out to have no relay is impaired at the other end, without another entry', async () => {
  const it = setUp({ seed: 7, rules: [], wire: [back] });
  it.board.reach(it.relay);
  await settled();
  it.goes('bob', 'host');
  await settled();
  expect(it.told.map(({ ends }) => ends)).toEqual([
    [{ peer: 'bob', up: { delayMs: 150 } }],
    [{ peer: 'alice', down: { delayMs: 150 } }],
  ]);
  expect(it.faults()).toHaveLength(1);
  expect(it.board.wire).toBe('direct');
});

test('a server that refuses is reported, and not asked for ever', async () => {
  const it = setUp({ seed: 7, rules: [], wire: [there] }, () =>
    Promise.reject(new RtcError('signaling-lost', 'no')),
  );
  it.board.reach(it.relay);
  await settled();
  await settled();
  expect(it.told).toHaveLength(1);
  expect(it.bench.timeline.entries.at(-1)).toMatchObject({ kind: 'error', code: 'signaling-lost' });
});

test('a server that was away is told again, and the record does not say it twice', async () => {
  const it = setUp({ seed: 7, rules: [], wire: [there] });
  it.board.reach(it.relay);
  await settled();
  it.comeBack();
  await settled();
  expect(it.told).toHaveLength(2);
  expect(it.told[1]).toEqual(it.told[0]);
  expect(it.faults()).toHaveLength(1);
});
