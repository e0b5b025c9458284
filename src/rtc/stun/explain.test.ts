import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wireCaptures } from '../../../tests/fixtures/wire.ts';
import {
  encodeMessage,
  errorCode,
  withFingerprint,
  xorAddress,
  type MessageToSend,
} from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';
import { fromBase64 } from './base64.ts';
import { explainMessage, type Field } from './explain.ts';
import { innerMessage, isCheck, summaryOf } from './summary.ts';

const transactionId = Uint8Array.from({ length: 12 }, (_, index) => index + 1);
const text = (value: string) => new TextEncoder().encode(value);
const explained = (message: Omit<MessageToSend, 'transactionId'>) =>
  explainMessage(encodeMessage({ ...message, transactionId }));
const fieldOf = ({ fields }: { fields: readonly Field[] }, name: string): Field => {
  const found = fields.find((field) => field.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const all = (fields: readonly Field[]): Field[] => fields.flatMap((field) => [field, ...all(field.parts)]);

test.each(wireCaptures)('$browser: every byte of every message has an explanation', ({ messages }) => {
  const titles = new Set<string>();
  for (const { bytes } of messages) {
    const datagram = fromBase64(bytes);
    const { title, fields, message, what, spec } = explainMessage(datagram);
    if (!message) continue;
    titles.add(title);
    expect(what).not.toMatch(/does not know/);
    expect(spec?.name).toMatch(/^RFC/);
    // The fields lie side by side and cover the datagram.
    let end = 0;
    for (const field of fields) {
      expect(field.start).toBe(end);
      end = field.end;
    }
    expect(end).toBe(datagram.length);
    for (const field of all(fields)) {
      expect([title, field.name, field.known]).toEqual([title, field.name, true]);
      expect(field.value).not.toBe('');
      expect(field.what.length).toBeGreaterThan(20);
      expect(field.end).toBeLessThanOrEqual(datagram.length);
    }
    const fingerprint = fields.find(({ name }) => name === 'FINGERPRINT');
    if (fingerprint) expect(fingerprint.value).toMatch(/, it fits$/);
  }
  expect([...titles].toSorted()).toEqual(
    expect.arrayContaining([
      'Allocate error 401',
      'Allocate request',
      'Allocate success',
      'Binding request',
      'Binding success',
      'CreatePermission request',
      'CreatePermission success',
      'Data indication',
      'Refresh request',
      'Send indication',
    ]),
  );
});

test('of the browsers captured, only Chromium binds a channel', () => {
  const binds = wireCaptures.map(({ browser, messages }) => [
    browser,
    messages.some(({ bytes }) => explainMessage(fromBase64(bytes)).title === 'ChannelBind request'),
  ]);
  expect(binds).toEqual([
    ['chromium 156', true],
    ['firefox 153', false],
  ]);
});

test('in a few words, a message says what it is and what it carries', () => {
  const words = wireCaptures.map(
    ({ messages }) =>
      new Set(
        messages.flatMap(({ bytes }) => {
          const { message } = explainMessage(fromBase64(bytes));
          return message ? [summaryOf(message)] : [];
        }),
      ),
  );
  expect([...words[0]!]).toEqual(
    expect.arrayContaining([
      'Binding request',
      'Allocate error 401',
      'Send · ICE check that nominates',
      'Data · answer to an ICE check',
      'Send · DTLS',
      'ICE check',
    ]),
  );
  expect(words[1]).toContain('Send · ICE check');
});

test('a check that travels in a Send indication is explained inside it, at its own bytes', () => {
  const { messages } = wireCaptures[0]!;
  const sends = messages.map(({ bytes }) => fromBase64(bytes));
  const bytes = sends.find((one) => explainMessage(one).title === 'Send indication')!;
  const { what, fields, message } = explainMessage(bytes);
  expect(what).toContain('Inside is a Binding request');
  expect(isCheck(innerMessage(message!)!)).toBe(true);
  const data = fieldOf({ fields }, 'DATA');
  expect(data.parts[0]).toMatchObject({ name: 'Message type', start: data.start + 4, end: data.start + 6 });
  expect(fieldOf({ fields: data.parts }, 'USERNAME').what).toMatch(/ufrag of the receiver/);
  expect(fieldOf({ fields: data.parts }, 'GOOG-NETWORK-INFO').value).toBe('network 0, cost 999');
  expect(fieldOf({ fields: data.parts }, 'PRIORITY').value).toMatch(/type preference \d+/);
});

test('an address shows how it was XORed', () => {
  const value = xorAddress({ address: '192.0.2.1', port: 32_853 }, transactionId);
  const field = fieldOf(
    explained({ class: 'success', method: methods.Binding, attributes: [{ type: 0x20, value }] }),
    'XOR-MAPPED-ADDRESS',
  );
  expect(field).toMatchObject({ value: '192.0.2.1:32853', start: 20, end: 32 });
  expect(field.parts.map(({ name, value: words, start, end }) => [name, words, start, end])).toEqual([
    ['Family', 'IPv4', 25, 26],
    ['X-Port', '0xa147 xor 0x2112 = 32853', 26, 28],
    ['X-Address', 'e1 12 a6 43 xor 21 12 a4 42 = 192.0.2.1', 28, 32],
  ]);
  const six = xorAddress({ address: '2001:db8::1', port: 1 }, transactionId);
  expect(
    fieldOf(
      explained({ class: 'success', method: methods.Binding, attributes: [{ type: 0x20, value: six }] }),
      'XOR-MAPPED-ADDRESS',
    ).value,
  ).toBe('[2001:db8::1]:1');
});

test('a user name that expires says when, and a code of the server what to do', () => {
  const request = explained({
    class: 'request',
    method: methods.Allocate,
    attributes: [{ type: attributes.USERNAME, value: text('1795312673:abcdefghijklmnop.alice') }],
  });
  expect(fieldOf(request, 'USERNAME').what).toContain('until 2026-11-22 01:57:53 UTC');
  const error = explained({
    class: 'error',
    method: methods.CreatePermission,
    attributes: [{ type: attributes.ERROR_CODE, value: errorCode(403, 'Forbidden') }],
  });
  expect(error.title).toBe('CreatePermission error 403');
  expect(fieldOf(error, 'ERROR-CODE')).toMatchObject({ value: '403 Forbidden' });
  expect(fieldOf(error, 'ERROR-CODE').what).toMatch(/does not relay.*Ask whoever runs the server/s);
});

test('a Refresh with a lifetime of zero gives the allocation back', () => {
  const refresh = explained({
    class: 'request',
    method: methods.Refresh,
    attributes: [{ type: attributes.LIFETIME, value: new Uint8Array(4) }],
  });
  expect(fieldOf(refresh, 'LIFETIME')).toMatchObject({ value: '0 seconds' });
  expect(fieldOf(refresh, 'LIFETIME').what).toMatch(/takes the allocation away/);
});

test('what is not known is said to be unknown', () => {
  const message = explained({
    class: 'request',
    method: 0x0ff,
    attributes: [
      { type: 0x7f00, value: Uint8Array.of(1, 2) },
      { type: 0xff00, value: new Uint8Array() },
      { type: attributes.LIFETIME, value: Uint8Array.of(1) },
    ],
  });
  expect(message).toMatchObject({ title: 'method 0x0ff request' });
  const [, , , , required, optional, broken] = message.fields;
  expect(required).toMatchObject({ name: '0x7f00', value: '01 02', known: false });
  expect(required?.what).toMatch(/refuse the message with 420/);
  expect(optional).toMatchObject({ name: '0xff00', value: 'no value', known: false });
  expect(broken).toMatchObject({ name: 'LIFETIME', known: false });
});

test('a checksum that does not fit is said not to fit', () => {
  const bytes = withFingerprint(
    encodeMessage({ class: 'request', method: methods.Binding, transactionId, attributes: [] }),
  );
  bytes[27]! ^= 1;
  expect(fieldOf(explainMessage(bytes), 'FINGERPRINT').value).toMatch(/does not fit$/);
});

test('any bytes are explained without an exception, and the explanation stays within them', () => {
  const captured = wireCaptures.flatMap(({ messages }) => messages.map(({ bytes }) => fromBase64(bytes)));
  const mutated = fc
    .tuple(fc.constantFrom(...captured), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }))
    .map(([bytes, changes]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      return copy;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
      for (const { start, end, name, what } of all(explainMessage(bytes).fields)) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(bytes.length);
        expect(name && what).not.toBe('');
      }
    }),
    { numRuns: 2_000, seed: 20_261_121 },
  );
});

test('what is no base64 gives no bytes', () => {
  expect(fromBase64('???')).toHaveLength(0);
  expect(explainMessage(fromBase64(''))).toMatchObject({ title: 'no STUN message', fields: [] });
});
