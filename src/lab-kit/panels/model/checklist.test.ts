import { expect, test } from 'vitest';
import type { PairEnd, PairSample } from '../../../rtc/stats/sample.ts';
import { candidatesFold, connectionsOf, sameCandidate } from './candidates.ts';
import {
  byPriority,
  cellKey,
  checklistsFold,
  matrixOf,
  outcomeOf,
  whySelected,
  type PeerChecklist,
} from './checklist.ts';
import { lanesOf } from './check-lanes.ts';
import {
  candidateReceived,
  candidateSent,
  described,
  opened,
  record,
  sdp,
  type Step,
} from './record.fixture.ts';

const end = (id: string, more: Partial<PairEnd> = {}): PairEnd => ({
  id,
  type: 'host',
  protocol: 'udp',
  port: 50_000,
  priority: 2_113_937_151,
  ...more,
});

const pair = (id: string, state: string, more: Partial<PairSample> = {}): PairSample => ({
  id,
  local: end(`L${id}`),
  remote: end(`R${id}`, { port: 50_001 }),
  state,
  nominated: false,
  selected: false,
  ...more,
});

const chosen = { nominated: true, selected: true } as const;
const high = { priority: '9079290933572287999' } as const;
const low = { priority: '7962083765675491583' } as const;

const pairs = (atMs: number, ...list: PairSample[]): Step => [
  'alice',
  { kind: 'candidate-pairs', pairs: list, iceRole: 'controlling' },
  atMs,
];

const checklistOf = (...steps: Step[]): PeerChecklist => {
  const found = checklistsFold()(record(opened('alice'), ...steps)).get('alice');
  if (!found) throw new Error('alice has no checklist');
  return found;
};

test('a pair keeps its past, and is dropped when the browser tells of it no more', () => {
  const { pairs: rows, role } = checklistOf(
    pairs(10, pair('A', 'waiting'), pair('B', 'waiting')),
    pairs(20, pair('A', 'in-progress', { requestsSent: 1 }), pair('B', 'waiting')),
    pairs(30, pair('A', 'succeeded', { requestsSent: 1, responsesReceived: 1 })),
  );
  expect(role).toBe('controlling');
  expect(rows.get('A')!.moments.map(({ state }) => state)).toEqual(['waiting', 'in-progress', 'succeeded']);
  expect(outcomeOf(rows.get('A')!)).toBe('succeeded');
  expect(rows.get('B')).toMatchObject({ goneMs: 30 });
  expect(outcomeOf(rows.get('B')!)).toBe('dropped');
});

test('pairs stand in the order of checks: by priority, exact to the last digit', () => {
  const { pairs: rows } = checklistOf(
    pairs(10, pair('tie', 'waiting', { priority: '9079290933572287998' }), pair('won', 'waiting', high)),
  );
  expect(byPriority(rows.values()).map(({ id }) => id)).toEqual(['won', 'tie']);
});

test('why: the best of all', () => {
  const checklist = checklistOf(
    pairs(10, pair('A', 'succeeded', { ...high, ...chosen }), pair('B', 'waiting', low)),
  );
  expect(whySelected('alice', checklist)).toBe(
    'alice is controlling, and nominated the pair. It has the highest priority of all 2 pairs.',
  );
});

test('why: a better one had not answered, and did so later', () => {
  const checklist = checklistOf(
    pairs(10, pair('A', 'in-progress', high), pair('B', 'succeeded', { ...low, ...chosen })),
    pairs(20, pair('A', 'succeeded', high), pair('B', 'succeeded', { ...low, ...chosen })),
  );
  expect(whySelected('alice', checklist)).toContain(
    'Of all 2 pairs it alone had answered at 10.0 ms. 1 of a higher priority had not; 1 answered later.',
  );
});

test('why: switched to a better one', () => {
  const relay = pair('B', 'succeeded', { ...low, local: end('LB', { type: 'relay' }) });
  const checklist = checklistOf(
    pairs(10, { ...relay, ...chosen }),
    pairs(40, pair('A', 'succeeded', { ...high, ...chosen }), relay),
  );
  expect(whySelected('alice', checklist)).toContain(
    'From 10.0 ms until 40.0 ms another pair was in use (relay ↔ host, udp): this one has a higher priority.',
  );
});

test('why: a prflx end that became known is the same path', () => {
  const prflx = pair('P', 'succeeded', {
    ...low,
    ...chosen,
    local: end('L'),
    remote: end('R1', { type: 'prflx', port: 50_001 }),
  });
  const host = pair('H', 'succeeded', {
    ...high,
    ...chosen,
    local: end('L'),
    remote: end('R2', { port: 50_001 }),
  });
  const why = whySelected('alice', checklistOf(pairs(10, prflx), pairs(20, host)));
  expect(why).toContain('It was the only pair there was, at 10.0 ms.');
  expect(why).toContain('Until 20.0 ms its remote end was called prflx');
});

test('why: a relay because nothing else answered', () => {
  const relay = pair('T', 'succeeded', { ...low, ...chosen, local: end('LT', { type: 'relay' }) });
  expect(whySelected('alice', checklistOf(pairs(10, pair('A', 'failed', high), relay)))).toContain(
    'It goes over a TURN server: none of 1 direct pair was usable.',
  );
});

test('why none: nothing answered, and how often it was asked', () => {
  const asked = pair('A', 'in-progress', { requestsSent: 143, responsesReceived: 0 });
  expect(whySelected('alice', checklistOf(pairs(10, asked), pairs(15_000)))).toContain(
    'none of 1 pair answered after 143 requests',
  );
  expect(whySelected('alice', checklistOf(pairs(10, asked)))).toContain('Checks are under way');
  expect(whySelected('alice', checklistOf())).toBeUndefined();
});

const udp = (port: number, more = '') => `candidate:1 1 udp 2113937151 192.0.2.1 ${port} typ host${more}`;
const found = (peer: string, candidate: string, mid = '0'): Step => [
  peer,
  { kind: 'candidate', side: 'local', candidate, sdpMid: mid, sdpMLineIndex: 0, usernameFragment: null },
];

test('the matrix finds each pair’s ends among the candidates that were told, and adds those that were not', () => {
  const list = record(
    opened('alice'),
    found('alice', udp(50_000)),
    candidateReceived('alice', 'bob', 'a', udp(50_001)),
    pairs(
      50,
      pair('A', 'succeeded', { ...high, ...chosen, local: end('L') }),
      pair('B', 'waiting', {
        ...low,
        local: end('L'),
        remote: end('R9', { type: 'prflx', port: 9999, priority: 1 }),
      }),
    ),
  );
  const matrix = matrixOf(candidatesFold()(list).get('alice')!, checklistsFold()(list).get('alice'));
  expect(matrix.locals.map(({ port }) => port)).toEqual([50_000]);
  expect(matrix.remotes.map(({ type, port }) => `${type} ${port}`)).toEqual(['host 50001', 'prflx 9999']);
  expect(matrix.cells.get(cellKey(matrix.locals[0]!, matrix.remotes[0]!))?.id).toBe('A');
  expect(matrix.order.get('B')).toBe(2);
});

test('candidates of m-sections that were bundled away, or from before an ICE restart, are set aside', () => {
  const { locals, setAside } = matrixOf(
    candidatesFold()(
      record(
        opened('alice'),
        found('alice', udp(50_000, ' ufrag old')),
        found('alice', udp(50_002, ' ufrag new')),
        found('alice', udp(50_003, ' ufrag new'), '1'),
        candidateReceived('alice', 'bob', 'a', udp(50_001)),
      ),
    ).get('alice')!,
    undefined,
  );
  expect(locals.map(({ port }) => port)).toEqual([50_002]);
  expect(setAside).toBe(2);
});

test('candidates of a description belong to its ICE generation', () => {
  const text = sdp(1, 1, `a=ice-ufrag:abcd\r\na=${udp(50_001)}\r\n`);
  const bob = candidatesFold()(record(opened('bob'), described('bob', 'remote', 'offer', text))).get('bob')!;
  expect(bob.remote).toMatchObject([{ usernameFragment: 'abcd' }]);
});

test('peers that talk to each other stand together', () => {
  const list = record(
    ...['alice', 'bob', 'carol'].map(opened),
    candidateSent('alice', 'bob', 'a'),
    candidateReceived('bob', 'alice', 'a'),
    candidateSent('carol', 'dave', 'c'),
  );
  expect(connectionsOf(candidatesFold()(list))).toEqual([['alice', 'bob'], ['carol']]);
});

test('a line of SDP and a message name the same candidate', () => {
  expect(sameCandidate(`a=${udp(50_000)} generation 0`, udp(50_000, ' ufrag x'))).toBe(true);
  expect(sameCandidate(udp(50_000), udp(50_001))).toBe(false);
});

test('lanes share one scale, which ends soon after the last change of a state', () => {
  const { pairs: rows } = checklistOf(
    pairs(100, pair('A', 'in-progress', { requestsSent: 1 })),
    pairs(200, pair('A', 'succeeded', { ...chosen, requestsSent: 1, responsesReceived: 1 })),
    pairs(60_000, pair('A', 'succeeded', { ...chosen, requestsSent: 32, responsesReceived: 32 })),
  );
  const { startMs, endMs, lanes } = lanesOf(byPriority(rows.values()));
  expect([startMs, endMs]).toEqual([100, 212]);
  expect(lanes[0]!.spans.map(({ outcome }) => outcome)).toEqual(['in-progress', 'succeeded']);
  expect(lanes[0]!.spans.at(-1)).toMatchObject({ to: 1 });
  expect(lanes[0]!.marks.map(({ what }) => what)).toEqual(['request', 'nominated', 'selected']);
});
