import { expect, test } from 'vitest';
import { clipOf, openClip, readClip } from './clip.ts';

const numbers = [1, 2, 3, 4, 5, 6, 7, 8];

test.each(numbers)(
  'clip %i is ten seconds of VP8 with a key frame each second, and a second of Opus',
  (number) => {
    const clip = openClip(number);
    expect(clip).toMatchObject({ width: 320, height: 180, framesPerSec: 15, packetMs: 20 });
    expect(clip.frames).toHaveLength(150);
    expect(clip.packets).toHaveLength(50);
    for (const [index, { isKey, bytes }] of clip.frames.entries()) {
      // The frame tag of VP8: its lowest bit is 0 for a key frame (RFC 6386 §9.1), which goes on with a start code.
      expect(isKey).toBe((bytes[0]! & 1) === 0);
      if (index % clip.framesPerSec === 0) expect(isKey).toBe(true);
      if (!isKey) continue;
      expect(bytes.subarray(3, 6).toString('hex')).toBe('9d012a');
      expect([bytes.readUInt16LE(6) & 0x3fff, bytes.readUInt16LE(8) & 0x3fff]).toEqual([320, 180]);
    }
    const bitsPerSec = clip.frames.reduce((sum, { bytes }) => sum + bytes.length, 0) * 0.8;
    expect(bitsPerSec).toBeLessThan(120_000);
    // The first byte of a packet of Opus: one frame of 20 ms, mono (RFC 6716 §3.1).
    for (const packet of clip.packets) expect(packet[0]! & 0b111).toBe(0);
  },
);

test('a name with a number has its clip; nobody else has one', () => {
  expect(numbers.map((number) => clipOf(`Bot ${number}`))).toEqual(numbers);
  expect(['Bot 9', 'Bot 30'].map(clipOf)).toEqual([1, 6]);
  expect(['Bot', 'Bot 0', 'Bot 31', 'Bot x', 'alice'].map(clipOf).filter(Boolean)).toEqual([]);
});

const head = (frames: readonly number[], packets: readonly number[]) => {
  const file = Buffer.alloc(20 + 4 * frames.length + 2 * packets.length);
  file.write('bot-clip');
  [320, 180, 15, frames.length, packets.length, 20].forEach((value, index) =>
    file.writeUInt16BE(value, 8 + 2 * index),
  );
  frames.forEach((size, index) => file.writeUInt32BE(size, 20 + 4 * index));
  packets.forEach((size, index) => file.writeUInt16BE(size, 20 + 4 * frames.length + 2 * index));
  return file;
};
const key = 2 ** 31;

test('frames and packets are cut where their sizes say', () => {
  const clip = readClip(Buffer.concat([head([key + 2, 1], [3]), Buffer.from('abCxyz')]));
  expect(clip.frames.map(({ isKey, bytes }) => [isKey, String(bytes)])).toEqual([
    [true, 'ab'],
    [false, 'C'],
  ]);
  expect(clip.packets.map(String)).toEqual(['xyz']);
});

test.each([
  ['another file', Buffer.from('GIF89a of something else')],
  ['one that is cut off', Buffer.concat([head([key + 2], [3]), Buffer.from('abxy')])],
  ['one with more at its end', Buffer.concat([head([key + 2], [1]), Buffer.from('abxy')])],
  ['one that begins with a frame which needs another', Buffer.concat([head([2], [1]), Buffer.from('abx')])],
  ['one without sound', Buffer.concat([head([key + 2], []), Buffer.from('ab')])],
])('%s is refused', (_, file) => {
  expect(() => readClip(file)).toThrow();
});
