import { expect, test } from 'vitest';
import { explainMessage } from '../../../rtc/stun/explain.ts';
import { fromBase64 } from '../../../rtc/stun/base64.ts';
import { allocationsFold, inBytes, leftWords } from './allocations.ts';
import { fieldAt, placed, shown } from './bytes.ts';
import { ladderFold, laneOfServer, OWN_SERVER } from './ladder.ts';
import { record, type Step } from './record.fixture.ts';
import { allocation, wireRecord, wireSteps } from './wire.fixture.ts';
import { filterWire, wireFold } from './wire-messages.ts';

const none = { peer: null, method: null, onlyErrors: false };

test.each(['chromium', 'firefox'] as const)(
  '%s: each answer finds its request, and how long it took',
  (browser) => {
    const { rows, errors } = wireFold()(wireRecord(browser));
    const answers = rows.filter(({ message }) => message?.class === 'success' || message?.class === 'error');
    expect(answers.length).toBeGreaterThan(8);
    for (const answer of answers) {
      expect(answer.other?.message?.class).toBe('request');
      expect(answer.other?.other).toBe(answer);
      expect(answer.other?.method).toBe(answer.method);
      expect(answer.tookMs).toBeGreaterThanOrEqual(0);
    }
    expect(rows.filter(({ isError }) => isError)).toHaveLength(errors);
  },
);

test('an unanswered request that is sent again counts its repetitions', () => {
  const [first] = wireSteps();
  const { rows } = wireFold()(record(first!, first!, first!));
  expect(rows.map(({ repeats }) => repeats)).toEqual([0, 1, 2]);
});

test('times are taken by the clock of the place where both were seen', () => {
  const [request, answer] = wireSteps().filter(([peer]) => peer === 'alice');
  const late: Step = [answer![0], answer![1], 5_000];
  const { rows } = wireFold()(record(request!, late));
  expect(rows[1]?.tookMs).toBeCloseTo(0.1);
});

test('the filter asks for peer, method and errors together', () => {
  const { rows } = wireFold()(wireRecord());
  expect(filterWire(rows, none)).toBe(rows);
  const failed = filterWire(rows, { peer: 'alice', method: 'Allocate', onlyErrors: true });
  expect(failed.map(({ title, entry }) => [title, entry.peer])).toEqual([['Allocate error 401', 'alice']]);
});

test('bytes that are no STUN have a row too', () => {
  const [peer, event] = wireSteps()[0]!;
  const { rows } = wireFold()(record([peer, { ...event, bytes: '////' } as Step[1]]));
  expect(rows).toMatchObject([{ title: 'no STUN message', method: 'other', isError: false }]);
});

test('a byte belongs to the narrowest field, of two alike to the outer one', () => {
  const [, event] = wireSteps().find(([, one]) => one.kind === 'wire-message' && one.way === 'sent')!;
  if (event.kind !== 'wire-message') throw new Error('no message');
  const fields = placed(explainMessage(fromBase64(event.bytes)).fields);
  const nameAt = (byte: number) => fields[fieldAt(fields, byte)]?.field.name;
  expect(nameAt(0)).toBe('Message type');
  expect(nameAt(8)).toBe('Transaction id');
  expect(nameAt(20)).toBe('XOR-MAPPED-ADDRESS');
  expect(nameAt(26)).toBe('X-Port');
  expect(fieldAt(fields, 10_000)).toBe(-1);
  expect(shown(0x41)).toEqual({ digits: '41', letter: 'A' });
  expect(shown(0x0a)).toEqual({ digits: '0a', letter: '·' });
});

test('allocations are those told last, with how fast they relay and how many have gone', () => {
  const later = { ...allocation(), fromClient: { packets: 200, bytes: 145_000 } };
  const compute = allocationsFold();
  const list = record(
    [
      'lab',
      { kind: 'allocations', list: [allocation(), allocation({ peer: 'bob', relayed: '10.9.0.1:49199' })] },
      0,
    ],
    ['lab', { kind: 'allocations', list: [later] }, 1000],
    ['lab', { kind: 'allocations', list: [] }, 2000],
  );
  expect(compute([], 0)).toMatchObject({ known: false, rows: [] });
  expect(compute(list, 1).rows.map(({ upBps }) => upBps)).toEqual([undefined, undefined]);
  expect(compute(list, 2)).toMatchObject({ gone: 1, rows: [{ upBps: 1_000_000, downBps: 0 }] });
  expect(compute(list, 3)).toMatchObject({ gone: 2, rows: [], known: true });
  expect(leftWords(600_000, 1_500)).toBe('9 min 59 s');
  expect(leftWords(42_000, 0)).toBe('42 s');
  expect(leftWords(1_000, 1_000)).toBe('over');
  expect([812, 96_400, 1_200_000].map(inBytes)).toEqual(['812 B', '96.4 kB', '1.2 MB']);
});

test('the ladder has one lane for our server, a row for each message, and folds what is relayed', () => {
  const steps = wireSteps();
  const url = 'turn:10.9.0.1:3478?transport=udp';
  const error: Step = [
    'alice',
    { kind: 'candidate-error', url, errorCode: 701, errorText: '', address: null, port: null },
    0,
  ];
  const list = record(error, ...steps);
  const ladder = ladderFold('states')(list);
  expect(ladder.servers).toEqual([OWN_SERVER]);
  expect(laneOfServer(ladder, url)).toBe(OWN_SERVER);
  expect(laneOfServer(ladder, 'stun:198.51.100.1:3478')).toBe('stun:198.51.100.1:3478');
  const folded = ladder.rows.flatMap(({ wire }) => wire?.burst ?? []);
  expect(folded.map(({ peer, entries }) => [peer, entries.length > 1])).toContainEqual(['alice', true]);
  expect(ladder.rows.filter(({ wire }) => wire).length).toBeLessThan(steps.length);
  const all = ladderFold('everything')(list);
  expect(all.rows.filter(({ wire }) => wire)).toHaveLength(steps.length);
  expect(ladderFold('signals')(list).servers).toEqual([url]);

  const first = folded[0]!.entries[0]!.seq;
  const open = ladderFold('states', new Set([first]))(list);
  const rows = open.rows.filter(({ wire }) => wire?.entry.seq === first);
  expect(rows.map(({ wire }) => wire?.burst?.isOpen)).toEqual([true, undefined]);
});

test('the ladder tells how much crossed as channel data since the channel was bound', () => {
  const list = record(...wireSteps(), ['lab', { kind: 'allocations', list: [allocation()] }, 99_000]);
  const ladder = ladderFold('states')(list);
  expect(ladder.channelData.get('alice')).toEqual({ packets: 160, bytes: 32_000 });
  const seq = ladder.channels.get('alice')?.seq;
  expect(ladder.rows.find(({ entry }) => entry.seq === seq)?.wire).toBeDefined();
});

test('messages seen at another place than the server stand in the ladder only where everything does', () => {
  const [peer, event] = wireSteps()[0]!;
  const list = record([peer, { ...event, at: 'router-a', way: 'passed' } as Step[1]]);
  expect(ladderFold('states')(list).rows).toHaveLength(0);
  expect(ladderFold('everything')(list).rows).toMatchObject([{ entry: { at: 'router-a' } }]);
});
