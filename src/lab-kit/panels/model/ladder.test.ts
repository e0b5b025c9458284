import { expect, test } from 'vitest';
import { arrowsIn, fateOf, ladderFold, lanesOf, type Arrow } from './ladder.ts';
import { candidateReceived, candidateSent, opened, record, type Step } from './record.fixture.ts';

const both = ['alice', 'bob'];
const note: Step = ['lab', { kind: 'note', text: 'meanwhile' }];
const ends = ({ sent, received }: Arrow) => [sent?.row, received?.row];

test('an arrow runs from the row of its sending to the row of its arrival', () => {
  const ladder = ladderFold('states')(
    record(candidateSent('alice', 'bob', 'a'), note, candidateReceived('bob', 'alice', 'a')),
  );
  const [arrow] = arrowsIn(ladder, 0, 3);
  expect(arrow).toMatchObject({ from: 'alice', to: 'bob' });
  expect(ends(arrow!)).toEqual([0, 2]);
});

test('a filter closes the gaps: the arrow ends in the row that is left', () => {
  const ladder = ladderFold('signals')(
    record(candidateSent('alice', 'bob', 'a'), note, candidateReceived('bob', 'alice', 'a')),
  );
  expect(ladder.rows).toHaveLength(2);
  expect(arrowsIn(ladder, 0, 2).map(ends)).toEqual([[0, 1]]);
});

test('signals that overtake each other cross', () => {
  const ladder = ladderFold('signals')(
    record(
      candidateSent('alice', 'bob', 'a'),
      candidateSent('alice', 'bob', 'b'),
      candidateReceived('bob', 'alice', 'b'),
      candidateReceived('bob', 'alice', 'a'),
    ),
  );
  expect(arrowsIn(ladder, 0, 4).map(ends)).toEqual([
    [0, 3],
    [1, 2],
  ]);
});

test('a signal that arrives twice is two arrows from one sending', () => {
  const ladder = ladderFold('signals')(
    record(
      candidateSent('alice', 'bob', 'a'),
      candidateReceived('bob', 'alice', 'a'),
      candidateReceived('bob', 'alice', 'a'),
    ),
  );
  expect(arrowsIn(ladder, 0, 3).map(ends)).toEqual([
    [0, 1],
    [0, 2],
  ]);
});

test('an arrow that begins above the window and ends below it is found', () => {
  const between = Array.from({ length: 300 }, () => note);
  const ladder = ladderFold('states')(
    record(candidateSent('alice', 'bob', 'a'), ...between, candidateReceived('bob', 'alice', 'a')),
  );
  expect(arrowsIn(ladder, 100, 120)).toHaveLength(1);
});

test('what became of a signal: delivered, under way, lost, or seen at one end only', () => {
  const compute = ladderFold('signals');
  const list = record(candidateSent('alice', 'bob', 'a'));
  const fate = (hosted = both) => {
    const ladder = compute(list);
    return fateOf(arrowsIn(ladder, 0, ladder.rows.length)[0]!, ladder, hosted);
  };
  expect(fate()).toBe('under-way');
  expect(fate(['alice'])).toBe('elsewhere');
  list.push({ kind: 'note', text: 'later', peer: 'lab', atMs: 5000, seq: 1 });
  expect(fate()).toBe('lost');
  list.push({ ...record(candidateReceived('bob', 'alice', 'a'))[0]!, atMs: 6000, seq: 2 });
  expect(fate()).toBe('delivered');
});

test('a signal that has not arrived when the run ends is lost', () => {
  const ladder = ladderFold('signals')(
    record(
      candidateSent('alice', 'bob', 'a'),
      ['lab', { kind: 'run-ended', why: 'stopped' }],
      ['alice', { kind: 'peer-closed' }],
    ),
  );
  expect(fateOf(arrowsIn(ladder, 0, 2)[0]!, ladder, both)).toBe('lost');
});

test('a call knows how it ended', () => {
  const ladder = ladderFold('api')(
    record(
      ['alice', { kind: 'call', call: 7, method: 'createOffer', args: [] }],
      ['alice', { kind: 'call-settled', call: 7, method: 'createOffer', outcome: { ok: true }, tookMs: 3 }],
    ),
  );
  expect(ladder.rows).toHaveLength(1);
  expect(ladder.outcomes.get(7)).toMatchObject({ tookMs: 3 });
});

test('each level adds rows to the one before', () => {
  const list = record(
    opened('alice'),
    candidateSent('alice', 'bob', 'a'),
    ['alice', { kind: 'connection-state', state: 'connected' }],
    ['alice', { kind: 'end-of-candidates', side: 'local' }],
  );
  const counts = (['signals', 'states', 'api', 'everything'] as const).map(
    (level) => ladderFold(level)(list).rows.length,
  );
  expect(counts).toEqual([1, 2, 3, 4]);
});

test.each([320, 390, 700, 1400])('at %i pixels all lifelines and notes are inside', (width) => {
  for (const peers of [['alice'], both, ['alice', 'bob', 'carol', 'dave']]) {
    for (const { x, notes } of lanesOf(width, peers).peers.values()) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(width);
      expect(notes.width).toBeGreaterThan(0);
      expect(notes.left + notes.width).toBeLessThanOrEqual(width);
    }
  }
});

test('10 000 entries are taken in quickly', () => {
  const steps = Array.from({ length: 10_000 }, (_, i) =>
    i % 2 === 0 ? candidateSent('alice', 'bob', `${i}`) : candidateReceived('bob', 'alice', `${i - 1}`),
  );
  const list = record(...steps);
  const startMs = performance.now();
  ladderFold('everything')(list);
  expect(performance.now() - startMs).toBeLessThan(500);
});
