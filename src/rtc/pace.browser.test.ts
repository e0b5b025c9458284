import { afterEach, expect, test } from 'vitest';
import { openBench, seats } from './bench.fixture.ts';
import type { Bench, Seat } from './bench.ts';
import { callSteps, checkOrder } from './order.ts';
import { Pace } from './pace.ts';
import { connected, openPeer } from './peer.ts';
import { stepWords } from './step-words.ts';
import { matches, type Entry } from './timeline.ts';

const lost: unknown[] = [];
const onLost = ({ reason }: PromiseRejectionEvent) => lost.push(reason);
addEventListener('unhandledrejection', onLost);
afterEach(() => void (lost.length = 0));

function setUp(mode: Pace['mode']): { bench: Bench; pace: Pace } {
  const pace = new Pace();
  pace.mode = mode;
  const bench = openBench({ pace });
  return { bench, pace };
}

/** A call as the labs make it. */
async function call(bench: Bench, { self, other, offers }: Seat): Promise<void> {
  const signaling = bench.signaling(self);
  const pc = openPeer(self, bench);
  pc.addEventListener('icecandidate', ({ candidate }) => void signaling.send(other, { candidate }));
  signaling.receive(async (_, signal) => {
    if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
    await pc.setRemoteDescription(signal.description);
    if (signal.description.type !== 'offer') return;
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  });
  if (offers) {
    pc.createDataChannel('lab');
    await pc.setLocalDescription();
    await signaling.send(other, { description: pc.localDescription });
  }
  await connected(pc, bench);
}

const both = (bench: Bench) => Promise.all(seats.map((seat) => call(bench, seat)));

/** Resolves as soon as something waits. */
const untilHeld = (pace: Pace) =>
  new Promise<void>((resolve) => {
    const look = () => pace.next && (leave(), resolve());
    const leave = pace.subscribe(look);
    look();
  });
const quiet = () => new Promise((resolve) => setTimeout(resolve, 150));
const has = (bench: Bench, wanted: Partial<Entry>) =>
  bench.timeline.entries.some((entry) => matches(entry, wanted));

test('a stepped run stops before each step, nothing happens while it waits, and it goes on to connected', async () => {
  const { bench, pace } = setUp('step');
  const up = both(bench);
  const steps: string[] = [];
  for (let step = 0; step < 6; step++) {
    await untilHeld(pace);
    const before = bench.timeline.entries.filter(({ kind }) => kind === 'call').length;
    const next = pace.next!;
    steps.push(stepWords(next, bench.connections.get(next.peer)?.signalingState));
    await quiet();
    expect(bench.timeline.entries.filter(({ kind }) => kind === 'call')).toHaveLength(before);
    pace.go();
  }
  await up;
  expect(steps).toEqual([
    'alice makes an offer and sets it as local description: setLocalDescription()',
    'alice sends the offer to bob',
    'bob sets the offer as remote description: setRemoteDescription()',
    'bob makes the answer and sets it as local description: setLocalDescription()',
    'bob sends the answer to alice',
    'alice sets the answer as remote description: setRemoteDescription()',
  ]);
  const recorded = bench.timeline.entries.flatMap((entry) => (entry.kind === 'step' ? [entry.text] : []));
  expect(recorded).toEqual(steps);
  await expect.poll(() => checkOrder(bench.timeline.entries, callSteps('alice', 'bob'))).toEqual([]);
});

test('the connection is as far as it has come: no description before its step, and the state waits with it', async () => {
  const { bench, pace } = setUp('step');
  both(bench).catch(() => {}); // it ends with the test
  await untilHeld(pace);
  expect(pace.next).toMatchObject({ does: 'call', peer: 'alice', method: 'setLocalDescription' });
  await quiet();
  expect(bench.connections.get('alice')?.signalingState).toBe('stable');
  pace.go();
  await bench.timeline.until({ kind: 'signaling-state', peer: 'alice', state: 'have-local-offer' });
  await untilHeld(pace);
  expect(pace.next).toMatchObject({ does: 'send', peer: 'alice', to: 'bob' });
  await bench.timeline.until({ kind: 'candidate', peer: 'alice' });
  await quiet();
  expect(has(bench, { kind: 'signal-sent' })).toBe(false); // candidates do not overtake the offer
});

test('a stop while a step waits: nothing more happens, and no rejection is left over', async () => {
  const { bench, pace } = setUp('step');
  const up = both(bench);
  up.catch(() => {});
  await untilHeld(pace);
  pace.go();
  await untilHeld(pace);
  const held = openPeer('carol', bench).setLocalDescription();
  bench.close();
  await expect(up).rejects.toMatchObject({ code: 'stopped' });
  expect(pace.next).toBeUndefined();
  const settled = held.then(
    () => 'settled',
    () => 'settled',
  );
  expect(await Promise.race([settled, quiet().then(() => 'still waits')])).toBe('still waits');
  expect(has(bench, { kind: 'signal-sent' })).toBe(false);
  expect(lost).toEqual([]);
});

test('a run that is let go while it is held connects in the order of the standards', async () => {
  const { bench, pace } = setUp('step');
  const up = both(bench);
  await untilHeld(pace);
  pace.go();
  await untilHeld(pace);
  pace.mode = 'run';
  await up;
  await expect.poll(() => checkOrder(bench.timeline.entries, callSteps('alice', 'bob'))).toEqual([]);
  expect(bench.timeline.entries.filter(({ kind }) => kind === 'error')).toEqual([]);
});

test('two offers at once are let go in the order of coming, each on its own', async () => {
  const { bench, pace } = setUp('step');
  const offers = seats.map(async ({ self, other }) => {
    const pc = openPeer(self, bench);
    pc.createDataChannel('lab');
    await pc.setLocalDescription();
    await bench.signaling(self).send(other, { description: pc.localDescription });
  });
  const order: string[] = [];
  while (order.length < 4) {
    await untilHeld(pace);
    const { peer, does } = pace.next!;
    order.push(`${peer} ${does}`);
    pace.go();
    await quiet();
  }
  await Promise.all(offers);
  expect(order).toEqual(['alice call', 'bob call', 'alice send', 'bob send']);
});

test('the time limit of connected() does not count while a step waits', async () => {
  const { bench, pace } = setUp('step');
  const pc = openPeer('alice', bench);
  void pc.setLocalDescription();
  const outcome = connected(pc, bench, 50).catch(({ code }: { code: string }) => code);
  expect(await Promise.race([outcome, quiet().then(() => 'still waits')])).toBe('still waits');
  pace.go();
  expect(await outcome).toBe('connect-timeout');
});

test('a run that nobody holds gets the browser’s own promise in the same task', async () => {
  const { bench } = setUp('run');
  const pc = openPeer('alice', bench);
  pc.createDataChannel('lab');
  const promise = pc.setLocalDescription();
  expect(bench.timeline.entries.at(-1)).toMatchObject({ kind: 'call', method: 'setLocalDescription' });
  await promise;
  expect(has(bench, { kind: 'step' })).toBe(false);
});
