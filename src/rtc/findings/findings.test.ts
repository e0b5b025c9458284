import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dumpNames, dumpOf } from '../../../tests/fixtures/dumps.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { StatsSample } from '../stats/sample.ts';
import type { Entry, RtcEvent } from '../timeline.ts';
import { findings, lessons, type Finding } from './index.ts';

const kindOf = (name: string) => name.replace(/^\w+-\d+-/, '').split('.')[0] ?? '';
const codes = (found: readonly Finding[]) =>
  [...new Set(found.filter(({ severity }) => severity !== 'good').map(({ code }) => code))].toSorted();

/** What is to be found in the dumps of each kind of call; nothing where a call was well. */
const expected: Readonly<Record<string, readonly string[]>> = {
  audio: [],
  'closed-early': ['closed-early', 'offer-unanswered'],
  'data-only': [],
  'early-candidates': ['candidates-too-early', 'no-remote-candidates'],
  'foreign-names': ['mdns-unresolved'],
  glare: ['stable-but-dead'],
  'ice-restart': [],
  interrupted: ['interrupted'],
  lossy: ['high-rtt', 'jitter-buffer', 'loss', 'no-frames-decoded', 'one-way'],
  many: [],
  'muted-microphone': ['one-way'],
  narrow: ['limited-by-bandwidth', 'one-way'],
  'no-camera': ['capture-refused'],
  'no-candidates': ['no-remote-candidates'],
  'no-frames': ['nothing-encoded', 'nothing-received'],
  'not-awaited': ['no-remote-candidates', 'offer-unanswered'],
  'one-way': ['one-way'],
  'path-lost': ['path-lost'],
  'refused-video': ['one-way', 'section-refused'],
  'relay-only': ['relay-only-nothing'],
  renegotiation: ['one-way'],
  rollback: ['rollback'],
  screen: [],
  simulcast: ['one-way'],
  'track-ended': ['one-way', 'sending-stopped'],
  'turn-refused': ['turn-refused'],
  unanswered: ['offer-unanswered'],
  unreachable: ['ice-failed'],
  video: [],
  'wrong-fingerprint': ['dtls-failed'],
  'wrong-order': ['still-checking', 'wrong-order'],
};

/** Where a dump knows less, or more, than the others of its kind. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  // Chromium’s page forgets the one that was closed.
  'chromium-156-closed-early.internals.json.gz': ['offer-unanswered'],
  // Each call of long enough to see that it goes one way.
  'firefox-153-many.rtcstats.jsonl': ['one-way'],
  // Firefox says what it hears, also where nobody listens.
  'firefox-153-muted-microphone.rtcstats.jsonl': ['one-way', 'silence'],
  // Firefox gathers for the refused section as well, and refuses what comes for it.
  'firefox-153-refused-video.rtcstats.jsonl': ['candidates-refused', 'one-way', 'section-refused'],
  // Chromium’s page writes a call down when it is carried out, rtcstats.js when it is made.
  'chromium-156-not-awaited.rtcstats.jsonl': ['no-remote-candidates', 'not-awaited', 'offer-unanswered'],
  'firefox-153-not-awaited.rtcstats.jsonl': ['no-remote-candidates', 'not-awaited', 'offer-unanswered'],
  // rtcstats.js does not listen for icecandidateerror.
  'firefox-153-turn-refused.rtcstats.jsonl': [],
};

describe.each(dumpNames)('in %s', (name) => {
  const { entries, peers } = dumpOf(name);
  const found = findings(entries, peers);

  test('that is found which happened, and nothing else', () => {
    expect(codes(found)).toEqual(otherwise[name] ?? expected[kindOf(name)]);
  });

  test('each finding rests on an entry of its peer and is put in a sentence', () => {
    for (const { text, seq, peer } of found) {
      expect(entries[seq]?.peer).toBe(peer);
      expect(text).toMatch(/^\S.*[.?]$/s);
      expect(text).not.toMatch(/undefined|NaN|null/);
    }
  });

  test('problems come first, and no rule says the same twice of a peer', () => {
    const ranks = found.map(({ severity }) => ['problem', 'notice', 'good'].indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    const keys = found.map(
      ({ code, peer, seq }) => `${code} ${peer} ${code === 'capture-refused' ? seq : ''}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test.each(['audio', 'video', 'data-only', 'many', 'rollback', 'ice-restart'])(
  'a call of the kind %s went well, and that is said',
  (kind) => {
    for (const name of dumpNames.filter((each) => kindOf(each) === kind)) {
      const { entries, peers } = dumpOf(name);
      const good = findings(entries, peers).filter(({ severity }) => severity === 'good');
      expect(good.map(({ code }) => code)).toContain('connected');
      if (kind === 'ice-restart') expect(good.map(({ code }) => code)).toContain('ice-restarted');
    }
  },
);

/** A healthy call, changed in one respect. */
function changed(
  change: (entry: Entry, index: number) => Entry | readonly Entry[] | undefined,
): readonly Entry[] {
  const { entries } = dumpOf('chromium-156-video.internals.json.gz');
  return entries
    .flatMap((entry, index) => change(entry, index) ?? [])
    .map((entry, seq) => ({ ...entry, seq }));
}
const withSamples = (change: (sample: StatsSample) => StatsSample, copies = 4) =>
  changed((entry) =>
    entry.kind === 'stats'
      ? Array.from({ length: copies }, (_, index) => ({
          ...entry,
          sample: change(entry.sample),
          atMs: entry.atMs + index,
        }))
      : entry,
  );
const found = (entries: readonly Entry[]) => codes(findings(entries));

describe('a healthy call, changed in one respect,', () => {
  test('has nothing to it', () => {
    expect(found(changed((entry) => entry))).toEqual([]);
  });

  test.each<[string, string, (sample: StatsSample) => StatsSample]>([
    [
      'loses packets',
      'loss',
      (sample) => ({ ...sample, inbound: sample.inbound.map((each) => ({ ...each, lossFraction: 0.08 })) }),
    ],
    [
      'has a processor that is too slow',
      'limited-by-cpu',
      (sample) => ({
        ...sample,
        outbound: sample.outbound.map((each) => ({ ...each, qualityLimitationReason: 'cpu' as const })),
      }),
    ],
    [
      'goes around the world',
      'high-rtt',
      (sample) => ({ ...sample, outbound: sample.outbound.map((each) => ({ ...each, rttMs: 620 })) }),
    ],
    [
      'is silent',
      'silence',
      (sample) => ({
        ...sample,
        inbound: sample.inbound.map((each) => ({ ...each, audioLevel: 0, bitrateBps: 1300 })),
      }),
    ],
    ['brings nothing back', 'one-way', (sample) => ({ ...sample, inbound: [] })],
    [
      'decodes nothing',
      'no-frames-decoded',
      (sample) => ({
        ...sample,
        inbound: sample.inbound.map((each) => ({ ...each, framesPerSecond: 0, packetsPerSecond: 9 })),
      }),
    ],
  ])('%s', (_, code, change) => {
    expect(found(withSamples(change))).toContain(code);
  });

  test('once is not often: two bad samples are no finding', () => {
    let count = 0;
    const twice = withSamples((sample) =>
      count++ < 2
        ? {
            ...sample,
            inbound: sample.inbound.map((each) => ({ ...each, lossFraction: 0.5, framesPerSecond: 0 })),
          }
        : sample,
    );
    expect(found(twice)).toEqual([]);
  });

  test('freezes', () => {
    let freezeCount = 0;
    const frozen = withSamples((sample) => ({
      ...sample,
      inbound: sample.inbound.map((each) =>
        each.kind === 'video' ? { ...each, freezeCount: freezeCount++ } : each,
      ),
    }));
    expect(found(frozen)).toEqual(['freezes']);
  });

  test('goes through a relay', () => {
    const relayed = changed((entry) =>
      entry.kind === 'selected-candidate-pair' ? { ...entry, local: 'relay udp 203.0.113.1:49170' } : entry,
    );
    expect(found(relayed)).toEqual(['relayed']);
  });

  test('has a server that does not answer, which does not matter; without a connection it does', () => {
    const error: RtcEvent = {
      kind: 'candidate-error',
      url: 'stun:stun.example.org',
      errorCode: 701,
      errorText: 'STUN binding request timed out.',
      address: null,
      port: null,
    };
    const silent = changed((entry) =>
      entry.kind === 'ice-gathering-state' && entry.state === 'complete'
        ? [{ ...entry, ...error }, entry]
        : entry,
    );
    const [finding] = findings(silent).filter(({ code }) => code === 'server-silent');
    expect(finding).toMatchObject({
      severity: 'notice',
      text: expect.stringMatching(/found its way without it/),
    });
    const dead = silent.filter(({ kind }) => kind !== 'connection-state' && kind !== 'ice-connection-state');
    expect(findings(dead).find(({ code }) => code === 'server-silent')).toMatchObject({
      severity: 'problem',
    });
  });

  test('waited long for its answer', () => {
    let offeredAt = Number.POSITIVE_INFINITY;
    const slow = changed((entry) => {
      if (entry.kind === 'signaling-state' && entry.state === 'have-local-offer') offeredAt = entry.atMs;
      return entry.atMs > offeredAt ? { ...entry, atMs: entry.atMs + 12_000 } : entry;
    });
    expect(found(slow)).toEqual(['slow-answer']);
  });

  test('lost a track', () => {
    const ended = changed((entry) =>
      entry.kind === 'track' ? [entry, { ...entry, kind: 'track-state', state: 'ended' }] : entry,
    );
    expect(found(ended)).toEqual(['track-ended']);
  });

  test('has a section in which nobody sends', () => {
    const idle = changed((entry) =>
      entry.kind === 'description' && entry.type === 'answer'
        ? { ...entry, sdp: entry.sdp.replace('a=sendrecv', 'a=inactive') }
        : entry,
    );
    expect(found(idle)).toEqual(['section-unused']);
  });

  test('found no address of its own', () => {
    const alone = changed((entry) =>
      (entry.kind === 'candidate' && entry.side === 'local') || entry.kind.includes('connection-state')
        ? undefined
        : entry,
    );
    expect(found(alone)).toEqual(['no-local-candidates']);
  });
});

test('what is awaited may still come in a run that goes on', () => {
  const { entries } = dumpOf('chromium-156-unanswered.internals.jsonl.gz');
  const begun: Entry = {
    kind: 'run-started',
    lab: 'x',
    arrangement: 'one-page',
    peer: 'lab',
    atMs: 0,
    seq: 0,
  };
  const going = [begun, ...entries].map((entry, seq) => ({ ...entry, seq }));
  expect(codes(findings(going))).toEqual([]);
  const later: Entry = { kind: 'note', text: 'still here', peer: 'lab', atMs: 10_000, seq: going.length };
  expect(codes(findings([...going, later]))).toEqual(['offer-unanswered']);
});

test('a failure is not blamed on what does not cause it: names of this very browser, an encoder without a path', () => {
  const { entries } = dumpOf('chromium-156-glare.rtcstats.jsonl');
  const hidden = '3f1f4c2e-9a4b-4a0e-8a53-9f1f6f0f3a11.local';
  const crossed = entries.flatMap((entry): Entry | Entry[] =>
    entry.kind === 'candidate'
      ? (['local', 'remote'] as const).map((side, index) => ({
          ...entry,
          side,
          peer: index === 0 ? entry.peer : entry.peer === 'pc 1' ? 'pc 2' : 'pc 1',
          candidate: entry.candidate.replaceAll('10.9.0.1', hidden),
        }))
      : entry,
  );
  const idle: StatsSample['outbound'] = [
    { ssrc: 1, kind: 'video', bytesSent: 0, packetsSent: 0, framesEncoded: 0, bitrateBps: 0 },
  ];
  const starved = crossed
    .map((entry) =>
      entry.kind === 'stats' ? { ...entry, sample: { ...entry.sample, outbound: idle } } : entry,
    )
    .flatMap((entry): Entry | Entry[] => (entry.kind === 'stats' ? [entry, entry] : entry))
    .map((entry, seq) => ({ ...entry, seq }));
  expect(found(starved)).toEqual(['stable-but-dead']);
});

test('no finding comes too early: no beginning of a healthy call has one', () => {
  const { entries, peers } = dumpOf('chromium-156-video.internals.jsonl.gz');
  const begun: Entry = {
    kind: 'run-started',
    lab: 'x',
    arrangement: 'one-page',
    peer: 'lab',
    atMs: 0,
    seq: 0,
  };
  for (let end = 0; end <= entries.length; end++)
    expect(codes(findings([begun, ...entries.slice(0, end)], peers))).toEqual([]);
});

test('a wire that is lossy on purpose is named, also when it was so only for a while', () => {
  const set = (text: string, wire: FaultPlan['wire']): RtcEvent => ({
    kind: 'fault',
    fault: 'impaired',
    text,
    plan: { seed: 1, rules: [], ...(wire && { wire }) },
  });
  const lossy = set('From alice to bob: 5 % are lost', [{ from: 'alice', to: 'bob', lossPct: 5 }]);
  const whole = set('the wire does nothing to the packets any more', undefined);
  const entry = (event: RtcEvent, seq: number): Entry => ({ ...event, peer: 'lab', atMs: seq, seq });
  const texts = (...events: RtcEvent[]) => findings(events.map(entry)).map(({ text }) => text);
  expect(texts(lossy)).toEqual([expect.stringContaining('are impaired on purpose. From alice to bob: 5 %')]);
  expect(texts(lossy, whole)).toEqual([expect.stringContaining('For a while')]);
  expect(texts(whole)).toEqual([]);
});

test('nothing is found in nothing', () => {
  expect(findings([])).toEqual([]);
});

test('the lessons to which findings lead exist, and are called so', () => {
  for (const [path, title] of Object.entries(lessons)) {
    const file = new URL(`../../content/docs/lessons/${path}.mdx`, import.meta.url);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^title: ["']?${title}["']?$`, 'm'));
  }
});

test('ten thousand entries take a blink', () => {
  const { entries } = dumpOf('chromium-156-lossy.internals.json.gz');
  const many = Array.from({ length: Math.ceil(10_000 / entries.length) }, () => entries)
    .flat()
    .map((entry, seq) => ({ ...entry, seq }));
  findings(many);
  const startMs = performance.now();
  findings(many);
  expect(performance.now() - startMs).toBeLessThan(200);
});
