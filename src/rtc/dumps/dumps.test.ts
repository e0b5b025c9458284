import { describe, expect, test } from 'vitest';
import { dumpNames, dumpOf, dumpText } from '../../../tests/fixtures/dumps.ts';
import { parseEntry } from '../recording/schema.ts';
import type { Entry, EntryKind, EntryOf } from '../timeline.ts';
import { readDump } from './index.ts';

const ofKind = <K extends EntryKind>(entries: readonly Entry[], kind: K, peer?: string) =>
  entries.filter(
    (entry): entry is EntryOf<K> & Entry => entry.kind === kind && (!peer || entry.peer === peer),
  );
const lastState = (entries: readonly Entry[], kind: 'connection-state' | 'signaling-state', peer: string) =>
  ofKind(entries, kind, peer).at(-1)?.state ?? 'new';
const kindOf = (name: string) => name.replace(/^\w+-\d+-/, '').split('.')[0] ?? '';
const names = (pattern: RegExp) => dumpNames.filter((name) => pattern.test(name));

/** What was called, and what came of it. Chromium never gives a call up that no candidate reaches. */
const called: Readonly<
  Record<string, { peers?: number; states: string; signaling?: string; codecs?: string }>
> = {
  audio: { states: 'connected,connected', codecs: 'audio/opus' },
  'closed-early': { states: 'new,new', signaling: 'have-local-offer,have-remote-offer' },
  'data-only': { states: 'connected,connected', codecs: '' },
  'early-candidates': { states: 'new,new' },
  'foreign-names': { states: 'new,new' },
  glare: { states: 'new,new' },
  'ice-restart': { states: 'connected,connected', codecs: 'audio/opus,video/VP8' },
  interrupted: { states: 'connected,connected', codecs: 'audio/opus,video/VP8' },
  lossy: { states: 'connected,connected', codecs: 'audio/opus,video/VP8' },
  many: { peers: 8, states: Array.from({ length: 8 }, () => 'connected').join(), codecs: 'audio/opus' },
  'muted-microphone': { states: 'connected,connected', codecs: 'audio/opus' },
  narrow: { states: 'connected,connected', codecs: 'video/VP8' },
  'no-camera': { states: 'connected,connected', codecs: '' },
  'no-candidates': { states: 'new,new' },
  'no-frames': { states: 'connected,connected', codecs: 'video/VP8' },
  'not-awaited': { states: 'new,new', signaling: 'have-local-offer,stable' },
  'one-way': { states: 'connected,connected', codecs: 'video/VP8' },
  'path-lost': { states: 'disconnected,disconnected', codecs: 'audio/opus,video/VP8' },
  'refused-video': { states: 'connected,connected' },
  'relay-only': { states: 'new,new' },
  renegotiation: { states: 'connected,connected', codecs: 'audio/opus,video/VP8' },
  rollback: { states: 'connected,connected', codecs: '' },
  screen: { states: 'connected,connected', codecs: 'video/VP8' },
  simulcast: { states: 'connected,connected', codecs: 'video/VP8' },
  'track-ended': { states: 'connected,connected', codecs: 'audio/opus,video/VP8' },
  'turn-refused': { states: 'connected,connected', codecs: '' },
  unanswered: { peers: 1, states: 'new', signaling: 'have-local-offer' },
  unreachable: { states: 'failed,failed' },
  video: { states: 'connected,connected', codecs: 'audio/opus,video/VP8' },
  'wrong-fingerprint': { states: 'failed,failed', codecs: 'audio/opus' },
  'wrong-order': { states: 'new,connecting' },
};

/** Firefox gives up after five seconds what Chromium goes on trying. */
const givenUp: ReadonlySet<string> = new Set([
  'early-candidates',
  'foreign-names',
  'no-candidates',
  'relay-only',
]);

test('there are dumps of two browsers, in three formats, of every kind of call', () => {
  expect(dumpNames.length).toBeGreaterThan(60);
  expect(new Set(dumpNames.map(kindOf))).toEqual(new Set(Object.keys(called)));
  for (const pattern of [
    /^chromium.*internals\.json\.gz$/,
    /^chromium.*internals\.jsonl/,
    /^firefox.*rtcstats/,
  ])
    expect(names(pattern).length).toBeGreaterThan(15);
});

describe.each(dumpNames)('%s', (name) => {
  const { peers, hosted, entries, source, title, browser, startedAtMs } = dumpOf(name);
  const kind = kindOf(name);
  // Chromium's page forgets a connection when it is closed.
  const forgets = name === 'chromium-156-closed-early.internals.json.gz';

  test('tells what was called and what came of it', () => {
    const { peers: count = 2, states, signaling = 'stable,stable', codecs } = called[kind] ?? { states: '?' };
    if (forgets) return expect(peers).toEqual(['pc 1']);
    expect(peers).toHaveLength(count);
    expect(hosted).toEqual(peers);
    const isFirefox = name.startsWith('firefox');
    expect(peers.map((peer) => lastState(entries, 'connection-state', peer)).join()).toBe(
      isFirefox && givenUp.has(kind) ? 'failed,failed' : states,
    );
    if (count <= 2)
      expect(peers.map((peer) => lastState(entries, 'signaling-state', peer)).join()).toBe(signaling);
    const streams = ofKind(entries, 'stats').flatMap(({ sample }) => [...sample.inbound, ...sample.outbound]);
    if (codecs !== undefined)
      expect([...new Set(streams.flatMap(({ codec }) => codec ?? []))].toSorted().join()).toBe(codecs);
  });

  test('says where it comes from', () => {
    expect(source).toBe(
      name.includes('rtcstats.')
        ? 'rtcstats'
        : name.includes('jsonl')
          ? 'webrtc-internals-rtcstats'
          : 'webrtc-internals',
    );
    expect(browser).toMatch(name.startsWith('firefox') ? /^Firefox 153$/ : /^Chrom(e|ium) 156$/);
    expect(title).toMatch(/dump.*127\.0\.0\.1.*connection/);
    expect(new Date(startedAtMs ?? 0).getFullYear()).toBeGreaterThan(2024);
  });

  test('is a timeline like one of ours: in order, safe as JSON, descriptions before the states that they bring', () => {
    expect(structuredClone(entries)).toEqual(entries);
    expect(JSON.parse(JSON.stringify(entries))).toEqual(entries);
    let atMs = 0;
    for (const [index, entry] of entries.entries()) {
      expect(entry.seq).toBe(index);
      expect(parseEntry(entry).error).toBeUndefined(); // so it can be saved as a recording
      expect(entry.atMs).toBeGreaterThanOrEqual(atMs);
      atMs = entry.atMs;
    }
    for (const peer of peers) {
      const own = entries.filter((entry) => entry.peer === peer);
      const opened = own.findIndex((entry) => entry.kind === 'peer-opened');
      expect(opened).toBe(0);
      const offer = own.findIndex((entry) => entry.kind === 'description' && entry.type === 'offer');
      const state = own.findIndex((entry) => entry.kind === 'signaling-state' && /offer/.test(entry.state));
      if (
        offer >= 0 &&
        state >= 0 &&
        own[offer]?.kind === 'description' &&
        kind !== 'glare' &&
        kind !== 'rollback'
      )
        expect(offer).toBe(state - 1);
    }
    for (const { call } of ofKind(entries, 'call-settled'))
      expect(ofKind(entries, 'call').some((made) => made.call === call)).toBe(true);
  });
});

test.each(names(/internals\.json\.gz$/).filter((name) => !name.includes('closed-early')))(
  '%s says the same as the other dump of that page',
  (name) => {
    const [one, other] = [dumpOf(name), dumpOf(name.replace('.json.gz', '.jsonl.gz'))];
    const essence = (entries: readonly Entry[]) =>
      entries
        .filter(({ kind }) => !['stats', 'candidate-pairs', 'note'].includes(kind))
        .map(({ kind, peer }) => `${peer} ${kind}`)
        .toSorted();
    expect(one.peers).toEqual(other.peers);
    expect(essence(one.entries)).toEqual(essence(other.entries));
    for (const peer of one.peers) {
      const [mine, theirs] = [one, other].map(({ entries }) => ofKind(entries, 'stats', peer));
      // The page takes one more question while it waits for the second click.
      const shared = Math.min(mine?.length ?? 0, theirs?.length ?? 0);
      expect(Math.abs((mine?.length ?? 0) - (theirs?.length ?? 0))).toBeLessThanOrEqual(2);
      for (let index = 0; index < shared; index++) {
        const rates = (stats: typeof mine) =>
          stats?.[index]?.sample.inbound.map(({ kind, ssrc, packetsReceived }) => ({
            kind,
            ssrc,
            packetsReceived,
          }));
        expect(rates(mine)).toEqual(rates(theirs));
      }
    }
  },
);

test('statistics become rates, pairs and states of the transport', () => {
  const { entries } = dumpOf('chromium-156-video.internals.json.gz');
  const samples = ofKind(entries, 'stats', 'pc 2').map(({ sample }) => sample);
  const { inbound, outbound, candidatePair, transport } = samples.at(-1)!;
  const video = inbound.find((stream) => stream.kind === 'video');
  expect(video).toMatchObject({
    mid: '1',
    codec: 'video/VP8',
    frameWidth: 320,
    frameHeight: 240,
    lossFraction: 0,
  });
  expect(video?.framesPerSecond).toBeGreaterThan(5);
  expect(video?.bitrateBps).toBeGreaterThan(50_000);
  expect(outbound.find((stream) => stream.kind === 'video')).toMatchObject({
    qualityLimitationReason: 'none',
  });
  expect(candidatePair?.local).toMatchObject({ type: 'host', address: '10.9.0.1' });
  expect(transport).toMatchObject({ dtlsState: 'connected', dtlsVersion: 'DTLS 1.3' });
  const [{ pairs } = { pairs: [] }] = ofKind(entries, 'candidate-pairs', 'pc 2');
  expect(pairs.some(({ selected, nominated }) => selected && nominated)).toBe(true);
  expect(ofKind(entries, 'dtls-transport-state', 'pc 2').at(-1)?.state).toBe('connected');
});

test('each layer of a simulcast is there', () => {
  const { entries } = dumpOf('chromium-156-simulcast.internals.json.gz');
  const rids = ofKind(entries, 'stats').flatMap(({ sample }) =>
    sample.outbound.flatMap(({ rid }) => rid ?? []),
  );
  expect(new Set(rids)).toEqual(new Set(['q', 'h', 'f']));
});

test('a refused call has the browser’s words', () => {
  for (const name of names(/wrong-order/)) {
    const refused = ofKind(dumpOf(name).entries, 'call-settled').filter(({ outcome }) => !outcome.ok);
    expect(refused).toMatchObject([
      { method: 'setRemoteDescription', outcome: { message: expect.stringMatching(/stable/) } },
    ]);
  }
  const [camera] = ofKind(dumpOf('chromium-156-no-camera.internals.json.gz').entries, 'call-settled');
  expect(camera).toMatchObject({
    peer: 'lab',
    method: 'getUserMedia',
    outcome: { ok: false, name: 'OverConstrainedError' },
  });
});

test('refused candidates are not told as taken', () => {
  for (const name of names(/early-candidates/)) {
    const { entries } = dumpOf(name);
    expect(ofKind(entries, 'candidate').filter(({ side }) => side === 'remote')).toEqual([]);
    expect(
      ofKind(entries, 'call-settled').filter(
        ({ method, outcome }) => method === 'addIceCandidate' && !outcome.ok,
      ).length,
    ).toBeGreaterThan(0);
  }
});

test('connections that talked with each other stand side by side, the offerer first', () => {
  const twisted = dumpText('chromium-156-many.internals.jsonl.gz')
    .replaceAll('"8-1"', '"A"')
    .replaceAll('"8-4"', '"8-1"')
    .replaceAll('"A"', '"8-4"');
  const dump = readDump(twisted);
  if (!dump?.ok) throw new Error('not read');
  for (let index = 0; index < dump.peers.length; index += 2) {
    const [offerer, answerer] = dump.peers.slice(index, index + 2);
    const local = ofKind(dump.entries, 'description', offerer).find(({ side }) => side === 'local');
    const remote = ofKind(dump.entries, 'description', answerer).find(({ side }) => side === 'remote');
    expect(local?.type).toBe('offer');
    expect(remote?.sdp).toBe(local?.sdp);
  }
});

test('secrets of a configuration are left out', () => {
  for (const name of names(/turn-refused/)) {
    const { entries } = dumpOf(name);
    const [opened] = ofKind(entries, 'peer-opened');
    expect(opened?.configuration.iceServers?.[0]?.urls).toEqual([
      expect.stringMatching(/^turn:10\.9\.0\.1:/),
    ]);
    expect(JSON.stringify(entries)).not.toContain('"credential"');
  }
});
