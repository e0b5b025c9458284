import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Stat } from '../../../rtc/stats/report.ts';
import { toRates } from '../../../rtc/stats/rates.ts';
import type { InboundSample, OutboundSample, StatsSample } from '../../../rtc/stats/sample.ts';
import { allCharts, browserName, charts, choicesOf, linesOf, units } from './charts.ts';
import { toCsv } from './csv.ts';
import { record, type Step } from './record.fixture.ts';
import { cluster, column, nearest, seriesFold, summarise, type Mark } from './series.ts';

const outbound = (more: Partial<OutboundSample>): OutboundSample => ({
  ssrc: 1,
  kind: 'video',
  bytesSent: 0,
  packetsSent: 0,
  ...more,
});
const inbound = (more: Partial<InboundSample>): InboundSample => ({
  ssrc: 2,
  kind: 'video',
  bytesReceived: 0,
  packetsReceived: 0,
  packetsLost: 0,
  ...more,
});
const stats = (sample: Partial<StatsSample>, atSec: number): Step => [
  'alice',
  { kind: 'stats', sample: { atMs: 0, outbound: [], inbound: [], ...sample } },
  atSec * 1000,
];
const alice = (...steps: readonly Step[]) => seriesFold()(record(...steps)).peers.get('alice')!;

test('every stream has a column for what it tells, with a gap where it was not there', () => {
  const series = alice(
    stats({ outbound: [outbound({ bitrateBps: 100 })] }, 1),
    stats({ outbound: [outbound({ bitrateBps: 200 }), outbound({ ssrc: 9, rid: 'h', bitrateBps: 50 })] }, 2),
    stats({ outbound: [outbound({ ssrc: 9, rid: 'h', bitrateBps: 60 })] }, 3),
  );
  expect(series.atSec).toEqual([1, 2, 3]);
  expect(column(series, 'out-1', 'bitrateBps')).toEqual([100, 200, null]);
  expect(column(series, 'out-9', 'bitrateBps')).toEqual([null, 50, 60]);
  expect(column(series, 'out-1', 'rttMs')).toBeUndefined();
});

test('a long run gets coarser in its older half and keeps its size', () => {
  const steps = Array.from({ length: 1000 }, (_, i) => stats({ outbound: [outbound({ bitrateBps: i })] }, i));
  const series = seriesFold(100, 20)(record(...steps)).peers.get('alice')!;
  expect(series.atSec.length).toBeLessThanOrEqual(120);
  expect(series.atSec).toEqual(series.atSec.toSorted((a, b) => a - b));
  expect(column(series, 'out-1', 'bitrateBps')).toEqual(series.atSec);
  expect(series.seqs).toEqual(series.atSec);
  expect(series.atSec.slice(-50)).toEqual(Array.from({ length: 50 }, (_, i) => 950 + i));
});

test('quality that is limited for several samples is one stretch of time', () => {
  const limited = (reason: 'cpu' | 'bandwidth' | 'none', sec: number) =>
    stats({ outbound: [outbound({ bitrateBps: 1, qualityLimitationReason: reason })] }, sec);
  expect(
    alice(
      limited('none', 1),
      limited('bandwidth', 2),
      limited('bandwidth', 3),
      limited('cpu', 4),
      limited('cpu', 9),
    ).limitations,
  ).toEqual([
    { reason: 'bandwidth', fromSec: 1, toSec: 3 },
    { reason: 'cpu', fromSec: 3, toSec: 4 },
    { reason: 'cpu', fromSec: 8, toSec: 9 },
  ]);
});

test('what happened is marked with its words; samples and calls are not', () => {
  const { marks } = seriesFold()(
    record(
      ['alice', { kind: 'call', call: 1, method: 'createOffer', args: [] }],
      ['lab', { kind: 'note', text: 'look here' }],
      ['bob', { kind: 'connection-state', state: 'failed' }],
      stats({}, 1),
    ),
  );
  expect(marks.map(({ words, isBad }) => [words, isBad])).toEqual([
    ['look here', false],
    ['connectionState: failed', true],
  ]);
});

test('marks that could not be told apart stand together', () => {
  const marks = [0, 0.5, 3, 3.2, 8].map((atSec, seq): Mark => ({
    atSec,
    seq,
    peer: 'lab',
    words: '',
    isBad: false,
  }));
  expect(cluster(marks, 1).map((group) => group.map(({ seq }) => seq))).toEqual([[0, 1], [2, 3], [4]]);
});

test.each([
  [[], 3, -1],
  [[1, 2, 4], -9, 0],
  [[1, 2, 4], 2.9, 1],
  [[1, 2, 4], 3.1, 2],
  [[1, 2, 4], 99, 2],
])('the sample of %j that is nearest to %d s is number %d', (times, sec, index) => {
  expect(nearest(times, sec)).toBe(index);
});

test('a summary leaves out what is not known', () => {
  expect(summarise([null, 2, null, 6, 4, null])).toEqual({ last: 4, min: 2, mean: 4, max: 6 });
  expect(summarise([null])).toBeUndefined();
});

test.each(['chromium-156', 'firefox-153'] as const)(
  'every chart of a call in %s has lines or says what is missing',
  (name) => {
    const captured: Record<string, [Stat[], Stat[]]> = JSON.parse(
      readFileSync(new URL(`../../../../tests/fixtures/stats/${name}.json`, import.meta.url), 'utf8'),
    );
    const [before, after] = captured['offerer']!.map(
      (report) => new Map(report.map((stat) => [stat.id, stat])),
    );
    const series = alice(stats(toRates(undefined, before!), 1), stats(toRates(before, after!), 2));
    const lines = (id: (typeof allCharts)[number]) =>
      linesOf(series, charts[id], 'all').map((line) => line.name);
    expect(lines('bitrate')).toEqual(
      expect.arrayContaining(['sends audio', 'sends video', 'receives audio', 'receives video']),
    );
    expect(lines('bandwidth').includes(', available')).toBe(false);
    expect(lines('bandwidth').includes('available')).toBe(name === 'chromium-156');
    for (const id of allCharts) {
      expect(charts[id].needs).not.toBe('');
      for (const { values, unit } of linesOf(series, charts[id], 'all'))
        expect(units[unit].words(values.at(-1) ?? 0)).not.toContain('NaN');
    }
    expect(choicesOf(series).map(([choice]) => choice)).toEqual(['all', 'mid 0', 'mid 1']);
    expect(linesOf(series, charts.bitrate, 'mid 1')).toHaveLength(2);
  },
);

test('layers of a simulcast are lines of their own', () => {
  const layers = ['q', 'h', 'f'].map((rid, ssrc) => outbound({ ssrc, rid, mid: '1', bitrateBps: 1 }));
  const series = alice(stats({ outbound: layers }, 1), stats({ outbound: layers }, 2));
  const lines = linesOf(series, charts.bitrate, 'all');
  expect(lines.map(({ name, dash }) => [name, dash])).toEqual([
    ['sends video · rid q', 0],
    ['sends video · rid h', 1],
    ['sends video · rid f', 2],
  ]);
  expect(linesOf(series, charts.bitrate, 'ssrc out-1').map(({ name }) => name)).toEqual([
    'sends video · rid h',
  ]);
});

test('the browser of a run is called by its name', () => {
  expect(browserName('Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0')).toBe(
    'Firefox',
  );
  expect(browserName('Mozilla/5.0 AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36')).toBe('Chromium');
  expect(browserName('')).toBe('This browser');
});

test('the CSV has a row for each sample and stream, as RFC 4180 wants it', () => {
  const text = toCsv(
    record(
      ['alice', { kind: 'peer-closed' }],
      stats(
        { outbound: [outbound({ bitrateBps: 1000, rid: 'a,"b"' })], inbound: [inbound({ mid: '=1+1' })] },
        1.5,
      ),
    ),
  );
  const rows = text.split('\r\n');
  expect(rows).toHaveLength(4);
  expect(rows[3]).toBe('');
  const header = rows[0]!.split(',');
  expect(header.slice(0, 7)).toEqual(['time_s', 'peer', 'direction', 'kind', 'mid', 'rid', 'ssrc']);
  expect(rows[1]).toMatch(/^1\.500,alice,sends,video,,"a,""b""",1,,1000,/);
  // What a spreadsheet would execute is made text: the other side chooses these words.
  expect(rows[2]).toMatch(/^1\.500,alice,receives,video,'=1\+1,,2,/);
  expect(rows[2]!.split(',')).toHaveLength(header.length);
});
