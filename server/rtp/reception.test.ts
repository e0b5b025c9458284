import { expect, test } from 'vitest';
import { Reception } from './reception.ts';
import { senderReport } from './rtcp.ts';
import { writeRtp } from './rtp.ts';

const packet = (sequence: number, time = 0) =>
  writeRtp({ payloadType: 96, marker: false, sequence: sequence & 0xffff, time, ssrc: 5 });
const lossOf = (block: Buffer) => ({ share: block.readUInt8(4) / 256, packets: block.readUIntBE(5, 3) });

test('counts what is missing since the last block and in all, over the end of sequence numbers', () => {
  const reception = new Reception(5, 90_000);
  for (let sequence = 65_530; sequence < 65_530 + 16; sequence++)
    if (sequence % 4 !== 0) reception.take(packet(sequence), 0);
  const first = reception.block(0);
  expect(first.readUInt32BE(0)).toBe(5);
  expect(lossOf(first)).toEqual({ share: 64 / 256, packets: 4 });
  expect(first.readUInt32BE(8)).toBe(65_545);
  for (let sequence = 65_546; sequence < 65_556; sequence++) reception.take(packet(sequence), 0);
  expect(lossOf(reception.block(0))).toEqual({ share: 0, packets: 4 });
});

test('a source that begins anew far away has lost nothing', () => {
  const reception = new Reception(5, 90_000);
  reception.take(packet(100), 0);
  reception.take(packet(40_000), 0);
  reception.take(packet(40_001), 0);
  expect(lossOf(reception.block(0))).toEqual({ share: 0, packets: 0 });
});

test('packets that come as evenly as they were sent have no jitter, others have', () => {
  const even = new Reception(5, 90_000);
  const uneven = new Reception(5, 90_000);
  for (let index = 0; index < 50; index++) {
    even.take(packet(index, index * 3_000), (index * 100) / 3);
    uneven.take(packet(index, index * 3_000), (index * 100) / 3 + (index % 2) * 10);
  }
  expect(even.block(0).readUInt32BE(12)).toBe(0);
  expect(uneven.block(0).readUInt32BE(12)).toBeGreaterThan(500); // of 900 ticks, 10 ms
});

test('says which report of the sender it had last, and how long ago: the rest is the round-trip time', () => {
  const reception = new Reception(5, 90_000);
  reception.take(packet(1), 0);
  expect(reception.block(0).subarray(16).equals(Buffer.alloc(8))).toBe(true);
  const report = senderReport({ ssrc: 5, time: 0, packets: 1, bytes: 1 }, 1_000_000_000_500);
  reception.senderReport(report, 2_000);
  const block = reception.block(2_250);
  // The middle 32 bits of the NTP time: half a second is 0x8000.
  expect(block.readUInt32BE(16) & 0xffff).toBe(0x8000);
  expect(block.readUInt32BE(20) / 65_536).toBe(0.25);
});
