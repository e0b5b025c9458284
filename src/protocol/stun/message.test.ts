import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as vectors from '../../../tests/fixtures/stun/rfc5769.ts';
import { addressBytes, addressText } from './address.ts';
import {
  decodeChannelData,
  decodeMessage,
  encodeChannelData,
  encodeMessage,
  errorCode,
  errorCodeOf,
  fingerprintFits,
  HEADER_BYTES,
  kindOf,
  readXorAddress,
  textOf,
  valueOf,
  withFingerprint,
  xorAddress,
} from './message.ts';
import { attributeNamed, attributes, methodNamed, methods } from './names.ts';

const bytes = (max: number) => fc.uint8Array({ maxLength: max });
const transactionId = fc.uint8Array({ minLength: 12, maxLength: 12 });
const message = fc.record({
  class: fc.constantFrom('request', 'indication', 'success', 'error'),
  method: fc.nat(0xfff),
  transactionId,
  attributes: fc.array(
    fc.record({ type: fc.nat(0xffff).filter((type) => type !== attributes.FINGERPRINT), value: bytes(50) }),
    { maxLength: 8 },
  ),
});
const endpoint = fc.record({
  address: fc
    .oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
    .map(addressText),
  port: fc.nat(0xffff),
});

describe('RFC 5769', () => {
  const all = [
    ['request', vectors.request],
    ['IPv4 response', vectors.responseIpv4],
    ['IPv6 response', vectors.responseIpv6],
  ] as const;

  test.each(all)('the %s is read and its fingerprint fits', (_, vector) => {
    expect(decodeMessage(vector)).toMatchObject({ method: methods.Binding });
    expect(fingerprintFits(vector)).toBe(true);
    const altered = vector.slice();
    altered[30]! ^= 1;
    expect(fingerprintFits(altered)).toBe(false);
  });

  test('the request holds what the RFC says', () => {
    const found = decodeMessage(vectors.request)!;
    expect(found.class).toBe('request');
    expect(textOf(valueOf(found, attributes.SOFTWARE)!)).toBe('STUN test client');
    expect(textOf(valueOf(found, attributes.USERNAME)!)).toBe(vectors.shortTerm.username);
    expect(valueOf(found, attributes.PRIORITY)).toEqual(Uint8Array.of(0x6e, 0, 1, 0xff));
    expect(found.attributes.map(({ type }) => attributeNamed(type)?.name)).toEqual([
      'SOFTWARE',
      'PRIORITY',
      'ICE-CONTROLLED',
      'USERNAME',
      'MESSAGE-INTEGRITY',
      'FINGERPRINT',
    ]);
    expect(found.attributes.map(({ offset }) => offset)).toEqual([20, 40, 48, 60, 76, 100]);
  });

  test.each([
    ['IPv4', vectors.responseIpv4, '192.0.2.1'],
    ['IPv6', vectors.responseIpv6, '2001:db8:1234:5678:11:2233:4455:6677'],
  ])('the %s response names the mapped address', (_, vector, address) => {
    const found = decodeMessage(vector)!;
    const value = valueOf(found, attributes.XOR_MAPPED_ADDRESS)!;
    expect(readXorAddress(value, found.transactionId)).toEqual({ address, port: 32_853 });
    expect(xorAddress({ address, port: 32_853 }, found.transactionId)).toEqual(value);
  });

  test('the long-term request names user and realm', () => {
    const found = decodeMessage(vectors.longTermRequest)!;
    expect(textOf(valueOf(found, attributes.USERNAME)!)).toBe(vectors.longTerm.username);
    expect(textOf(valueOf(found, attributes.REALM)!)).toBe(vectors.longTerm.realm);
    expect(fingerprintFits(vectors.longTermRequest)).toBeUndefined();
  });
});

describe('whatever comes from a network', () => {
  const vector = [...vectors.request];
  const mutated = fc
    .array(fc.tuple(fc.nat(vector.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const copy = Uint8Array.from(vector);
      for (const [at, value] of changes) copy[at] = value;
      return copy;
    });

  test('no bytes make a reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(200), mutated), (any) => {
        const found = decodeMessage(any);
        if (found) {
          errorCodeOf(found);
          for (const { value } of found.attributes) readXorAddress(value, found.transactionId);
        }
        decodeChannelData(any);
        fingerprintFits(any);
        kindOf(any);
      }),
      { numRuns: 5_000 },
    );
  });

  test('what was written is read back', () => {
    fc.assert(
      fc.property(message, (written) => {
        const encoded = encodeMessage(written);
        const read = decodeMessage(encoded)!;
        const attributes = read.attributes.map(({ type, value }) => ({ type, value }));
        expect({ ...read, attributes }).toEqual(written);
        expect(encodeMessage(read)).toEqual(encoded);
        const marked = withFingerprint(encoded);
        expect(fingerprintFits(marked)).toBe(true);
        expect(decodeMessage(marked)!.attributes.at(-1)!.offset).toBe(encoded.length);
      }),
    );
  });

  test('addresses survive the exclusive or, and are spelled as Node spells them', () => {
    fc.assert(
      fc.property(endpoint, transactionId, (address, id) => {
        expect(readXorAddress(xorAddress(address, id), id)).toEqual(address);
        const family = address.address.includes(':') ? 'ipv6' : 'ipv4';
        const node = new SocketAddress({ address: address.address, family }).address;
        // Node writes the low 32 bits of a few reserved addresses with dots.
        if (!/^::[\da-f]*:?\d+\./.test(node)) expect(address.address).toBe(node);
      }),
    );
  });

  test.each([
    ['nothing', []],
    ['a header cut short', vector.slice(0, 19)],
    ['a byte too many', [...vector, 0]],
    ['four bytes too many', [...vector, 0, 0, 0, 0]],
    ['another cookie', vector.with(4, 0x22)],
    ['first bits that are not zero', vector.with(0, 0x40)],
    ['an attribute that ends beyond the message', vector.with(HEADER_BYTES + 3, 0xff)],
    ['something behind FINGERPRINT', [...vector.with(3, 0x5c), 0x80, 0x22, 0, 0]],
  ])('%s is no message', (_, text) => {
    expect(decodeMessage(Uint8Array.from(text))).toBeUndefined();
  });

  test.each([
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    ':::',
    '1::2::3',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7',
    'x',
  ])('%s is no address', (text) => expect(addressBytes(text)).toBeUndefined());

  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['::ffff:7f00:1', '::ffff:127.0.0.1'],
    ['64:ff9b::10.0.0.1', '64:ff9b::a00:1'],
  ])('%s is spelled %s', (text, canonical) => expect(addressText(addressBytes(text)!)).toBe(canonical));
});

test('an attribute behind MESSAGE-INTEGRITY does not count', () => {
  const written = encodeMessage({
    class: 'request',
    method: methods.Refresh,
    transactionId: new Uint8Array(12),
    attributes: [
      { type: attributes.MESSAGE_INTEGRITY, value: new Uint8Array(20) },
      { type: attributes.LIFETIME, value: new Uint8Array(4) },
    ],
  });
  expect(valueOf(decodeMessage(written)!, attributes.LIFETIME)).toBeUndefined();
  expect(valueOf(decodeMessage(withFingerprint(written))!, attributes.FINGERPRINT)).toBeDefined();
});

test('a fingerprint inside of relayed data is not the message’s own', () => {
  const attribute = { type: attributes.DATA, value: vectors.request };
  const head = { class: 'indication', method: methods.Send, transactionId: new Uint8Array(12) } as const;
  const indication = encodeMessage({ ...head, attributes: [attribute] });
  expect(fingerprintFits(indication)).toBeUndefined();
  expect(fingerprintFits(withFingerprint(indication))).toBe(true);
});

test.each([300, 401, 438, 508, 699])('error %i is read back with its reason', (code) => {
  const value = errorCode(code, 'Stale Nonce');
  const found = { class: 'error', method: 1, transactionId: new Uint8Array(12) } as const;
  const attribute = { type: attributes.ERROR_CODE, value, offset: HEADER_BYTES };
  expect(errorCodeOf({ ...found, attributes: [attribute] })).toEqual({ code, reason: 'Stale Nonce' });
});

test('ChannelData is read back, padded or not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x4000, max: 0x7fff }), bytes(100), fc.boolean(), (channel, data, pad) => {
      const written = encodeChannelData({ channel, data }, pad);
      expect(decodeChannelData(written)).toEqual({ channel, data });
      expect(decodeChannelData(written.subarray(0, 3 + data.length))).toBeUndefined();
      if (pad) expect(written.length % 4).toBe(0);
    }),
  );
});

test.each([
  ['stun', [0, 1]],
  ['dtls', [22, 254]],
  ['channel-data', [0x40, 0]],
  ['rtp', [0x80, 96]],
  ['rtcp', [0x80, 200]],
  ['unknown', [255]],
  ['unknown', []],
] as const)('%s is known by its first bytes', (kind, first) => {
  expect(kindOf(Uint8Array.from(first))).toBe(kind);
});

test('methods and attributes have names', () => {
  expect(methodNamed(methods.ChannelBind)).toEqual({
    name: 'ChannelBind',
    spec: { name: 'RFC 8656', section: '12' },
  });
  expect(attributeNamed(attributes.XOR_PEER_ADDRESS)?.name).toBe('XOR-PEER-ADDRESS');
  expect(attributeNamed(0x7777)).toBeUndefined();
});
