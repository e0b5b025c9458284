import { expect, test } from 'vitest';
import type { EventPayload } from '../../protocol/signaling.ts';
import { RtcError } from '../errors.ts';
import { Timeline, type RtcEvent } from '../timeline.ts';
import { followWire, type WireLine } from './follow.ts';

/** A line to a server that remembers what it was asked, and says what a test wants. */
function lineTo(refuses?: Error) {
  const asked: [name: string, payload: unknown][] = [];
  const handlers = new Map<string, (payload: never) => void>();
  let back = () => {};
  const line: WireLine = {
    ask: (name, payload) => {
      asked.push([name, payload]);
      return refuses ? Promise.reject(refuses) : Promise.resolve(null as never);
    },
    on: (event, handle) => void handlers.set(event, handle),
    onReturn: (handle) => void (back = handle),
  };
  return {
    line,
    asked,
    claims: () => asked.filter(([name]) => name === 'wire:claim').map(([, payload]) => payload),
    returns: () => back(),
    says: (payload: EventPayload<'wire:messages'>) => handlers.get('wire:messages')?.(payload as never),
    holds: (payload: EventPayload<'wire:allocations'>) =>
      handlers.get('wire:allocations')?.(payload as never),
  };
}

const candidate = (text: string, side: 'local' | 'remote' = 'local'): RtcEvent => ({
  kind: 'candidate',
  side,
  candidate: text,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: null,
});
const message = {
  peer: 'alice',
  way: 'received',
  transport: 'udp',
  source: '192.0.2.1:50000',
  destination: '192.0.2.2:3478',
  bytes: 'AAEAACESpEIAAAAAAAAAAAAAAAA=',
  seenMs: 12.5,
} as const;

function setUp(refuses?: Error) {
  const timeline = new Timeline();
  const end = new AbortController();
  const server = lineTo(refuses);
  const follows = () => followWire(server.line, { timeline, signal: end.signal }, ['alice', 'bob']);
  return { timeline, end, server, follows };
}

test('messages and allocations become entries of their peer; of nobody here they are the lab’s', async () => {
  const { timeline, end, server, follows } = setUp();
  await follows();
  server.says({ messages: [message, { ...message, peer: 'mallory' }], missed: 0 });
  server.holds({ list: [] });
  expect(timeline.entries).toMatchObject([
    { ...message, kind: 'wire-message', at: 'server', peer: 'alice' },
    { kind: 'wire-message', peer: 'lab' },
    { kind: 'allocations', peer: 'lab', list: [] },
  ]);
  server.says({ messages: [], missed: 3 });
  expect(timeline.entries.at(-1)).toMatchObject({ kind: 'note', text: expect.stringMatching(/^3 messages/) });
  end.abort();
  server.says({ messages: [message], missed: 0 });
  expect(timeline.entries).toHaveLength(4);
});

test('the port of each UDP candidate of this page’s peers is claimed once, also of those found before', async () => {
  const { timeline, server, follows } = setUp();
  timeline.append('alice', candidate('candidate:1 1 udp 1 192.0.2.1 50000 typ host'));
  await follows();
  timeline.append('alice', candidate('candidate:1 1 udp 1 192.0.2.1 50000 typ host'));
  timeline.append(
    'bob',
    candidate('candidate:1 1 udp 1 0a1b2c3d-0000-4000-8000-000000000000.local 50001 typ host'),
  );
  timeline.append('bob', candidate('candidate:2 1 udp 1 198.51.100.7 61000 typ srflx raddr 0.0.0.0 rport 0'));
  timeline.append('alice', candidate('candidate:3 1 tcp 1 192.0.2.1 9 typ host tcptype active'));
  timeline.append(
    'alice',
    candidate('candidate:4 1 udp 1 192.0.2.9 49160 typ relay raddr 192.0.2.1 rport 50000'),
  );
  timeline.append('alice', candidate('candidate:5 1 udp 1 192.0.2.5 50005 typ host', 'remote'));
  timeline.append('carol', candidate('candidate:6 1 udp 1 192.0.2.6 50006 typ host'));
  timeline.append('alice', candidate('nonsense'));
  const claims = [
    { peer: 'alice', port: 50_000, address: '192.0.2.1' },
    { peer: 'bob', port: 50_001 },
    { peer: 'bob', port: 61_000, address: '198.51.100.7' },
  ];
  expect(server.claims()).toEqual(claims);
  server.returns();
  await Promise.resolve();
  expect(server.claims()).toEqual([...claims, ...claims]);
});

test('a server that shows nothing is no error: the run says so and goes on', async () => {
  const { timeline, server, follows } = setUp(new RtcError('turn-unavailable', 'only the embedded server'));
  await follows();
  timeline.append('alice', candidate('candidate:1 1 udp 1 192.0.2.1 50000 typ host'));
  expect(timeline.entries[0]).toMatchObject({
    kind: 'note',
    text: expect.stringContaining('only the embedded'),
  });
  expect(server.claims()).toEqual([]);
});

test('any other refusal is one', async () => {
  const { follows } = setUp(new RtcError('signaling-lost'));
  await expect(follows()).rejects.toMatchObject({ code: 'signaling-lost' });
});
