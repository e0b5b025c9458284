import { expect, test } from 'vitest';
import { RtpPacket, vp8Payloads, writeRtp } from '../../rtp/rtp.ts';
import { Vp8Frames } from './vp8-frames.ts';

const key = Buffer.concat([Buffer.from([0x10]), Buffer.alloc(3_000, 7)]);
const delta = Buffer.concat([Buffer.from([0x11]), Buffer.alloc(2_000, 9)]);
let sequence = 65_534;

function packets(frame: Buffer, time: number, descriptor?: (first: boolean) => Buffer): RtpPacket[] {
  const payloads = vp8Payloads(frame);
  return payloads.map(([plain, part], index) => {
    sequence = (sequence + 1) & 0xffff;
    const head = descriptor?.(index === 0) ?? plain;
    const header = { payloadType: 96, marker: index === payloads.length - 1, sequence, time, ssrc: 1 };
    return RtpPacket.read(writeRtp(header, head, part))!;
  });
}

const takeAll = (frames: Vp8Frames, all: readonly RtpPacket[]) =>
  all.map((packet) => frames.take(packet)).filter((frame) => frame !== undefined);

test('frames come out as they went in, over the end of the sequence numbers', () => {
  const frames = new Vp8Frames();
  expect(frames.needsKey).toBe(true);
  const out = takeAll(frames, [...packets(key, 0), ...packets(delta, 6_000)]);
  expect(out).toEqual([
    { data: key, time: 0, isKey: true },
    { data: delta, time: 6_000, isKey: false },
  ]);
});

test('descriptors with a picture id, a layer and an index are taken off', () => {
  const long = (first: boolean) => Buffer.from([first ? 0x90 : 0x80, 0xf0, 0x81, 0x23, 0x05, 0x20]);
  expect(takeAll(new Vp8Frames(), packets(key, 0, long))).toEqual([{ data: key, time: 0, isKey: true }]);
});

test('after a hole nothing comes before the next key frame', () => {
  const frames = new Vp8Frames();
  takeAll(frames, packets(key, 0));
  expect(takeAll(frames, packets(delta, 1).slice(1))).toEqual([]);
  expect(frames.needsKey).toBe(true);
  expect(takeAll(frames, packets(delta, 2))).toEqual([]);
  expect(takeAll(frames, packets(key, 3))).toHaveLength(1);
});

test('what is cut off is no frame', () => {
  const header = { payloadType: 96, marker: true, sequence: 1, time: 0, ssrc: 1 };
  for (const payload of [[], [0x90], [0x90, 0xf0], [0x90, 0xf0, 0x81, 0x23, 0x05]])
    expect(new Vp8Frames().take(RtpPacket.read(writeRtp(header, Buffer.from(payload)))!)).toBeUndefined();
});
