import { expect, test } from 'vitest';
import { arrowsIn, bandsIn, fateOf, faultsOf, ladderFold, type Arrow } from './ladder.ts';
import { laneOf, lanesOf } from './lanes.ts';
import type { FaultName } from '../../../rtc/timeline.ts';
import {
  candidateReceived,
  candidateSent,
  descriptionSent,
  opened,
  record,
  sdp,
  type Step,
} from './record.fixture.ts';

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

const burst = (from: string, to: string, count: number): Step[] =>
  Array.from({ length: count }, (_, i) => [
    candidateSent(from, to, `${from}${i}`),
    candidateReceived(to, from, `${from}${i}`),
  ]).flat();

test('a burst of candidates is one row that opens, and what came between keeps its place', () => {
  const list = record(
    ...burst('alice', 'bob', 2),
    candidateSent('bob', 'alice', 'x'),
    ...burst('carol', 'bob', 5),
    candidateReceived('alice', 'bob', 'x'),
  );
  const seqs = (opened?: ReadonlySet<number>) =>
    ladderFold(
      'signals',
      opened,
    )(list).rows.map(({ entry, burst: one }) => (one ? `burst ${entry.seq}` : entry.seq));
  expect(seqs()).toEqual([0, 1, 2, 3, 4, 'burst 5', 15]);
  expect(seqs(new Set([5]))).toEqual([
    0,
    1,
    2,
    3,
    4,
    'burst 5',
    ...Array.from({ length: 10 }, (_, i) => i + 5),
    15,
  ]);
  const ladder = ladderFold('signals')(list);
  expect(arrowsIn(ladder, 0, 99).map(ends)).toEqual([
    [0, 1],
    [2, 3],
    [4, 6],
  ]);
  expect(ladder.rows[5]?.burst?.arrows).toHaveLength(5);
});

test('two directions at once are two bursts; a description that is sent ends them', () => {
  const both4 = Array.from({ length: 4 }, (_, i) => [
    candidateSent('alice', 'bob', `a${i}`),
    candidateSent('bob', 'alice', `b${i}`),
  ]).flat();
  const ladder = ladderFold('signals')(
    record(...both4, descriptionSent('alice', 'bob', 'offer', sdp(2)), ...burst('alice', 'bob', 4)),
  );
  expect(ladder.rows.map(({ burst: one }) => one?.arrows.length)).toEqual([4, 4, undefined, 4]);
  expect(ladder.rows.map(({ burst: one }, index) => one === undefined || one.row === index)).not.toContain(
    false,
  );
});

test('a second without anything is shown as a break, except between samples', () => {
  const list = record(
    ['lab', { kind: 'note', text: 'one' }, 0],
    ['lab', { kind: 'note', text: 'two' }, 4200],
    ['alice', { kind: 'stats', sample: { atMs: 0, outbound: [], inbound: [] } }, 5300],
    ['alice', { kind: 'stats', sample: { atMs: 0, outbound: [], inbound: [] } }, 6300],
  );
  expect(ladderFold('states')(list).rows.map(({ gapMs }) => gapMs)).toEqual([undefined, 4200, undefined]);
  expect(ladderFold('everything')(list).rows).toHaveLength(5);
});

test('what the fault board did to a signal is told on its arrow', () => {
  const fault = (name: FaultName, id: string): Step => [
    'bob',
    { kind: 'fault', fault: name, text: name, id },
  ];
  const list = record(
    candidateSent('alice', 'bob', 'a'),
    fault('dropped', 'a'),
    candidateSent('alice', 'bob', 'b'),
    fault('held', 'b'),
    candidateSent('alice', 'bob', 'c'),
    fault('delayed', 'c'),
  );
  const compute = ladderFold('signals');
  const fates = () => {
    const ladder = compute(list);
    return arrowsIn(ladder, 0, 99).map((arrow) => fateOf(arrow, ladder, both));
  };
  expect(fates()).toEqual(['dropped', 'held', 'under-way']);
  list.push(
    ...record(fault('released', 'b'), candidateReceived('bob', 'alice', 'b')).map((entry) => ({
      ...entry,
      seq: entry.seq + 6,
    })),
  );
  expect(fates()).toEqual(['dropped', 'delivered', 'under-way']);
  const ladder = compute(list);
  expect(faultsOf(arrowsIn(ladder, 0, 99)[1]!, ladder)).toEqual(['held', 'released']);
});

test('messages of a channel find their arrival by what they say, also when they overtake each other', () => {
  const message = (peer: string, side: 'sent' | 'received', preview: string): Step => [
    peer,
    { kind: 'data-message', label: 'lab', side, sizeBytes: preview.length, preview },
  ];
  const ladder = ladderFold('states')(
    record(
      candidateSent('alice', 'bob', 'a'),
      message('alice', 'sent', 'one'),
      message('alice', 'sent', 'two'),
      message('bob', 'received', 'two'),
      message('bob', 'received', 'one'),
    ),
  );
  expect(arrowsIn(ladder, 0, 9).map(({ way, sent, received }) => [way, sent?.row, received?.row])).toEqual([
    ['signal', 0, undefined],
    ['data', 1, 4],
    ['data', 2, 3],
  ]);
});

test('a band begins at a row of its own at every level, and servers get a lifeline when they are spoken of', () => {
  const ladder = ladderFold('signals')(
    record(
      candidateSent('alice', 'bob', 'loopback-1'),
      candidateReceived('bob', 'alice', 'loopback-1'),
      ['bob', { kind: 'first-frame', width: 320, height: 180 }],
      [
        'alice',
        {
          kind: 'candidate-error',
          url: 'stun:192.0.2.1',
          errorCode: 701,
          errorText: '',
          address: null,
          port: null,
        },
      ],
    ),
  );
  expect(bandsIn(ladder, 0, 9)).toMatchObject([
    { top: 2, bottom: undefined, band: { from: 'alice', to: 'bob' } },
  ]);
  expect(ladder.servers).toEqual(['stun:192.0.2.1']);
  expect(ladder.carrier).toBe('this page');
  const { carrierX, servers, peers } = lanesOf(500, ['alice', 'bob', 'carol'], ladder.servers);
  const xs = [
    peers.get('alice')!.x,
    peers.get('bob')!.x,
    carrierX!,
    peers.get('carol')!.x,
    [...servers.values()][0]!,
  ];
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
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

test('a frame of a real socket is part of the arrow of its signal; what keeps the socket open is for “Everything”', () => {
  const frame = (name: string, more: { sizeBytes?: number; id?: string } = {}): Step => [
    'alice',
    { kind: 'server-message', way: 'sent', name, text: '', socket: '/peerjs/peerjs', ...more },
  ];
  const entries = record(
    frame('connect'),
    frame('CANDIDATE', { sizeBytes: 332, id: 'a' }),
    candidateSent('alice', 'bob', 'a'),
    frame('HEARTBEAT', { sizeBytes: 20 }),
  );
  const kinds = (level: 'signals' | 'everything') => {
    const ladder = ladderFold(level)(entries);
    expect(ladder.carrier).toBe('PeerServer');
    expect(ladder.frames.get('a')).toMatchObject({ name: 'CANDIDATE', sizeBytes: 332 });
    return ladder.rows.map(({ entry }) => entry.kind);
  };
  expect(kinds('signals')).toEqual(['server-message', 'signal-sent']);
  expect(kinds('everything')).toHaveLength(4);
});

test('several connections of one participant share a lifeline; a name that only looks so has its own', () => {
  const lanes = lanesOf(900, ['alice', 'alice/2', 'bob', 'dave/3']);
  expect([...lanes.peers.keys()]).toEqual(['alice', 'bob', 'dave/3']);
  expect(laneOf(lanes, 'alice/2')).toBe(lanes.peers.get('alice'));
  expect(laneOf(lanes, 'bob/probe')).toBe(lanes.peers.get('bob'));
  expect(laneOf(lanes, 'carol/2')).toBeUndefined();
});
