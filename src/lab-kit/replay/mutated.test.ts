/** A thousand broken files, each made from a real one: a sentence or a recording, and never an exception. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { captures } from '../../../tests/fixtures/recordings.ts';
import { checkOrder, callSteps, mergeRecords } from '../../rtc/order.ts';
import { compareRuns } from '../../rtc/recording/compare.ts';
import { anchorsOf, sameStep } from '../../rtc/recording/milestones.ts';
import { candidatesFold } from '../panels/model/candidates.ts';
import { toCsv } from '../panels/model/csv.ts';
import { allocationsFold } from '../panels/model/allocations.ts';
import { describeEntry } from '../panels/model/describe.ts';
import { descriptionsFold } from '../panels/model/descriptions.ts';
import { ladderFold } from '../panels/model/ladder.ts';
import { seriesFold } from '../panels/model/series.ts';
import { statesFold } from '../panels/model/states.ts';
import { statsFold } from '../panels/model/stats.ts';
import { wireFold } from '../panels/model/wire-messages.ts';
import { marksOf } from './scrub.ts';
import { openRecording } from '../../rtc/recording/open.ts';
import { toText } from '../../rtc/recording/save.ts';

const folds = [
  candidatesFold,
  descriptionsFold,
  seriesFold,
  statesFold,
  statsFold,
  wireFold,
  allocationsFold,
  () => ladderFold('signals'),
  () => ladderFold('everything'),
] as const;

const FILES = 1_000;
const SEED = 20_261_121;

/** Values that have hurt readers of files before. */
const nasty = fc.constantFrom<unknown>(
  null,
  true,
  '',
  0,
  -1,
  1e308,
  -1e308,
  2 ** 53,
  0.1,
  [],
  {},
  [[[[[[[]]]]]]],
  'NaN',
  '\u0000',
  '\uD800',
  'x'.repeat(100_000),
  '<img src=x onerror=alert(1)>',
  'constructor',
  { toString: null },
  Array(6_000).fill(0),
  { length: 1e9 },
);

/** One way to break a text. `at` is 0 … 1, a place in it. */
const breaking = fc.oneof(
  fc.record({ how: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    how: fc.constant('flip' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bit: fc.nat({ max: 6 }),
  }),
  fc.record({
    how: fc.constant('insert' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.constantFrom(
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\\',
      '\u0000',
      '1e999',
      '"__proto__":{"a":1},',
      'null',
    ),
  }),
  fc.record({
    how: fc.constant('replace' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: nasty,
  }),
  fc.record({ how: fc.constant('rename' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ how: fc.constant('swap' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ how: fc.constant('drop' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
);
/** Changes that leave the file well-formed: texts that cannot be read, which the panels have to live with. */
const garbling = fc.record({
  how: fc.constant('garble' as const),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  text: fc.constantFrom(
    '',
    'a=',
    'm=',
    'candidate:',
    '\r\n\r\n',
    '\uFFFD\uD800',
    '9'.repeat(400),
    'x=1\r\nv=0\r\n',
  ),
});
type Breaking = typeof breaking | typeof garbling extends fc.Arbitrary<infer B> ? B : never;

function broken(text: string, { at, ...how }: Breaking): string {
  const place = Math.floor(at * text.length);
  switch (how.how) {
    case 'cut':
      return text.slice(0, place);
    case 'flip':
      return (
        text.slice(0, place) +
        String.fromCharCode(text.charCodeAt(place) ^ (1 << how.bit)) +
        text.slice(place + 1)
      );
    case 'insert':
      return text.slice(0, place) + how.text + text.slice(place);
    default:
      return JSON.stringify(altered(JSON.parse(text), at, how));
  }
}

/** Changes one member somewhere in the value, the `at`-th of all of them. */
function altered(
  root: object,
  at: number,
  how: Exclude<Breaking, { how: 'cut' | 'flip' | 'insert' }> | object,
): object {
  const all: [parent: Record<string, unknown>, key: string][] = [];
  const isGarbled = 'how' in how && how.how === 'garble';
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      if (!isGarbled || isFree(key)) all.push([value as Record<string, unknown>, key]);
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(root);
  const [parent, key] = all[Math.min(all.length - 1, Math.floor(at * all.length))]!;
  const [other, otherKey] = all[Math.floor((1 - at) * (all.length - 1))]!;
  if (!('how' in how)) return root;
  if (how.how === 'garble' && 'text' in how) {
    const text = JSON.stringify(parent[key]) ?? '';
    const cut = Math.floor(at * 997) % (text.length + 1);
    parent[key] = text.slice(0, cut) + how.text + text.slice(cut + 3);
  } else if (how.how === 'replace' && 'value' in how) parent[key] = how.value;
  else if (how.how === 'drop') delete parent[key];
  else if (how.how === 'swap')
    [parent[key], other[otherKey]] = [structuredClone(other[otherKey]), structuredClone(parent[key])];
  else if (how.how === 'rename') {
    Object.defineProperty(parent, '__proto__', { value: parent[key], enumerable: true, configurable: true });
    delete parent[key];
  }
  return root;
}

/** Members whose text is anybody's. */
const isFree = (key: string) => ['sdp', 'candidate', 'local', 'preview', 'detail', 'method'].includes(key);

test(`${FILES} mutated recordings: each gives a sentence, or a recording that everything can be computed from`, () => {
  const seen = { opened: 0, refused: 0 };
  const [sound] = captures;
  fc.assert(
    fc.property(
      fc.constantFrom(...captures),
      fc.oneof(
        fc.array(breaking, { minLength: 1, maxLength: 3 }),
        fc.array(garbling, { minLength: 1, maxLength: 5 }),
      ),
      ({ text }, ways) => {
        let file = text;
        for (const way of ways) {
          try {
            file = broken(file, way);
          } catch {
            // Broken already so that it is no JSON any more: as it is, then.
          }
        }
        const opened = openRecording(file, 'mutated.json');
        if (!opened.ok) {
          seen.refused++;
          expect(opened.problem).toMatch(/^“mutated\.json”.*[.?]$/s);
          expect(opened.problem.length).toBeLessThan(700);
          return;
        }
        seen.opened++;
        const { recording } = opened;
        const again = openRecording(toText(recording), 'again.json');
        expect(again.ok && toText(again.recording) === toText(recording)).toBe(true);
        for (const make of folds) make()(recording.entries);
        for (const entry of recording.entries) expect(describeEntry(entry).title).toBeTypeOf('string');
        toCsv(recording.entries);
        marksOf(recording.entries, 100);
        compareRuns(recording, sound!.recording);
        compareRuns(sound!.recording, recording);
        checkOrder(recording.entries, callSteps('alice', 'bob'));
        mergeRecords(recording.entries, sound!.recording.entries);
        const anchors = anchorsOf(recording.entries);
        expect(sameStep(0, anchors, anchorsOf(sound!.recording.entries))).toBeGreaterThanOrEqual(-1);
      },
    ),
    { numRuns: FILES, seed: SEED },
  );
  expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  // The mutations break some files, and leave others readable: both ways were walked.
  expect(seen.refused).toBeGreaterThan(FILES / 3);
  expect(seen.opened).toBeGreaterThan(FILES / 4);
}, 120_000);
