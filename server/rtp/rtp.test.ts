import { expect, test } from 'vitest';
import { vp8Payloads, writeRtp } from './rtp.ts';

test('writes the fixed header of RFC 3550', () => {
  const header = { payloadType: 96, marker: true, sequence: 65_535, time: 2 ** 32 - 1, ssrc: 7 };
  expect(writeRtp(header, Buffer.from('ab'), Buffer.from('c')).toString('hex')).toBe(
    '80e0ffffffffffff00000007616263',
  );
});

test.each([1, 1_150, 1_151, 9_999])(
  'a VP8 frame of %i bytes is whole again behind its descriptors',
  (size) => {
    const frame = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
    const payloads = vp8Payloads(frame);
    expect(Buffer.concat(payloads.map(([, part]) => part)).equals(frame)).toBe(true);
    expect(payloads).toHaveLength(Math.ceil(size / 1_150));
    // S, the start of the partition, in the first one only (RFC 7741 §4.2).
    expect(payloads.map(([descriptor]) => descriptor.toString('hex'))).toEqual(
      payloads.map((_, index) => (index === 0 ? '10' : '00')),
    );
    for (const [, part] of payloads) expect(part.length).toBeLessThanOrEqual(1_150);
  },
);
