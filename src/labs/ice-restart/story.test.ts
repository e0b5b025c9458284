import { expect, test } from 'vitest';
import { Timeline, type RtcEvent } from '../../rtc/timeline.ts';
import { gapName } from './picture.ts';
import { endsOf, lossesOf, verdictOf } from './story.ts';

function entriesOf(...events: [atMs: number, peer: string, event: RtcEvent][]) {
  let nowMs = 0;
  const timeline = new Timeline(() => nowMs);
  for (const [atMs, peer, event] of events) {
    nowMs = atMs;
    timeline.append(peer, event);
  }
  return timeline.entries;
}

const says = (state: RTCPeerConnectionState): RtcEvent => ({ kind: 'connection-state', state });
const lost: RtcEvent = { kind: 'fault', fault: 'network', text: '' };
const restart: RtcEvent = { kind: 'call', call: 1, method: 'restartIce', args: [] };
const gap = (valueMs: number): RtcEvent => ({ kind: 'measure', name: gapName, valueMs });
const wire = (lossPct?: number): RtcEvent => ({
  kind: 'fault',
  fault: 'impaired',
  text: '',
  plan: {
    seed: 1,
    rules: [],
    ...(lossPct !== undefined && { wire: [{ from: 'alice', to: 'bob', lossPct }] }),
  },
});
const described = (fragment: string): RtcEvent => ({
  kind: 'description',
  side: 'local',
  type: 'offer',
  sdp: `v=0\r\na=ice-ufrag:${fragment}\r\na=ice-pwd:x\r\n`,
});

test('a loss has the moments after it, with the time since', () => {
  const losses = lossesOf(
    entriesOf(
      [10, 'alice', says('connected')],
      [1000, 'alice', lost],
      [7000, 'alice', says('disconnected')],
      [7001, 'alice', restart],
      [7300, 'alice', says('connected')],
      [7500, 'bob', gap(6500)],
      [20_000, 'bob', lost],
      [21_000, 'bob', { kind: 'peer-closed' }],
    ),
  );
  expect(losses.map(({ peer, moments }) => [peer, moments.map((one) => [one.what, one.afterMs])])).toEqual([
    [
      'alice',
      [
        ['disconnected', 6000],
        ['restart', 6001],
        ['connected', 6300],
        ['picture', 6500],
      ],
    ],
    ['bob', [['hung-up', 1000]]],
  ]);
});

test('a tunnel begins with the first plan that loses everything, and ends with one that does not', () => {
  const [tunnel, ...others] = lossesOf(
    entriesOf([0, 'lab', wire(5)], [1000, 'lab', wire(100)], [1500, 'lab', wire(100)], [9000, 'lab', wire()]),
  );
  expect(others).toEqual([]);
  expect(tunnel).toMatchObject({ why: 'tunnel', moments: [{ what: 'back-in-reach', afterMs: 8000 }] });
});

test.each<[string, RegExp, [number, RtcEvent][]]>([
  ['nothing', /no browser has noticed/, []],
  ['a state', /Noticed after 6\.0 s\. Nothing has been done/, [[6000, says('disconnected')]]],
  [
    'failed',
    /given up by ICE after 15\.5 s/,
    [
      [6000, says('disconnected')],
      [15_500, says('failed')],
    ],
  ],
  [
    'a restart',
    /The way back has begun/,
    [
      [6000, says('disconnected')],
      [6001, restart],
    ],
  ],
  [
    'a path without a picture',
    /a path again after 31\.4 s\. No new frame/,
    [
      [9500, says('disconnected')],
      [31_200, says('failed')],
      [31_220, restart],
      [31_400, says('connected')],
    ],
  ],
  [
    'the picture',
    /away for 9\.4 s: 6\.0 s until a browser said so, 0\.3 s until there was a path again, 3\.1 s until its first frame/,
    [
      [6000, says('disconnected')],
      [6300, says('connected')],
      [9500, gap(9400)],
    ],
  ],
  ['the picture alone', /away for 2\.0 s, and no state said so/, [[2000, gap(2000)]]],
  [
    'the end',
    /gave up/,
    [
      [6000, says('disconnected')],
      [16_000, { kind: 'peer-closed' }],
    ],
  ],
])('the verdict after %s', (_, words, after) => {
  const events = after.map(([atMs, event]) => [atMs, 'alice', event] as [number, string, RtcEvent]);
  const [loss] = lossesOf(entriesOf([0, 'alice', lost], ...events));
  expect(verdictOf(loss!)).toMatch(words);
});

test('each end: its state, the names of its ICE sessions, and what the relay holds for it', () => {
  const relayed = (peer: string, address: string) => ({
    peer,
    transport: 'udp' as const,
    client: '192.0.2.1:1',
    server: '192.0.2.2:3478',
    relayed: address,
    lifetimeLeftMs: 600_000,
    permissions: [],
    channels: [],
    fromClient: { packets: 0, bytes: 0 },
    toClient: { packets: 0, bytes: 0 },
    channelDataFromClient: { packets: 0, bytes: 0 },
    channelDataToClient: { packets: 0, bytes: 0 },
    dropped: 0,
  });
  const [alice, bob] = endsOf(
    entriesOf(
      [0, 'alice', described('one')],
      [1, 'alice', described('one')],
      [2, 'alice', says('connected')],
      [3, 'lab', { kind: 'allocations', list: [relayed('alice', 'a'), relayed('bob', 'b')] }],
      [4, 'lab', { kind: 'allocations', list: [relayed('bob', 'b')] }],
      [5, 'alice', described('two')],
      [6, 'bob', { kind: 'peer-closed' }],
    ),
    ['alice', 'bob'],
  );
  expect(alice).toMatchObject({ state: 'connected', fragments: ['one', 'two'], relayed: undefined });
  expect(bob).toMatchObject({ state: 'closed', fragments: [], relayed: 'b' });
});
