import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { captures } from '../../../tests/fixtures/recordings.ts';
import type { Entry } from '../timeline.ts';
import { openRecording } from './open.ts';
import { fileName, toRecording, toText } from './save.ts';
import { limits, type Recording } from './schema.ts';

const dumps = readdirSync('tests/fixtures/dumps');

const facts = {
  lab: 'first-call',
  title: 'A call',
  peers: ['alice', 'bob'],
  hosted: ['alice', 'bob'],
  source: 'export async function run() {}',
  userAgent: 'test',
};
const entry = (seq: number, more: object = {}): Entry => ({
  kind: 'negotiation-needed',
  peer: 'alice',
  atMs: seq,
  seq,
  ...more,
});
const saved = (...entries: Entry[]): Recording => toRecording(entries, facts, new Date(0));
const problemOf = (text: string): string => {
  const opened = openRecording(text, 'run.json');
  return opened.ok ? 'none' : opened.problem;
};

test.each(captures)('$name: what is opened equals what was saved, entry by entry', ({ text, recording }) => {
  expect(recording.entries.length).toBeGreaterThan(20);
  const again = openRecording(toText(recording), 'again.json');
  expect(again).toEqual({ ok: true, recording: JSON.parse(text) as unknown });
});

test.each(dumps)('%s: a dump opens too, and what it gives could be saved as a recording', (file) => {
  const bytes = readFileSync(`tests/fixtures/dumps/${file}`);
  const opened = openRecording((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(), file);
  if (!opened.ok) throw new Error(opened.problem);
  expect(opened.recording.entries.length).toBeGreaterThan(2);
  expect(openRecording(toText(opened.recording), 'saved.json')).toMatchObject({ ok: true });
});

test('arrangement and choices are those that the run began with', () => {
  const started = { kind: 'run-started', lab: 'x', arrangement: 'two-tabs', controls: { stun: 'none' } };
  expect(saved(entry(0, started))).toMatchObject({ arrangement: 'two-tabs', controls: { stun: 'none' } });
});

test('a file’s text holds one entry a line', () => {
  const lines = toText(saved(entry(0), entry(1))).split('\n');
  expect(lines.filter((line) => line.includes('negotiation-needed'))).toHaveLength(2);
});

const wire = {
  kind: 'wire-message',
  at: 'router-a',
  way: 'passed',
  transport: 'udp',
  source: '192.168.7.10:50000',
  destination: '203.0.113.10:3478',
  bytes: 'AAEAACESpEIAAAAAAAAAAAAAAAA=',
  seenMs: 12.5,
};

test('messages of the wire are kept, and bytes are base64 or refused', () => {
  expect(openRecording(toText(saved(entry(0, wire))), 'run.json')).toMatchObject({
    ok: true,
    recording: { entries: [wire] },
  });
  expect(problemOf(toText(saved(entry(0, { ...wire, bytes: 'not base64!' }))))).toMatch(/“bytes”/);
  expect(problemOf(toText(saved(entry(0, { ...wire, way: 'lost' }))))).toMatch(/“way”/);
});

test('a file is named by lab, day and time', () => {
  const at = new Date(2026, 10, 21, 15, 30).toISOString();
  expect(fileName({ lab: 'first-call', savedAt: at })).toBe('first-call-2026-11-21-1530.peerscope.json');
  expect(fileName({ lab: '../../etc', savedAt: at })).toBe('-etc-2026-11-21-1530.peerscope.json');
});

test.each<[what: string, file: unknown, says: RegExp]>([
  ['nothing', '', /is empty/],
  ['half a file', toText(saved(entry(0))).slice(0, 200), /neither complete JSON.*cut off/],
  ['a picture', '\u0089PNG\r\n\u001a\n', /neither complete JSON/],
  ['other JSON', { hello: 'world' }, /neither a recording of Peerscope.*Save run/],
  ['a list', [1, 2, 3], /neither a recording of Peerscope/],
  ['null', null, /neither a recording of Peerscope/],
  ['a newer version', { ...saved(), version: 2 }, /newer Peerscope \(format 2; this one reads up to 1\)/],
  ['no version', { ...saved(), version: 'one' }, /“version” does not fit/],
  ['a field nobody knows', { ...saved(), admin: true }, /Unrecognized key: "admin"/],
  ['an unknown kind', saved(entry(0), entry(1, { kind: 'quantum-leap' })), /in entry 2 “kind” does not fit/],
  ['a wrong state', saved(entry(0, { kind: 'signaling-state', state: 'shaky' })), /in entry 1 “state”/],
  ['a field too many', saved(entry(0, { html: '<b>' })), /Unrecognized key: "html"/],
  ['numbers out of order', saved(entry(1), entry(1)), /the order is lost/],
  ['a clock that goes back', saved(entry(0, { atMs: 9 }), entry(1, { atMs: 8 })), /a clock never goes back/],
  ['a time before the run', saved(entry(0, { atMs: -1 })), /“atMs” does not fit/],
  ['a time without measure', saved(entry(0, { atMs: 1e300 })), /“atMs” does not fit/],
])('%s is refused with a sentence', (_, file, says) => {
  expect(problemOf(typeof file === 'string' ? file : JSON.stringify(file))).toMatch(says);
});

test('a file that is too large is refused before it is read', () => {
  expect(problemOf(' '.repeat(limits.fileBytes + 1))).toMatch(/has 50 MB; files up to 50 MB/);
});

test('a file made to hurt is refused: depth, length, names with a meaning', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(problemOf(deep)).toMatch(/levels deep|neither/);
  expect(problemOf(toText(saved()).replace('"title"', '"__proto__":{"polluted":1},"title"'))).toMatch(
    /__proto__/,
  );
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  const many = entry(0, { kind: 'stats', sample: { atMs: 0, outbound: Array(50_000).fill(0), inbound: [] } });
  expect(problemOf(JSON.stringify(saved(many)))).toMatch(/a list of 50000 items/);
});
