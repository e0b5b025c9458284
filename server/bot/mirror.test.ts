import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sdpFixture } from '../../tests/fixtures/sdp.ts';
import { Mirror } from './mirror.ts';
import { readOffer } from './sdp.ts';

const { sections } = readOffer(sdpFixture('chromium-156-offer-audio-video-data'), new Mirror().wanted);
const ssrcsOf = (mid: string) => ({ media: 1_000 + Number(mid), rtx: 2_000 + Number(mid) });
const setup = () => {
  const mirror = new Mirror();
  mirror.negotiate(sections, ssrcsOf);
  return mirror;
};

/** A packet of the video m-section, mid 1, payload type 96. */
function rtp({
  ssrc = 5,
  sequence = 1,
  time = 90,
  payloadType = 96,
  mid = '',
  payload = 'abc',
} = {}): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt8(mid ? 0x90 : 0x80, 0);
  fixed.writeUInt8(payloadType, 1);
  fixed.writeUInt16BE(sequence, 2);
  fixed.writeUInt32BE(time, 4);
  fixed.writeUInt32BE(ssrc, 8);
  const id = sections[1]?.midExtension ?? 0;
  const extension = Buffer.from([0xbe, 0xde, 0, 1, id << 4, mid.charCodeAt(0), 0, 0]);
  return Buffer.concat([fixed, ...(mid ? [extension] : []), Buffer.from(payload)]);
}

const feedback = (type: number, format: number, ...words: number[]) => {
  const packet = Buffer.alloc(4 + 4 * words.length);
  packet.writeUInt8(0x80 | format, 0);
  packet.writeUInt8(type, 1);
  packet.writeUInt16BE(words.length, 2);
  words.forEach((word, index) => packet.writeUInt32BE(word, 4 + 4 * index));
  return packet;
};

test('a packet goes back under the SSRC of its m-section, everything else as it was', () => {
  const back = setup().rtp(rtp({ sequence: 65_535, time: 4_000_000_000 }));
  expect(back?.readUInt32BE(8)).toBe(1_001);
  expect(back?.readUInt16BE(2)).toBe(65_535);
  expect(back?.readUInt32BE(4)).toBe(4_000_000_000);
  expect(back?.toString('utf8', 12)).toBe('abc');
});

test('a repair packet goes back as one; a payload type that nobody negotiated does not go back', () => {
  const mirror = setup();
  expect(mirror.rtp(rtp({ ssrc: 6, payloadType: 97 }))?.readUInt32BE(8)).toBe(2_001);
  expect(mirror.rtp(rtp({ ssrc: 7, payloadType: 33 }))).toBeUndefined();
});

test('the mid that a packet carries decides between m-sections of the same codec', () => {
  const mirror = new Mirror();
  const [, video] = sections;
  if (!video) throw new Error('no video');
  mirror.negotiate([video, { ...video, mid: '3' }], ssrcsOf);
  expect(mirror.rtp(rtp({ ssrc: 5, mid: '3' }))?.readUInt32BE(8)).toBe(1_003);
  expect(mirror.rtp(rtp({ ssrc: 6, mid: '1' }))?.readUInt32BE(8)).toBe(1_001);
  expect(mirror.rtp(rtp({ ssrc: 5 }))?.readUInt32BE(8)).toBe(1_003); // its SSRC is known by now
});

test('a new source goes on where the last one ended, and what is asked for is named as the source names it', () => {
  const mirror = setup();
  mirror.rtp(rtp({ ssrc: 5, sequence: 100, time: 9_000 }));
  const back = mirror.rtp(rtp({ ssrc: 50, sequence: 30_000, time: 77 }));
  expect(back?.readUInt16BE(2)).toBe(101);
  expect(back?.readUInt32BE(4)).toBe(12_000);
  const nack = mirror.rtcp(feedback(205, 1, 50, 1_001, (101 << 16) | 3));
  expect(nack?.readUInt32BE(4)).toBe(1_001); // who asks: the bot
  expect(nack?.readUInt32BE(8)).toBe(50);
  expect([nack?.readUInt16BE(12), nack?.readUInt16BE(14)]).toEqual([30_000, 3]);
});

test('the wish for a key frame is turned around, and one about somebody else’s stream is not', () => {
  const mirror = setup();
  expect(mirror.rtcp(feedback(206, 1, 5, 1_001))).toBeUndefined(); // nothing has come yet
  mirror.rtp(rtp());
  expect(mirror.rtcp(feedback(206, 1, 5, 1_001))).toEqual(feedback(206, 1, 1_001, 5));
  expect(mirror.rtcp(feedback(206, 4, 1, 0, 1_001, 0))).toEqual(feedback(206, 4, 1_000, 0, 5, 0));
  expect(mirror.rtcp(feedback(206, 1, 5, 99))).toBeUndefined();
});

test('a sender report comes back as one of the bot’s stream, with its name; a block about it as one about the source', () => {
  const mirror = setup();
  mirror.rtp(rtp({ time: 90 }));
  const block = [1_001, 0x01000002, 70_000, 3, 4, 5];
  const report = mirror.rtcp(feedback(200, 1, 5, 10, 11, 12, 13, 14, ...block));
  expect(report?.subarray(0, 52)).toEqual(
    feedback(200, 1, 1_001, 10, 11, 12, 13, 14, 5, 0x01000002, 70_000, 3, 4, 5),
  );
  expect(report?.readUInt8(53)).toBe(202);
  expect(report?.toString('latin1', 62, 65)).toBe('bot');
});

test('the limit is told in the words of REMB, once there is a sender', () => {
  const mirror = setup();
  expect(mirror.report(1_500_000)).toBeUndefined();
  mirror.rtp(rtp());
  const packet = mirror.report(1_500_000)?.subarray(8);
  expect(packet?.toString('latin1', 12, 16)).toBe('REMB');
  const word = packet?.readUInt32BE(16) ?? 0;
  const bitrate = (word & 0x3ffff) * 2 ** ((word >> 18) & 0x3f);
  expect(bitrate).toBeGreaterThan(1_490_000);
  expect(bitrate).toBeLessThanOrEqual(1_500_000);
  expect(packet?.readUInt32BE(20)).toBe(5);
});

test('a report that says it ends before its sender is named is no report', () => {
  const mirror = setup();
  for (const type of [200, 201, 205, 206])
    expect(mirror.rtcp(Buffer.from([0x80, type, 0, 0, 0, 0, 0, 0]))).toBeUndefined();
});

test('whatever comes, nothing is thrown', () => {
  const mirror = setup();
  mirror.rtp(rtp());
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 199, max: 207 }), (bytes, type) => {
      const random = Buffer.from(bytes);
      mirror.rtp(Buffer.from(random));
      if (random.length > 3) random.writeUInt16BE(0x8000 | (random[0]! & 0x1f00) | type, 0);
      mirror.rtcp(random);
      if (random.length > 0) random[0] = 0x90;
      mirror.rtp(random);
    }),
    { numRuns: 2_000 },
  );
});
