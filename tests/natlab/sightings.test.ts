import { expect, test } from 'vitest';
import { encodeMessage } from '../../src/protocol/stun/message.ts';
import { methods } from '../../src/protocol/stun/names.ts';
import type { Passing } from './hops.ts';
import { sightingsOf } from './sightings.ts';

const labels = { '10.1.0.2': 'alice', '10.2.0.2': 'bob' };
const binding = (id: number) =>
  encodeMessage({
    class: 'request',
    method: methods.Binding,
    transactionId: new Uint8Array(12).fill(id),
    attributes: [],
  });
const passing = (
  id: number,
  some: Pick<Passing, 'at' | 'side' | 'way' | 'source' | 'destination'>,
): Passing => ({
  atMs: 1_000_000 + id,
  transport: 'udp',
  bytes: binding(id),
  ...some,
});
const peersOf = (...passed: Passing[]) =>
  sightingsOf(passed, (ms) => ms - 1_000_000, labels).map(({ peer }) => peer);

test('a message is its sender’s at the sender’s router, at both sides of it, and at the server', () => {
  const [server, outside] = ['203.0.113.10:3478', '203.0.113.101:61000'];
  expect(
    peersOf(
      passing(1, {
        at: 'router-a',
        side: 'inside',
        way: 'received',
        source: '10.1.0.2:50000',
        destination: server,
      }),
      passing(1, { at: 'router-a', side: 'outside', way: 'sent', source: outside, destination: server }),
      passing(1, { at: 'server', side: 'outside', way: 'received', source: outside, destination: server }),
    ),
  ).toEqual(['alice', 'alice', 'alice']);
});

test('a check is the receiver’s where it arrives, and nobody’s where it was dropped', () => {
  const ends = { source: '203.0.113.101:61000', destination: '203.0.113.102:62000' };
  expect(
    peersOf(
      passing(1, { at: 'router-b', side: 'outside', way: 'received', ...ends }),
      passing(1, {
        at: 'router-b',
        side: 'inside',
        way: 'sent',
        source: ends.source,
        destination: '10.2.0.2:50000',
      }),
      passing(2, { at: 'router-b', side: 'outside', way: 'received', ...ends }),
    ),
  ).toEqual(['bob', 'bob', 'lab']);
});

test('a private address outside of its home is nobody’s, and what only looks for it is not at the server', () => {
  const ends = { source: '203.0.113.101:61000', destination: '10.2.0.2:50000' };
  expect(
    peersOf(
      passing(1, {
        at: 'router-a',
        side: 'inside',
        way: 'received',
        source: '10.1.0.2:50000',
        destination: ends.destination,
      }),
      passing(1, { at: 'router-a', side: 'outside', way: 'sent', ...ends }),
      passing(1, { at: 'server', side: 'outside', way: 'received', ...ends }),
    ),
  ).toEqual(['alice', 'alice']);
});
