import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Ladder, rules, type Rung } from './ladder.ts';

const { waitMs, restartMs, rebuildMs, proofMs } = rules;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A ladder with its rungs as they are taken. `packets` is what the connection has received. */
function setup({ isUp = true, mayRestart = true } = {}) {
  const end = new AbortController();
  const rungs: string[] = [];
  const world: { packets: number | undefined; mayRestart: boolean } = { packets: 0, mayRestart };
  const ladder: Ladder = new Ladder({
    signal: end.signal,
    act: (rung: Rung, attempt) => rungs.push(attempt > 0 ? `${rung} ${attempt}` : rung),
    mayRestart: () => world.mayRestart,
    received: () => Promise.resolve(world.packets),
  });
  ladder.begin();
  if (isUp) ladder.told('connected');
  rungs.length = 0;
  return { ladder, rungs, world, end };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('what comes back by itself is left alone', async () => {
  const { ladder, rungs, world } = setup();
  ladder.told('disconnected');
  await pass(waitMs - 1);
  world.packets = 10;
  ladder.told('connected');
  await pass(proofMs - 1);
  world.packets = 20;
  await pass(60_000);
  expect(rungs).toEqual(['wait', 'up']);
});

test('it waits, restarts, makes new connections and asks a person', async () => {
  const { ladder, rungs } = setup();
  ladder.told('disconnected');
  await pass(waitMs - 1);
  expect(rungs).toEqual(['wait']);
  await pass(1);
  expect(rungs.at(-1)).toBe('restart 1');
  await pass(restartMs);
  expect(rungs.at(-1)).toBe('rebuild 2');
  await pass(2 * rebuildMs);
  expect(rungs.at(-1)).toBe('rebuild 4');
  await pass(rebuildMs);
  expect(rungs.at(-1)).toBe('give-up 4');
  await pass(600_000);
  expect(rungs).toHaveLength(6);
});

test('failed climbs at once, from any rung', async () => {
  const { ladder, rungs } = setup();
  for (let times = 0; times < 6; times++) ladder.told('failed');
  expect(rungs).toEqual(['wait', 'restart 1', 'rebuild 2', 'rebuild 3', 'rebuild 4', 'give-up 4']);
  await pass(600_000);
  expect(rungs).toHaveLength(6);
});

test('without a word from the other end there is nothing to restart', () => {
  const { ladder, rungs } = setup({ isUp: false, mayRestart: false });
  ladder.told('failed');
  expect(rungs).toEqual(['rebuild 1']);
});

test('a connection that does not come up has its time, then another takes its place', async () => {
  const { rungs } = setup({ isUp: false });
  await pass(rebuildMs);
  expect(rungs).toEqual(['rebuild 1']);
});

test('a restart that ends connected and silent is followed by a new connection', async () => {
  const { ladder, rungs } = setup();
  ladder.told('failed');
  ladder.told('connected');
  await pass(proofMs);
  expect(rungs).toEqual(['wait', 'restart 1', 'up 1', 'rebuild 2']);
  ladder.told('connected');
  await pass(60_000);
  expect(rungs.slice(4)).toEqual(['up 2']); // a new connection is believed: another would be no better
});

test('silence of somebody who sends nothing proves nothing', async () => {
  const { ladder, rungs, world } = setup();
  world.packets = undefined;
  ladder.told('disconnected');
  ladder.told('connected');
  await pass(60_000);
  expect(rungs).toEqual(['wait', 'up']);
});

test('attempts are counted anew once it was up', async () => {
  const { ladder, rungs, world } = setup();
  for (let times = 0; times < 3; times++) {
    ladder.told('failed');
    ladder.told('connected');
    await pass(proofMs / 2);
    world.packets! += 1;
    await pass(proofMs);
  }
  expect(rungs.filter((rung) => rung.startsWith('restart'))).toEqual(['restart 1', 'restart 1', 'restart 1']);
});

test('no rung is taken while there is no way to the other end; then it goes on at once', async () => {
  const { ladder, rungs } = setup();
  ladder.hold();
  ladder.told('disconnected');
  ladder.told('failed');
  await pass(600_000);
  expect(rungs).toEqual(['wait']);
  ladder.release();
  expect(rungs).toEqual(['wait', 'restart 1']);
});

test('what was under way when the way was lost has its time anew', async () => {
  const { ladder, rungs } = setup();
  ladder.told('failed');
  await pass(restartMs - 1);
  ladder.hold();
  await pass(600_000);
  ladder.release();
  await pass(restartMs - 1);
  expect(rungs).toEqual(['wait', 'restart 1']);
  await pass(1);
  expect(rungs.at(-1)).toBe('rebuild 2');
});

test('what came back while the way was lost needs nothing when it is there again', async () => {
  const { ladder, rungs, world } = setup();
  ladder.hold();
  ladder.told('failed');
  ladder.told('connected');
  ladder.release();
  await pass(1);
  world.packets = 5;
  await pass(60_000);
  expect(rungs).toEqual(['wait', 'up']);
});

test('somebody who is there again after all was given up is called again', () => {
  const { ladder, rungs } = setup();
  for (let times = 0; times < 6; times++) ladder.told('failed');
  ladder.hold();
  ladder.release();
  expect(rungs.at(-1)).toBe('rebuild 5');
});

test('a person who asks for a new connection gets one, and all attempts again', async () => {
  const { ladder, rungs } = setup();
  for (let times = 0; times < 6; times++) ladder.told('failed');
  rungs.length = 0;
  ladder.go('rebuild');
  await pass(3 * rebuildMs);
  expect(rungs.map((rung) => rung.split(' ')[0])).toEqual(['rebuild', 'rebuild', 'rebuild', 'give-up']);
});

test('a change of the network restarts at once; asked for while held it waits for the way', async () => {
  const { ladder, rungs } = setup();
  ladder.hold();
  ladder.go('restart');
  expect(rungs).toEqual([]);
  ladder.release();
  ladder.go('restart');
  expect(rungs).toEqual(['restart 1', 'restart 2']);
  await pass(restartMs);
  expect(rungs.at(-1)).toBe('rebuild 3');
});

test('a new connection that the other end begins is an attempt of both', async () => {
  const { ladder, rungs } = setup();
  ladder.told('failed');
  for (let times = 0; times < 3; times++) {
    ladder.begin();
    ladder.told('failed');
  }
  // One of theirs came after the restart, and each after a new one of ours took its place.
  expect(rungs.map((rung) => rung.split(' ')[0])).toEqual([
    'wait',
    'restart',
    'rebuild',
    'rebuild',
    'give-up',
  ]);
});

test('an end ends it on any rung', async () => {
  const { ladder, rungs, end } = setup();
  ladder.told('disconnected');
  end.abort();
  await pass(600_000);
  expect(rungs).toEqual(['wait']);
});
