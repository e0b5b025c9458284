import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RtcError } from '../../rtc/errors.ts';
import { HandCarrier, readDescription } from './hand.ts';

const sdp = 'v=0\r\no=- 42 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=setup:actpass\r\n';

test('reads the JSON of the other box, and bare SDP however its lines end', () => {
  expect(readDescription(` ${JSON.stringify({ type: 'offer', sdp })}\n`)).toEqual({ type: 'offer', sdp });
  expect(readDescription(sdp.replaceAll('\r\n', '\n'))).toEqual({ type: 'offer', sdp });
  expect(readDescription(sdp.replace('actpass', 'active')).type).toBe('answer');
});

test('whatever is pasted gives a description or an error that a person can read', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map((text) => `v=0\n${text}`),
      ),
      (text) => {
        try {
          expect(readDescription(text)).toHaveProperty('sdp');
        } catch (error) {
          expect(error).toBeInstanceOf(RtcError);
          expect((error as RtcError).message).toMatch(/\S+ \S+ .*[.:]/);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('hands a letter over once, to the right side only', () => {
  const carrier = new HandCarrier(new AbortController().signal);
  const received: string[] = [];
  carrier.deliver(({ to, signal }) =>
    received.push(`${to} ${'description' in signal ? signal.description.type : ''}`),
  );
  carrier.post({ from: 'alice', to: 'bob', signal: { description: { type: 'offer', sdp } } });
  const [letter] = carrier.outbox.value;
  const text = letter?.text ?? '';
  expect(() => carrier.handOver('alice', 'bob', text, 'answer')).toThrow('alice’s own offer');
  carrier.handOver('bob', 'alice', text, 'offer');
  expect(() => carrier.handOver('bob', 'alice', text, 'offer')).toThrow('has this offer already');
  expect(received).toEqual(['bob offer']);
});
