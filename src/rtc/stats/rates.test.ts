import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toRates } from './rates.ts';
import type { Stat } from './report.ts';
import { selectedPair } from './selected-pair.ts';

interface Capture {
  offerer: [Stat[], Stat[]];
  answerer: [Stat[], Stat[]];
}
const capture = (name: string) => {
  const file = new URL(`../../../tests/fixtures/stats/${name}.json`, import.meta.url);
  const captured: Capture = JSON.parse(readFileSync(file, 'utf8'));
  return captured;
};
const toReport = (stats: readonly Stat[]) => new Map(stats.map((stat) => [stat.id, stat]));
const browsers = ['chromium-156', 'firefox-153'] as const;

const video = <Stream extends { kind: string }>(streams: readonly Stream[]) =>
  streams.find(({ kind }) => kind === 'video')!;
const find = (stats: readonly Stat[], type: string, kind: string) =>
  stats.find((stat) => stat.type === type && stat['kind'] === kind)!;

const sample = (side: [Stat[], Stat[]]) => toRates(toReport(side[0]), toReport(side[1]));

/** One stream of which the members are given, as two reports a second apart. */
function two(before: Record<string, unknown>, after: Record<string, unknown>, type = 'inbound-rtp') {
  const stat = { id: 'one', type, kind: 'video', ssrc: 1 };
  return toRates(
    toReport([{ ...stat, timestamp: 1000, ...before }]),
    toReport([{ ...stat, timestamp: 2000, ...after }]),
  );
}

describe.each(browsers)('a call in %s', (browser) => {
  const { offerer, answerer } = capture(browser);

  test.each([
    ['offerer', offerer, 'controlling'],
    ['answerer', answerer, 'controlled'],
  ] as const)('is described at the %s', (_, side, iceRole) => {
    const { candidatePair, transport, outbound, inbound } = sample(side);
    expect(transport).toMatchObject({
      dtlsState: 'connected',
      dtlsVersion: 'DTLS 1.3',
      dtlsCipher: 'TLS_AES_128_GCM_SHA256',
      srtpCipher: expect.stringMatching(/^SRTP_/),
      iceRole,
    });
    expect(candidatePair).toMatchObject({
      local: { type: 'host', protocol: 'udp', port: expect.any(Number) },
      // A check may come before the candidate that it belongs to: then it is peer reflexive.
      remote: { type: expect.stringMatching(/^(host|prflx)$/), protocol: 'udp', port: expect.any(Number) },
      currentRoundTripTimeMs: expect.any(Number),
    });
    for (const streams of [outbound, inbound]) {
      expect(streams.map(({ kind, codec }) => [kind, codec?.toLowerCase()])).toEqual(
        expect.arrayContaining([
          ['audio', 'audio/opus'],
          ['video', 'video/vp8'],
        ]),
      );
      expect(new Set(streams.map(({ mid }) => mid))).toEqual(new Set(['0', '1']));
    }
  });

  test('has the rates that the counters say', () => {
    const before = find(answerer[0], 'inbound-rtp', 'video');
    const after = find(answerer[1], 'inbound-rtp', 'video');
    const perSecond = (counter: string) =>
      (Number(after[counter]) - Number(before[counter])) / ((after.timestamp - before.timestamp) / 1000);
    const { inbound, outbound } = sample(answerer);
    expect(video(inbound)).toMatchObject({
      frameWidth: 300,
      frameHeight: 150,
      packetsLost: 0,
      lossFraction: 0,
    });
    expect(video(inbound).bitrateBps).toBeCloseTo(perSecond('bytesReceived') * 8, 3);
    expect(video(inbound).framesPerSecond).toBeCloseTo(perSecond('framesDecoded'), 6);
    expect(video(inbound).framesPerSecond).toBeGreaterThan(25);
    expect(video(inbound).jitterBufferDelayMs).toBeGreaterThan(1);
    expect(video(inbound).jitterBufferDelayMs).toBeLessThan(200);
    for (const stream of outbound)
      expect(stream).toMatchObject({ rttMs: expect.any(Number), lossFraction: 0, packetsLost: 0 });
  });

  test('has no rate in the first report', () => {
    const { inbound, outbound, candidatePair } = toRates(undefined, toReport(offerer[0]));
    expect(inbound).toHaveLength(2);
    for (const stream of [...inbound, ...outbound]) {
      expect(stream).not.toHaveProperty('bitrateBps');
      expect(stream).not.toHaveProperty('framesPerSecond');
    }
    expect(candidatePair).not.toHaveProperty('sendBitrateBps');
  });

  test('has no rate when no time has passed', () => {
    const { inbound } = toRates(toReport(offerer[1]), toReport(offerer[1]));
    expect(video(inbound)).not.toHaveProperty('bitrateBps');
    expect(video(inbound)).not.toHaveProperty('lossFraction');
  });

  test('has no rate for a stream with a new SSRC under an old id', () => {
    const renewed = offerer[1].map((stat) =>
      'ssrc' in stat ? { ...stat, ssrc: Number(stat['ssrc']) + 1 } : stat,
    );
    const { inbound } = toRates(toReport(offerer[0]), toReport(renewed));
    expect(inbound).toHaveLength(2);
    expect(video(inbound)).not.toHaveProperty('bitrateBps');
  });

  test('is a sample without undefined, NaN and Infinity, whatever is missing', () => {
    const members = [...new Set(answerer[1].flatMap((stat) => Object.keys(stat)))].filter(
      (key) => key !== 'id',
    );
    const harm = fc.record({
      which: fc.nat(answerer[1].length - 1),
      member: fc.constantFrom(...members),
      value: fc.constantFrom<unknown>(undefined, null, Number.NaN, Infinity, -1, 0, '', 'x', {}),
    });
    fc.assert(
      fc.property(fc.array(harm, { maxLength: 20 }), fc.array(harm, { maxLength: 20 }), (first, second) => {
        const [before, after] = [first, second].map((harms, index) => {
          const stats = structuredClone(answerer[index]!);
          for (const { which, member, value } of harms) Reflect.set(stats[which]!, member, value);
          return toReport(stats);
        });
        const rates = toRates(before, after!);
        expect(JSON.parse(JSON.stringify(rates))).toEqual(rates);
        expect(JSON.stringify(rates)).not.toContain('null');
        for (const { lossFraction = 0, bitrateBps = 0 } of [...rates.inbound, ...rates.outbound]) {
          expect(bitrateBps).toBeGreaterThanOrEqual(0);
          expect(lossFraction).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is described by what is left when dictionaries are missing', () => {
    for (const type of ['transport', 'codec', 'remote-inbound-rtp', 'local-candidate', 'candidate-pair']) {
      const less = answerer.map((stats) => toReport(stats.filter((stat) => stat.type !== type)));
      expect(video(toRates(less[0], less[1]!).inbound).bitrateBps).toBeGreaterThan(0);
    }
  });
});

test('what one browser does not count is left out', () => {
  const chromium = sample(capture('chromium-156').offerer);
  const firefox = sample(capture('firefox-153').offerer);
  expect(video(chromium.outbound).qualityLimitationReason).toBe('none');
  expect(video(firefox.outbound)).not.toHaveProperty('qualityLimitationReason');
  expect(chromium.candidatePair?.availableOutgoingBitrateBps).toBeGreaterThan(0);
  expect(firefox.candidatePair).not.toHaveProperty('availableOutgoingBitrateBps');
  // Chromium hides its addresses from a page that uses no camera, and says so with an empty string.
  expect(chromium.candidatePair?.local).not.toHaveProperty('address');
  expect(firefox.candidatePair?.local.address).toBe('10.9.0.1');
});

describe('a counter', () => {
  test('that went back gives no rate', () => {
    const [stream] = two(
      { bytesReceived: 9000, packetsReceived: 90 },
      { bytesReceived: 10, packetsReceived: 95 },
    ).inbound;
    expect(stream).not.toHaveProperty('bitrateBps');
    expect(stream).toMatchObject({ packetsPerSecond: 5 });
  });

  test('of lost packets may go back: then nothing was lost', () => {
    const back = two({ packetsLost: 7, packetsReceived: 10 }, { packetsLost: 5, packetsReceived: 20 });
    expect(back.inbound[0]).toMatchObject({ lossFraction: 0, packetsLost: 5 });
  });

  test('of lost packets is set against those that were expected', () => {
    const lossy = two({ packetsLost: 0, packetsReceived: 0 }, { packetsLost: 5, packetsReceived: 95 });
    expect(lossy.inbound[0]?.lossFraction).toBeCloseTo(0.05);
    const silent = two({ packetsLost: 0, packetsReceived: 9 }, { packetsLost: 0, packetsReceived: 9 });
    expect(silent.inbound[0]).not.toHaveProperty('lossFraction');
  });

  test('of concealed samples is a share of all', () => {
    const before = { kind: 'audio', concealedSamples: 0, totalSamplesReceived: 0 };
    const after = { kind: 'audio', concealedSamples: 4800, totalSamplesReceived: 48_000 };
    expect(two(before, after).inbound[0]?.concealedFraction).toBeCloseTo(0.1);
  });
});

const layer = (rid: string, ssrc: number, bytesSent: number, timestamp: number): Stat => ({
  id: rid,
  type: 'outbound-rtp',
  kind: 'video',
  rid,
  ssrc,
  bytesSent,
  timestamp,
});

test('each layer of a simulcast has its own rates', () => {
  const before = toReport([layer('h', 1, 0, 0), layer('f', 2, 0, 0)]);
  const after = toReport([layer('h', 1, 12_500, 500), layer('f', 2, 50_000, 500)]);
  expect(toRates(before, after).outbound).toMatchObject([
    { rid: 'h', bitrateBps: 200_000 },
    { rid: 'f', bitrateBps: 800_000 },
  ]);
});

describe('the selected pair', () => {
  test.each(browsers)('is put into words for %s', (browser) => {
    const pair = selectedPair(toReport(capture(browser).offerer[1]));
    expect(pair?.local).toMatch(/^host udp (\(address hidden\)|10\.9\.0\.1):\d+$/);
    expect(pair?.remote).toMatch(/^(host|prflx) udp (\(address hidden\)|10\.9\.0\.1):\d+$/);
  });

  const stats: Stat[] = [
    {
      id: 'l',
      type: 'local-candidate',
      timestamp: 0,
      candidateType: 'srflx',
      protocol: 'udp',
      address: '2001:db8::1',
      port: 9,
    },
    { id: 'r', type: 'remote-candidate', timestamp: 0, candidateType: 'relay', protocol: 'udp' },
    {
      id: 'p',
      type: 'candidate-pair',
      timestamp: 0,
      localCandidateId: 'l',
      remoteCandidateId: 'r',
      state: 'succeeded',
    },
  ];
  test.each([
    ['Firefox’s mark', { selected: true }],
    ['its nomination', { nominated: true }],
  ])('is found by %s where there is no transport', (_, mark) => {
    const marked = stats.map((stat) => (stat.id === 'p' ? { ...stat, ...mark } : stat));
    expect(selectedPair(toReport(marked))).toMatchObject({
      local: 'srflx udp [2001:db8::1]:9',
      remote: 'relay udp (address hidden)',
    });
  });

  test('is not there before ICE has chosen', () => {
    expect(selectedPair(toReport(stats))).toBeUndefined();
    expect(selectedPair(new Map())).toBeUndefined();
  });
});
