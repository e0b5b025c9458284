/** Everything that panels compute from a timeline, over runs that were captured from real browsers. */
import { describe, expect, test } from 'vitest';
import { capture, captures } from '../../../../tests/fixtures/recordings.ts';
import { callSteps, checkOrder, mediaSteps, mergeRecords } from '../../../rtc/order.ts';
import { parseSdp } from '../../../rtc/sdp/parse.ts';
import { compareRuns } from '../../../rtc/recording/compare.ts';
import { anchorsOf, callsIn, milestones, sameStep } from '../../../rtc/recording/milestones.ts';
import { indexAt, lanes, laneOf, marksOf, nextMark, ticksOf } from '../../replay/scrub.ts';
import { bandsAt } from './bands.ts';
import { candidatesFold } from './candidates.ts';
import { toCsv } from './csv.ts';
import { allGroups, describeEntry } from './describe.ts';
import { descriptionsFold } from './descriptions.ts';
import type { Fold } from './fold.ts';
import { fateOf, ladderFold, levels } from './ladder.ts';
import { groupCounts, rowsFold } from './rows.ts';
import { seriesFold } from './series.ts';
import { sideBySide } from './side-by-side.ts';
import { statesFold } from './states.ts';
import { statsFold } from './stats.ts';

const everything = { peer: null, hidden: new Set<never>() };
const folds: readonly (readonly [name: string, make: () => Fold<unknown>])[] = [
  ['rows', () => rowsFold(everything)],
  ['counts', groupCounts],
  ['states', statesFold],
  ['candidates', candidatesFold],
  ['descriptions', descriptionsFold],
  ['statistics', statsFold],
  ['series', seriesFold],
  ...levels.map((level) => [`ladder, ${level}`, () => ladderFold(level)] as const),
];

describe.each(captures)('$name', ({ name, recording }) => {
  const { entries, hosted, peers } = recording;
  const hasMedia = recording.lab === 'first-call';

  test.each(folds)('%s: entry by entry comes to the same as all at once, and back again', (_, make) => {
    const [steadily, whole] = [make(), make()];
    for (let end = 0; end <= entries.length; end += 7) steadily(entries, end);
    const atOnce = structuredClone(whole(entries));
    expect(steadily(entries)).toEqual(atOnce);
    const half = Math.floor(entries.length / 2);
    expect(steadily(entries, half)).toEqual(make()(entries, half));
  });

  test('every entry has a row, a group and words', () => {
    expect(rowsFold(everything)(entries)).toEqual(entries);
    for (const peer of peers)
      expect(rowsFold({ ...everything, peer })(entries).every((entry) => entry.peer === peer)).toBe(true);
    const counts = groupCounts()(entries);
    expect(allGroups.reduce((sum, group) => sum + (counts.get(group) ?? 0), 0)).toBe(entries.length);
    for (const entry of entries) {
      const { title, detail } = describeEntry(entry);
      expect(title).not.toMatch(/undefined|NaN|\[object/);
      expect(detail).not.toMatch(/does not know/);
    }
  });

  test('each connection of this page came up and was closed', () => {
    const tracks = statesFold()(entries);
    expect([...tracks.keys()].toSorted()).toEqual([...hosted].toSorted());
    for (const peer of hosted) {
      const way = [...(tracks.get(peer)?.values() ?? [])].find(
        ({ machine }) => machine === 'connection-state',
      );
      const states = way?.stops.map(({ state }) => state) ?? [];
      expect(states[0]).toBe('new');
      expect(states).toContain('connected');
      expect(states.at(-1)).toBe('closed');
    }
  });

  test('every candidate is read, and the pair in use is one of host candidates', () => {
    const all = candidatesFold()(entries);
    for (const peer of hosted) {
      const own = all.get(peer);
      expect(own?.local.length).toBeGreaterThan(0);
      for (const row of [...(own?.local ?? []), ...(own?.remote ?? [])]) expect(row.problem).toBeUndefined();
      expect(own?.pair?.local.type).toBe('host');
      expect(own?.errors).toEqual([]);
    }
  });

  test('each call is one exchange, and its sections stand side by side', () => {
    const exchanges = descriptionsFold()(entries);
    const calls = callsIn(entries);
    expect(calls).toEqual(
      recording.lab === 'trickle-ice'
        ? [
            ['alice', 'bob'],
            ['carol', 'dave'],
          ].toSorted((a) => (a[0] === calls[0]?.[0] ? -1 : 1))
        : [expect.arrayContaining(['alice', 'bob'])],
    );
    expect(exchanges.map(({ offerer, answerer }) => [offerer, answerer])).toEqual(calls);
    for (const { offer, answer } of exchanges) {
      const [left, right] = [parseSdp(offer.sdp), parseSdp(answer?.sdp ?? '')];
      if (!left.ok || !right.ok) throw new Error('a captured description could not be read');
      const sections = sideBySide(left.model, right.model);
      expect(sections).toHaveLength(left.model.media.length + 1); // and that of the session
      expect(sections.every((section) => section.offer.length > 0 && section.answer.length > 0)).toBe(true);
    }
  });

  test('statistics: a sample each second, with streams where there is media', () => {
    const samples = entries.filter((entry) => entry.kind === 'stats');
    const last = statsFold()(entries);
    for (const peer of last.keys()) {
      const inbound = last.get(peer)?.last.inbound ?? [];
      expect(inbound.map(({ kind }) => kind).toSorted()).toEqual(hasMedia ? ['audio', 'video'] : []);
    }
    if (hasMedia) expect([...last.keys()].toSorted()).toEqual([...hosted].toSorted());
    const series = seriesFold()(entries);
    const kept = [...series.peers.values()].reduce((sum, { atSec }) => sum + atSec.length, 0);
    expect(kept).toBe(samples.length);
    const streams = samples.reduce(
      (sum, { sample }) => sum + sample.outbound.length + sample.inbound.length,
      0,
    );
    expect(toCsv(entries).trimEnd().split('\r\n')).toHaveLength(streams + 1);
  });

  test('the ladder: each level adds rows, nothing is lost, media flowed in both directions', () => {
    const ladders = levels.map((level) => ladderFold(level)(entries));
    const counts = ladders.map(({ rows }) => rows.length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    const arrows = [...(ladders[0]?.byId.values() ?? [])].flat();
    const signals = entries.filter(({ kind }) => kind === 'signal-sent' || kind === 'signal-received');
    expect(arrows.length).toBeGreaterThanOrEqual(signals.length / 2);
    const expected = name.includes('two-devices') ? ['elsewhere'] : ['delivered'];
    const fates = new Set(arrows.map((arrow) => fateOf(arrow, ladders[0]!, hosted)));
    expect([...fates]).toEqual(expected);
    const flows = ladders[0]?.bands.all ?? [];
    expect(flows.length).toBeGreaterThan(0);
    expect(bandsAt(ladders[0]!.bands, 0)).toEqual([]);
  });

  test('the scrubber: marks in their lanes, times ascend, keys find every mark', () => {
    const marks = marksOf(entries, 200);
    for (const lane of lanes) expect(marks[lane].every((slot) => slot >= 0 && slot < 200)).toBe(true);
    expect(marks.signals.length).toBeGreaterThan(1);
    expect(marks.states.length).toBeGreaterThan(4);
    const times = ticksOf(entries, 5).map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const found: number[] = [];
    for (let at = nextMark(entries, -1, 1); at < entries.length - 1; at = nextMark(entries, at, 1))
      found.push(at);
    const marked = entries.flatMap((entry, index) =>
      laneOf(entry) && index < entries.length - 1 ? [index] : [],
    );
    expect(found).toEqual(marked);
    for (const [index, entry] of entries.entries())
      expect(indexAt(entries, entry.atMs)).toBeGreaterThanOrEqual(index);
  });

  test('compared with itself nothing differs', () => {
    const { milestones: steps, properties } = compareRuns(recording, recording);
    expect(properties.filter(({ differs }) => differs)).toEqual([]);
    expect(steps.length).toBeGreaterThan(8);
    expect(steps.filter(({ laterMs }) => laterMs !== 0)).toEqual([]);
    const anchors = anchorsOf(entries);
    for (const index of [0, 5, Math.floor(entries.length / 2), entries.length - 1])
      expect(sameStep(index, anchors, anchors)).toBe(index);
  });
});

describe.each(['chromium-156', 'firefox-153'])('%s keeps the order of the standards', (browser) => {
  test('in one page, for the call that trickles', () => {
    const steps = [...callSteps('alice', 'bob'), ...mediaSteps('alice', 'bob')];
    expect(checkOrder(capture(`${browser}-first-call`).entries, steps)).toEqual([]);
    expect(checkOrder(capture(`${browser}-trickle-ice`).entries, callSteps('alice', 'bob'))).toEqual([]);
  });

  test('by hand: no candidate crosses on its own, everything else is there', () => {
    const missing = checkOrder(capture(`${browser}-signaling-by-hand`).entries, callSteps('alice', 'bob'));
    expect(missing.map(({ why, step }) => `${why} ${step}`)).toEqual([
      'missing alice-remote-candidate',
      'missing bob-remote-candidate',
    ]);
  });

  test('over two pages: each saw its half, both together are a call', () => {
    const [alice, bob] = ['alice', 'bob'].map((peer) => capture(`${browser}-two-devices-${peer}`));
    if (!alice || !bob) throw new Error('not captured');
    const [call] = callsIn(alice.entries);
    expect(callsIn(bob.entries)).toEqual([call]);
    const steps = callSteps(...(call ?? ['alice', 'bob']));
    expect(checkOrder(alice.entries, steps).length).toBeGreaterThan(5);
    const merged = mergeRecords(alice.entries, bob.entries);
    expect(merged).toHaveLength(alice.entries.length + bob.entries.length);
    expect(checkOrder(merged, steps)).toEqual([]);
  });

  test('milestones come in their order, each once', () => {
    const found = milestones(capture(`${browser}-first-call`).entries);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    expect(found[0]?.text).toBe('alice sets its offer');
    expect(found.map(({ id }) => id)).toContain('0 answerer-frame');
  });
});

test('two browsers compared: codecs, candidates and browser differ; the answer follows the offer in both', () => {
  const [a, b] = [capture('chromium-156-first-call'), capture('firefox-153-first-call')];
  const { milestones: steps, properties } = compareRuns(a, b);
  const row = (name: string) => properties.find((one) => one.name === name);
  expect(row('browser')).toMatchObject({ a: 'Chromium 156', b: 'Firefox 153', differs: true });
  expect(row('arrangement')).toMatchObject({ a: 'one-page', differs: false });
  expect(row('bob: audio codecs that the answer allows')?.a).toMatch(/^opus/);
  expect(row('alice: candidates found')?.b).toMatch(/host udp/);
  expect(row('alice: selected pair')?.a).toMatch(/^host ↔ /);
  expect(row('alice: sent')?.a).toMatch(/1 × offer/);
  expect(row('bob: mean bitrate received')?.a).toMatch(/^\d+ kbit\/s$/);
  expect(row('errors')).toBeUndefined();
  const sent = steps.find(({ id }) => id === '0 answer-sent');
  expect(sent?.laterMs).toBeCloseTo((sent?.bMs ?? 0) - (sent?.aMs ?? 0));
  const [from, to] = [anchorsOf(a.entries), anchorsOf(b.entries)];
  const places = a.entries.map((_, index) => sameStep(index, from, to));
  expect(places).toEqual(places.toSorted((x, y) => x - y));
  expect(places.at(-1)).toBe(b.entries.length - 1);
  for (const { id, index } of from.anchors.filter(({ id }) => id.endsWith('offer-set')))
    expect(sameStep(index, from, to)).toBe(to.places.get(id));
});
