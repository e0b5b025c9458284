import { expect, test } from 'vitest';
import type { StatsSample } from '../../rtc/stats/sample.ts';
import type { RtcEvent } from '../../rtc/timeline.ts';
import { storyFold, verdictOf } from './outcome.ts';
import { notes } from './site.ts';

type Step = [atMs: number, peer: string, event: RtcEvent];

const told = (way: 'sent' | 'received', name: string, payload: unknown): RtcEvent => ({
  kind: 'server-message',
  way,
  name,
  text: typeof payload === 'string' ? payload : JSON.stringify(payload),
});
const note = (text: string): RtcEvent => ({ kind: 'note', text });
const decoded = (framesDecoded: number): RtcEvent => {
  const video = { ssrc: 1, kind: 'video', bytesReceived: 1, packetsReceived: 1, packetsLost: 0 } as const;
  const sample: StatsSample = { atMs: 0, outbound: [], inbound: [{ ...video, framesDecoded }] };
  return { kind: 'stats', sample };
};

/** Both join: alice first, bob reads her in his answer. */
const joins = (atMs: number, ids: [string, string]): Step[] => [
  [atMs, 'alice', told('received', 'connected', ids[0])],
  [atMs, 'bob', told('received', 'connected', ids[1])],
  [atMs, 'alice', told('sent', 'join_room', {})],
  [atMs, 'alice', told('received', 'acknowledgement', { ok: true, members: [] })],
  [atMs, 'bob', told('sent', 'join_room', {})],
  [atMs, 'alice', told('received', 'user_joined', { socketId: ids[1], personName: 'bob' })],
  [
    atMs + 100,
    'bob',
    told('received', 'acknowledgement', { ok: true, members: [{ socketId: ids[0], personName: 'alice' }] }),
  ],
];
const killed: Step[] = [
  [2000, 'lab', note(notes.killed)],
  [2001, 'alice', told('received', 'disconnect', 'transport close')],
  [2001, 'bob', told('received', 'disconnect', 'transport close')],
];

const storyOf = (steps: readonly Step[]) =>
  storyFold()(steps.map(([atMs, peer, event], seq) => ({ ...event, peer, atMs, seq })));

test('an outage leaves the call alone, and the roster heals when both are back under new ids', () => {
  const during: Step[] = [
    ...joins(0, ['a', 'b']),
    [1900, 'bob', decoded(40)],
    ...killed,
    [4000, 'bob', decoded(100)],
  ];
  const [open] = storyOf(during).outages;
  expect(verdictOf(open!)).toBe('The server is gone. The call goes on: bob has decoded 60 frames since.');
  const after: Step[] = [...during, [7000, 'lab', note(notes.back)]];
  expect(verdictOf(storyOf(after).outages[0]!)).toMatch(/The roster is not right yet\.$/);
  const [healed] = storyOf([...after, ...joins(7200, ['c', 'd'])]).outages;
  expect(verdictOf(healed!)).toBe(
    'The server was away for 5.0 s. The call goes on: bob has decoded 60 frames since. The roster was right again 0.3 s after its return.',
  );
});

test('a page that hangs up with the server has ended the call itself', () => {
  const steps: Step[] = [...joins(0, ['a', 'b']), ...killed, [2002, 'bob', { kind: 'peer-closed' }]];
  expect(verdictOf(storyOf(steps).outages[0]!)).toMatch(
    /ended by the page itself, though its path was in order\.$/,
  );
  const anew: Step[] = [
    ...steps,
    [7000, 'lab', note(notes.back)],
    [7100, 'bob', { kind: 'peer-opened', configuration: {} }],
  ];
  expect(verdictOf(storyOf(anew).outages[0]!)).toContain('It was made anew afterwards.');
});
