import { expect, test } from 'vitest';
import type { ForwardInput, ForwardOutput, ForwardTable } from '../../../protocol/middlebox.ts';
import { PeerId } from '../../../protocol/signaling.ts';
import { ratesOf, rowsOf, sorted, totalsOf, whyOf } from './forwarding.ts';

const peer = (name: string) => PeerId.parse(name.padEnd(22, '-'));
const nameOf = (id: PeerId) => id.replaceAll('-', '');
const [alice, bob, carol] = [peer('alice'), peer('bob'), peer('carol')];

const input = (over: Partial<ForwardInput>): ForwardInput => ({
  peer: alice,
  source: 'camera',
  codec: 'VP8',
  rid: null,
  width: null,
  height: null,
  packets: 0,
  bytes: 0,
  bitsPerSec: 0,
  lost: 0,
  keyFrameRequests: 0,
  level: null,
  ...over,
});
const output = (over: Partial<ForwardOutput>): ForwardOutput => ({
  to: bob,
  from: alice,
  source: 'camera',
  rid: null,
  target: null,
  forwarding: true,
  reason: null,
  packets: 0,
  bytes: 0,
  bitsPerSec: 0,
  repeated: 0,
  ...over,
});

const table: ForwardTable = {
  atMs: 1,
  engine: 'node-datachannel',
  processor: 0.1,
  lines: [
    { peer: alice, leg: 'up', state: 'connected', inBitsPerSec: 900, outBitsPerSec: 0, estimateBps: null },
    { peer: bob, leg: 'down', state: 'connected', inBitsPerSec: 0, outBitsPerSec: 600, estimateBps: 5000 },
    { peer: carol, leg: 'down', state: 'connecting', inBitsPerSec: 0, outBitsPerSec: 0, estimateBps: null },
  ],
  inputs: [
    input({ rid: 'l', width: 160, height: 90, packets: 10 }),
    input({ rid: 'h', width: 640, height: 360, packets: 50 }),
    input({ source: 'microphone', packets: 7 }),
  ],
  outputs: [
    output({ rid: 'h', target: 'h', packets: 49, bitsPerSec: 500 }),
    output({ to: carol, rid: 'l', target: 'h', reason: 'key-frame', packets: 9, bitsPerSec: 60 }),
    output({ source: 'microphone', packets: 7, bitsPerSec: 40 }),
    output({ to: alice, from: bob, forwarding: false, reason: 'not-shown' }),
  ],
};

test('each line says which layer goes to whom, how large it is, and what of it came in', () => {
  const [toBob, toCarol, sound, off] = rowsOf(table, nameOf);
  expect(toBob).toMatchObject({
    fromName: 'alice',
    toName: 'bob',
    rid: 'h',
    target: null,
    size: '640 × 360',
  });
  expect(toBob).toMatchObject({ packetsIn: 50, packetsOut: 49 });
  expect(toCarol).toMatchObject({ rid: 'l', target: 'h', size: '160 × 90', packetsIn: 10 });
  expect(sound).toMatchObject({ rid: null, size: null, packetsIn: 7, packetsOut: 7 });
  expect(off).toMatchObject({ fromName: 'bob', size: null, packetsIn: null });
});

test('lines are sorted by what is asked for, and alike ones stay where they were', () => {
  const rows = rowsOf(table, nameOf);
  const said = (by: Parameters<typeof sorted>[1]) =>
    sorted(rows, by).map(({ fromName, toName, source }) => `${fromName} ${toName} ${source}`);
  expect(said({ by: 'rate', isDown: true })[0]).toBe('alice bob camera');
  expect(said({ by: 'from', isDown: false })).toEqual([
    'alice bob camera',
    'alice bob microphone',
    'alice carol camera',
    'bob alice camera',
  ]);
  expect(said({ by: 'layer', isDown: true })[0]).toBe('alice bob camera');
});

test('each reason is a sentence', () => {
  for (const row of rowsOf(table, nameOf)) expect(whyOf(row).text).toMatch(/^[A-Z].*\.$/);
  expect(whyOf({ from: null, source: 'microphone', forwarding: true, reason: null }).text).toContain(
    'everybody but themselves',
  );
});

test('what a participant sends and is sent is read from both lines, where they are up', () => {
  const rates = ratesOf(table);
  expect(rates.get(alice)).toEqual({ upstreamBps: 900 });
  expect(rates.get(bob)).toEqual({ downstreamBps: 600, estimateBps: 5000 });
  expect(rates.has(carol)).toBe(false);
  expect(totalsOf(table)).toEqual({ inBps: 900, outBps: 600 });
});
