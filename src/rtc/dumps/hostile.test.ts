import { describe, expect, test } from 'vitest';
import { dumpNames, dumpText } from '../../../tests/fixtures/dumps.ts';
import { readDump } from './index.ts';

/** A seeded generator of numbers 0 … 1 (mulberry32), so that a failure can be seen again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const bits = [
  'null',
  '{}',
  '[]',
  '-1',
  '1e308',
  '""',
  '"__proto__"',
  'true',
  '{"__proto__":{"a":1}}',
  '[[[[]]]]',
  '9',
];

/** One harm: a byte, a piece, a value. */
function harm(text: string, next: () => number): string {
  const at = Math.floor(next() * text.length);
  const length = Math.floor(next() * 200);
  const bit = bits[Math.floor(next() * bits.length)] ?? '';
  switch (Math.floor(next() * 6)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(32 + Math.floor(next() * 95)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
    case 3:
      return text.slice(0, at);
    case 4: {
      // A value of another type, so that the rest stays JSON.
      const value = /-?\d+(\.\d+)?|true|false|null|"(?:[^"\\]|\\.){0,80}"/y;
      const from = text.indexOf(':', at) + 1;
      value.lastIndex = from + (text[from] === ' ' ? 1 : 0);
      const found = from > 0 ? value.exec(text) : null;
      return found ? text.slice(0, found.index) + bit + text.slice(found.index + found[0].length) : text;
    }
    default:
      return text.slice(0, at) + bit + text.slice(at);
  }
}

test('a thousand dumps with one to eight harms are read, or refused in a sentence, and soon', () => {
  const texts = dumpNames.map(dumpText).filter((text) => text.length < 200_000);
  const outcomes = { read: 0, refused: 0, unknown: 0 };
  let slowestMs = 0;
  for (let seed = 0; seed < 1000; seed++) {
    const next = random(seed);
    let text = texts[seed % texts.length] ?? '';
    for (let count = 1 + Math.floor(next() * 8); count > 0; count--) text = harm(text, next);
    const startMs = performance.now();
    const dump = readDump(text);
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    if (!dump) outcomes.unknown++;
    else if (dump.ok) {
      outcomes.read++;
      expect(JSON.parse(JSON.stringify(dump.entries)), `seed ${seed}`).toEqual(dump.entries);
      for (const { atMs } of dump.entries) expect(Number.isFinite(atMs), `seed ${seed}`).toBe(true);
    } else {
      outcomes.refused++;
      expect(dump.problem).toMatch(/^[A-Z].*\.$/);
    }
  }
  expect(outcomes.read).toBeGreaterThan(500);
  expect(outcomes.refused).toBeGreaterThan(50);
  expect(slowestMs).toBeLessThan(2000);
  expect(({} as Record<string, unknown>)['a']).toBeUndefined();
}, 120_000);

const internals = (connection: unknown) => JSON.stringify({ PeerConnections: { '1-1': connection } });
const series = (values: string, more = {}) => ({
  'IT1-packetsReceived': { startTime: '2026-01-01T00:00:00Z', statsType: 'inbound-rtp', values, ...more },
});
const log = (...updateLog: unknown[]) => internals({ updateLog, stats: {} });

describe('a hostile file', () => {
  test.each([
    ['nested a million deep', `{"PeerConnections":${'['.repeat(1_000_000)}`],
    ['nested deep in a line', `["create","PC_0",${'['.repeat(100_000)}${']'.repeat(100_000)},1]`],
    ['with ten million empty lists', `{"PeerConnections":{},"x":[${'[],'.repeat(10_000_000)}[]]}`],
    ['of 65 million characters', `{"PeerConnections":{}${' '.repeat(65 * 1024 * 1024)}}`],
    ['without a connection', '{"PeerConnections":{},"UserAgent":"x"}'],
    ['whose connections are a list', '{"PeerConnections":[1,2,3]}'],
    ['cut off', '{"PeerConnections":{"1-1":{"updateLog":[{"ty'],
    ['with nothing behind its header', 'RTCStatsDump\n{"fileFormat":3}\n'],
  ])('%s is refused in a sentence', (_, text) => {
    expect(readDump(text)).toEqual({ ok: false, problem: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  test.each<[string, string]>([
    [
      '__proto__ as a connection',
      '{"PeerConnections":{"__proto__":{"updateLog":[{"type":"createOffer","value":""}]}}}',
    ],
    [
      '__proto__ as a member of statistics',
      `["getStats","PC_0",{"__proto__":{"polluted":1,"type":"transport"},"T":{"__proto__":{"polluted":1},"type":"transport"}},1700000000000]`,
    ],
    [
      'a list of a million values in a text',
      internals({ stats: series(`[${'1,'.repeat(1_000_000)}1]`), updateLog: [{ type: 'createOffer' }] }),
    ],
    [
      'values nested in a text',
      internals({ stats: series('['.repeat(50_000)), updateLog: [{ type: 'createOffer' }] }),
    ],
    [
      'numbers where texts belong',
      log({ type: 7, value: 7 }, { type: 'createOffer', value: 7, timestamp: 'x' }),
    ],
    ['lists where objects belong', log([], { type: 'setRemoteDescription', value: [[]], timestamp: [] })],
    ['times that are none', log({ type: 'createOffer', timestamp: 'NaN' }, { type: 'close', timestamp: -5 })],
    [
      'times at the end of all days',
      log({ type: 'createOffer', timestamp: 1e300 }, { type: 'close', timestamp: 8e15 }),
    ],
    [
      'a number of a million digits',
      `["create","PC_0",{"iceCandidatePoolSize":${'9'.repeat(1_000_000)}},1700000000000]`,
    ],
    [
      'states that are none',
      log({ type: 'onsignalingstatechange', value: '"elsewhere"' }, { type: 'createOffer' }),
    ],
    [
      'ten thousand answers to no question',
      log(...Array.from({ length: 10_000 }, () => ({ type: 'setLocalDescriptionOnSuccess', value: '' })), {
        type: 'createOffer',
      }),
    ],
    [
      'ten thousand open calls',
      log(
        ...Array.from({ length: 10_000 }, () => ({
          type: 'setLocalDescription',
          value: '{"type":"offer","sdp":"v=0"}',
        })),
      ),
    ],
    [
      'a description of three million characters',
      log(
        {
          type: 'setRemoteDescription',
          value: JSON.stringify({ type: 'offer', sdp: 'a'.repeat(3_000_000) }),
        },
        { type: 'setRemoteDescriptionOnSuccess' },
      ),
    ],
  ])('%s is read as far as it makes sense', (_, text) => {
    const startMs = performance.now();
    const dump = readDump(text);
    expect(performance.now() - startMs).toBeLessThan(2000);
    if (!dump?.ok) throw new Error(dump ? dump.problem : 'not a dump');
    expect(dump.entries.length).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(dump.entries))).toEqual(dump.entries);
    for (const entry of dump.entries) expect(JSON.stringify(entry).length).toBeLessThan(600_000);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('of very many descriptions takes time in proportion to its size', () => {
    const offer = { type: 'offer', sdp: 'v=0' };
    const lines = Array.from({ length: 40_000 }, (_, index) => [
      JSON.stringify(['setRemoteDescription', 'PC_0', offer, 1_700_000_000_000 + index]),
      JSON.stringify(['setRemoteDescriptionOnSuccess', 'PC_0', null, 1_700_000_000_000 + index]),
    ]).flat();
    const startMs = performance.now();
    const dump = readDump(lines.join('\n'));
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(dump?.ok && dump.entries.length).toBeGreaterThan(100_000);
  });

  test('of very many events and connections is cut, and says so', () => {
    const lines = Array.from({ length: 150_000 }, (_, index) =>
      JSON.stringify(['onnegotiationneeded', `PC_${index % 500}`, null, 1_700_000_000_000 + index]),
    );
    const dump = readDump(lines.join('\n'));
    if (!dump?.ok) throw new Error('not read');
    expect(dump.peers.length).toBe(100);
    expect(dump.entries.length).toBeLessThan(110_000);
    expect(dump.entries.at(-1)).toMatchObject({ kind: 'note', text: expect.stringMatching(/too long/) });
  });
});

test.each([
  ['nothing', ''],
  ['a word', 'hello'],
  ['a number', '7'],
  ['a session description', 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n'],
  ['a run of a lab', '{"format":"peerscope-recording","version":1,"entries":[]}'],
  ['other JSON', '{"name":"x","lockfileVersion":3}'],
  ['a list', '[1,2,3]'],
  ['a page', '<!doctype html><title>x</title>'],
  ['zipped bytes', '\u001f\uFFFD\u0008\u0000\u0000'],
])('%s is none of these formats', (_, text) => {
  expect(readDump(text)).toBeNull();
});
