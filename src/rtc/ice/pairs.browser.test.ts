import { expect, test, vi } from 'vitest';
import { openBench, seats } from '../bench.fixture.ts';
import type { Bench } from '../bench.ts';
import { connected, openPeer } from '../peer.ts';
import type { Signal } from '../timeline.ts';

/** Two peers with a data channel; `change` has the last word about each signal. */
function call(change: (signal: Signal) => Signal | undefined = (signal) => signal) {
  const bench = openBench();
  const pcs = seats.map(({ self, other, offers }) => {
    const signaling = bench.signaling(self);
    const pc = openPeer(self, bench);
    const send = async (signal: Signal) => {
      const changed = change(signal);
      if (changed) await signaling.send(other, changed);
    };
    const describe = async () => {
      await pc.setLocalDescription();
      const { type, sdp } = pc.localDescription!;
      await send({ description: { type, sdp } });
    };
    pc.addEventListener(
      'icecandidate',
      ({ candidate }) => void send({ candidate: candidate?.toJSON() ?? null }),
    );
    signaling.receive(async (_, signal) => {
      if ('candidate' in signal) return pc.addIceCandidate(signal.candidate);
      await pc.setRemoteDescription(signal.description);
      return signal.description.type === 'offer' ? describe() : undefined;
    });
    if (offers) {
      pc.createDataChannel('lab');
      void describe();
    }
    return pc;
  });
  return { bench, pcs };
}

const checklists = (bench: Bench, peer: string) =>
  bench.timeline.entries.filter((entry) => entry.kind === 'candidate-pairs' && entry.peer === peer);

test('the checks of a real call are recorded until a pair is selected at both ends', async () => {
  const { bench, pcs } = call();
  await Promise.all(pcs.map((pc) => connected(pc, bench)));
  await vi.waitFor(() => {
    for (const { self, offers } of seats) {
      const last = checklists(bench, self).at(-1);
      expect(last).toMatchObject({ iceRole: offers ? 'controlling' : 'controlled' });
      const selected = last?.kind === 'candidate-pairs' && last.pairs.find((pair) => pair.selected);
      expect(selected).toMatchObject({ state: 'succeeded', nominated: true });
      expect(selected && selected.responsesReceived).toBeGreaterThan(0);
    }
  }, 5000);
});

test('the DTLS transport is recorded once for all that is bundled on it, with its mid', async () => {
  const { bench, pcs } = call();
  await Promise.all(pcs.map((pc) => connected(pc, bench)));
  const states = bench.timeline.entries.flatMap((entry) =>
    entry.kind === 'dtls-transport-state' && entry.peer === 'alice' ? [`${entry.mid} ${entry.state}`] : [],
  );
  expect(states.at(-1)).toBe('0 connected');
  expect(new Set(states).size).toBe(states.length);
});

test('checks that nobody answers are seen until they fail', async () => {
  // Nobody listens at this port of this computer, and no check comes from bob: his list is empty.
  const { bench } = call((signal) => {
    if (!('candidate' in signal) || !signal.candidate?.candidate) return signal;
    return undefined;
  });
  const dead = 'candidate:9 1 udp 2113937151 127.0.0.1 61999 typ host';
  await bench.timeline.until({ kind: 'description', peer: 'alice', side: 'remote' });
  const alice = bench.connections.get('alice')!;
  await alice.addIceCandidate({ candidate: dead, sdpMid: '0' });
  await bench.timeline.until({ kind: 'connection-state', peer: 'alice', state: 'failed' });
  await vi.waitFor(() => expect(checklists(bench, 'alice').at(-1)).toMatchObject({ pairs: [] }));
  const seen = checklists(bench, 'alice').flatMap((entry) =>
    entry.kind === 'candidate-pairs' ? entry.pairs : [],
  );
  expect(seen.every(({ selected, responsesReceived }) => !selected && responsesReceived === 0)).toBe(true);
  expect(seen.map(({ state }) => state)).toContain('in-progress');
  // Many requests, few entries: counts are recorded in powers of two.
  expect(seen.at(-1)!.requestsSent).toBeGreaterThan(40);
  expect(seen.length).toBeLessThan(14);
}, 40_000);

test('a running call costs no question of its own', async () => {
  const { bench, pcs } = call();
  await Promise.all(pcs.map((pc) => connected(pc, bench)));
  await bench.timeline.until({ kind: 'stats', peer: 'alice' });
  const [alice] = pcs;
  const asked = vi.spyOn(alice!, 'getStats');
  const before = checklists(bench, 'alice').length;
  const next = bench.timeline.entries.length;
  await vi.waitFor(() => {
    const samples = bench.timeline.entries
      .slice(next)
      .filter(({ kind, peer }) => kind === 'stats' && peer === 'alice');
    expect(samples.length).toBeGreaterThanOrEqual(3);
  }, 8000);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(4);
  expect(checklists(bench, 'alice').length - before).toBeLessThanOrEqual(2);
}, 15_000);
