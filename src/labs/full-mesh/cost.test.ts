import { expect, test } from 'vitest';
import type { StatsSample } from '../../rtc/stats/sample.ts';
import type { RtcEvent } from '../../rtc/timeline.ts';
import { costOf, endsFold, pointOf } from './cost.ts';
import { Curve, mostPeople, perConnectionBps, type Shelf } from './curve.ts';
import { arrivals, meshOf, otherOf, personOf } from './people.ts';

test.each([
  [2, 1],
  [3, 3],
  [6, 15],
])('a mesh of %i people has %i connections, and each end is named once', (count, connections) => {
  const pairs = meshOf(count);
  expect(pairs).toHaveLength(connections);
  expect(new Set(pairs.flat()).size).toBe(2 * connections);
  for (const [offerer, answerer] of pairs)
    expect([personOf(offerer), otherOf(offerer)]).toEqual([otherOf(answerer), personOf(answerer)]);
});

test('people come one after the other, and each newcomer offers to all who are there', () => {
  const seats = meshOf(4).flatMap(([offerer, answerer]) => [
    { self: offerer, other: answerer, offers: true },
    { self: answerer, other: offerer, offers: false },
  ]);
  const groups = arrivals(seats).map((group) => group.filter(({ offers }) => offers).map(({ self }) => self));
  expect(groups).toEqual([
    ['bob-alice'],
    ['carol-alice', 'carol-bob'],
    ['dave-alice', 'dave-bob', 'dave-carol'],
  ]);
});

const sample = (upBps: number, framesPerSecond = 30): StatsSample => ({
  atMs: 0,
  outbound: [
    { ssrc: 1, kind: 'video', bytesSent: 1, packetsSent: 1, bitrateBps: upBps, framesPerSecond },
    { ssrc: 2, kind: 'audio', bytesSent: 1, packetsSent: 1, bitrateBps: 0 },
  ],
  inbound: [
    { ssrc: 3, kind: 'video', bytesReceived: 1, packetsReceived: 1, packetsLost: 0, bitrateBps: 50_000 },
  ],
});

function endsAfter(samples: number): ReturnType<ReturnType<typeof endsFold>> {
  const events: [string, RtcEvent][] = meshOf(3)
    .flat()
    .flatMap((end): [string, RtcEvent][] => [
      [end, { kind: 'peer-opened', configuration: {} }],
      [end, { kind: 'connection-state', state: 'connected' }],
      ...Array.from({ length: samples }, (_, index): [string, RtcEvent] => [
        end,
        { kind: 'stats', sample: sample(index < 2 ? 900_000 : 100_000, end === 'alice-bob' ? 12 : 30) },
      ]),
    ]);
  const entries = events.map(([peer, event], seq) => ({ ...event, peer, seq, atMs: seq }));
  return endsFold()(entries);
}

test('what one person pays is the sum over their connections; a silent stream needs no encoder', () => {
  const alice = costOf(endsAfter(3)).find(({ person }) => person === 'alice');
  expect(alice).toEqual({
    person: 'alice',
    connections: 2,
    encoders: 2,
    upBps: 200_000,
    downBps: 100_000,
    slowestFps: 12,
  });
});

test('a point needs three samples of each end after the warm-up, in which a connection looks for its bitrate', () => {
  expect(pointOf(endsAfter(4))).toBeUndefined();
  expect(pointOf(endsAfter(5))).toMatchObject({ people: 3, upBps: 200_000, downBps: 100_000, fps: 27 });
});

test('the pair counts everything, and is believed before the streams are added up', () => {
  const ends = endsAfter(3);
  const [first] = ends.get('alice-bob')?.samples ?? [];
  const end = { type: 'host', protocol: 'udp' } as const;
  const candidatePair = { local: end, remote: end, bytesSent: 0, bytesReceived: 0, sendBitrateBps: 130_000 };
  ends.set('alice-bob', { ...ends.get('alice-bob')!, samples: [{ ...first!, candidatePair }] });
  expect(costOf(ends).find(({ person }) => person === 'alice')?.upBps).toBe(230_000);
});

test('the slope is the line through the origin over n − 1, and says how many people an uplink carries', () => {
  const points = [
    { people: 2, upBps: 100_000, downBps: 0 },
    { people: 3, upBps: 200_000, downBps: 0 },
    { people: 5, upBps: 440_000, downBps: 0 },
  ];
  expect(perConnectionBps([])).toBeUndefined();
  expect(perConnectionBps(points.slice(0, 2))).toBe(100_000);
  expect(perConnectionBps(points)).toBeCloseTo(107_619, 0);
  expect(mostPeople(350_000, 100_000)).toBe(4);
  expect(mostPeople(50_000, 100_000)).toBe(1);
});

test('points are kept, a newer one takes the place of an older one, and what is no point is not believed', () => {
  const kept = new Map<string, string>();
  const shelf: Shelf = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
  const curve = new Curve(shelf);
  curve.keep({ people: 3, upBps: 2, downBps: 2 });
  curve.keep({ people: 2, upBps: 1, downBps: 1 });
  curve.keep({ people: 3, upBps: 4, downBps: 4, fps: 30 });
  expect(new Curve(shelf).points.map(({ people, upBps }) => [people, upBps])).toEqual([
    [2, 1],
    [3, 4],
  ]);
  curve.forget();
  expect(new Curve(shelf).points).toEqual([]);
  for (const nonsense of ['[', '{}', '[{"people":2,"upBps":"much","downBps":1}]', '[null]']) {
    kept.set('peerscope:mesh-curve', nonsense);
    expect(new Curve(shelf).points).toEqual([]);
  }
  expect(new Curve().points).toEqual([]);
});
