import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Stat } from '../stats/report.ts';
import { costOf, projectedCost } from './cost.ts';
import { linkRates } from './rates.ts';

const toReport = (stats: readonly Stat[]) => new Map(stats.map((stat) => [stat.id, stat]));

function captured(name: string) {
  const file = new URL(`../../../tests/fixtures/stats/${name}.json`, import.meta.url);
  const { offerer }: { offerer: [Stat[], Stat[]] } = JSON.parse(readFileSync(file, 'utf8'));
  return [toReport(offerer[0]), toReport(offerer[1])] as const;
}

describe.each([
  // 104179 − 88054 bytes in 1.002 s at the transport; Firefox tells bytes of the pair only.
  ['chromium-156', { up: 128_800, down: 133_300, encode: 0.03, decode: 0.0058 }],
  ['firefox-153', { up: 86_000, down: 85_200, encode: 0.0226, decode: 0.0541 }],
] as const)('the rates of a captured call in %s', (name, expected) => {
  test('are those of one encoder, one decoder and a direct path', () => {
    const [before, now] = captured(name);
    const rates = linkRates(before, now);
    expect(rates).toMatchObject({ path: { by: 'direct', protocol: 'udp' }, encoders: 1, decoders: 1 });
    expect(rates.upstreamBps).toBeCloseTo(expected.up, -3);
    expect(rates.downstreamBps).toBeCloseTo(expected.down, -3);
    expect(rates.encodeShare).toBeCloseTo(expected.encode, 3);
    expect(rates.decodeShare).toBeCloseTo(expected.decode, 3);
    expect(rates.roundTripMs).toBeGreaterThanOrEqual(0);
  });

  test('are unknown after one report, and nothing runs between two of the same moment', () => {
    const [, now] = captured(name);
    expect(Object.keys(linkRates(undefined, now)).toSorted()).toEqual(['path', 'roundTripMs']);
    expect(linkRates(now, now)).toMatchObject({ encoders: 0, encodeShare: 0 });
    expect(linkRates(now, now).upstreamBps).toBeUndefined();
  });
});

const stat = (members: Record<string, unknown>, timestamp: number): Stat => ({
  id: 'one',
  type: 'outbound-rtp',
  kind: 'video',
  ssrc: 1,
  timestamp,
  ...members,
});

test('a time that the browser does not tell is absent, not nothing', () => {
  const report = (frames: number, at: number) => toReport([stat({ framesEncoded: frames }, at)]);
  const rates = linkRates(report(10, 1_000), report(40, 2_000));
  expect(rates.encoders).toBe(1);
  expect(rates).not.toHaveProperty('encodeShare');
});

test('an encoder whose counters began anew is not told of', () => {
  const report = (frames: number, at: number) => toReport([stat({ framesEncoded: frames }, at)]);
  expect(linkRates(report(900, 1_000), report(3, 2_000)).encoders).toBe(0);
});

test('a path is that of the selected pair', () => {
  const report = toReport([
    stat({ id: 'T', type: 'transport', selectedCandidatePairId: 'P' }, 1),
    stat({ id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' }, 1),
    stat({ id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'udp' }, 1),
    stat({ id: 'R', type: 'remote-candidate', candidateType: 'relay', protocol: 'udp' }, 1),
  ]);
  expect(linkRates(undefined, report)).toEqual({ path: { by: 'relay', protocol: 'udp' } });
});

const two = [
  {
    path: { by: 'direct', protocol: 'udp' },
    upstreamBps: 1_000,
    downstreamBps: 400,
    encoders: 1,
    encodeShare: 0.1,
    roundTripMs: 10,
  },
  {
    path: { by: 'relay', protocol: 'tls' },
    upstreamBps: 3_000,
    downstreamBps: 600,
    encoders: 1,
    roundTripMs: 30,
  },
] as const;

test('the cost of a meeting is the sum of its links, each figure over those that tell it', () => {
  const cost = costOf([...two, {}]);
  expect(cost).toEqual({
    connections: 3,
    measured: 2,
    relayed: 1,
    roundTripMs: 20,
    figures: {
      encoders: { sum: 2, links: 2 },
      upstreamBps: { sum: 4_000, links: 2 },
      downstreamBps: { sum: 1_000, links: 2 },
      encodeShare: { sum: 0.1, links: 1 },
    },
  });
});

test('who comes costs the mean of those who are measured', () => {
  const projected = projectedCost(costOf(two), 3);
  expect(projected.upstreamBps).toEqual({ perLink: 2_000, links: 2, added: 6_000, total: 10_000 });
  expect(projected.encodeShare?.links).toBe(1);
  expect(projected.encodeShare?.added).toBeCloseTo(0.3);
  expect(projected.decodeShare).toBeUndefined();
});

test('nothing is projected when nothing is measured', () => {
  expect(projectedCost(costOf([{}]), 4)).toEqual({});
  expect(() => projectedCost(costOf([]), -1)).toThrow(RangeError);
});
