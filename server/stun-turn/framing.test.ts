import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeChannelData, encodeMessage } from '../../src/protocol/stun/message.ts';
import { Frames } from './framing.ts';

describe('a stream', () => {
  const method = (value: Uint8Array) =>
    encodeMessage({
      class: 'request',
      method: 1,
      transactionId: new Uint8Array(12),
      attributes: [{ type: 0x8022, value }],
    });
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((data) => encodeChannelData({ channel: 0x4000, data })),
    fc.uint8Array({ maxLength: 60 }).map(method),
  );
  const padded = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

  test('is cut into its frames, wherever it was broken into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(frame),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }),
        (sent, sizes) => {
          const stream = Buffer.concat(sent.map(padded));
          const frames = new Frames();
          const got: Buffer[] = [];
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = sizes[i % sizes.length]!;
            const chunk = Buffer.from(stream.subarray(at, at + size));
            expect(
              frames.push(
                chunk,
                () => true,
                (bytes) => void got.push(bytes),
              ),
            ).toBe(true);
            at += size;
          }
          expect(got.map((bytes) => bytes.toString('hex'))).toEqual(
            sent.map((bytes) => Buffer.from(bytes).toString('hex')),
          );
          expect(frames.pending).toBe(false);
        },
      ),
    );
  });

  test.each([
    ['a web request', Buffer.from('GET / HTTP/1.1\r\n')],
    ['RTP', Buffer.from([0x80, 0x60, 0, 1])],
    ['a message whose length is no multiple of four', Buffer.from([0, 1, 0, 3])],
    ['a long message of a stranger', Buffer.from([0, 1, 0xff, 0xfc])],
  ])('%s breaks it', (_, bytes) => {
    expect(
      new Frames().push(
        bytes,
        () => false,
        () => {},
      ),
    ).toBe(false);
  });

  test('a long message of somebody known is waited for', () => {
    const frames = new Frames();
    const start = Buffer.from([0x40, 0, 0xff, 0xff]);
    expect(
      frames.push(
        start,
        () => true,
        () => {},
      ),
    ).toBe(true);
    expect(frames.pending).toBe(true);
  });
});
