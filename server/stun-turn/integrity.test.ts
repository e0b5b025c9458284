import { expect, test } from 'vitest';
import {
  decodeMessage,
  encodeMessage,
  fingerprintFits,
  HEADER_BYTES,
  withFingerprint,
} from '../../src/protocol/stun/message.ts';
import { attributes } from '../../src/protocol/stun/names.ts';
import * as vectors from '../../tests/fixtures/stun/rfc5769.ts';
import { integrityFits, longTermKey, withIntegrity } from './integrity.ts';

const { username, realm, password } = vectors.longTerm;
const longTermKeyOfVector = longTermKey(username, realm, password);

test.each([
  ['request (§2.1)', vectors.request, vectors.shortTerm.password],
  ['IPv4 response (§2.2)', vectors.responseIpv4, vectors.shortTerm.password],
  ['IPv6 response (§2.3)', vectors.responseIpv6, vectors.shortTerm.password],
  ['long-term request (§2.4)', vectors.longTermRequest, longTermKeyOfVector],
])('RFC 5769: the integrity of the %s fits its key and no other', (_, vector, key) => {
  const message = decodeMessage(vector)!;
  expect(integrityFits(vector, message, key)).toBe(true);
  expect(integrityFits(vector, message, 'another')).toBe(false);
  const altered = vector.slice();
  altered[HEADER_BYTES + 5]! ^= 1;
  expect(integrityFits(altered, decodeMessage(altered)!, key)).toBe(false);
});

test('RFC 5769: the long-term request is written byte by byte', () => {
  const { attributes: all, ...head } = decodeMessage(vectors.longTermRequest)!;
  const unsigned = all.filter(({ type }) => type !== attributes.MESSAGE_INTEGRITY);
  expect(withIntegrity(encodeMessage({ ...head, attributes: unsigned }), longTermKeyOfVector)).toEqual(
    vectors.longTermRequest,
  );
});

test('a fingerprint behind the integrity leaves it valid', () => {
  const message = { class: 'success', method: 1, transactionId: new Uint8Array(12), attributes: [] } as const;
  const bytes = withFingerprint(withIntegrity(encodeMessage(message), 'key'));
  expect(fingerprintFits(bytes)).toBe(true);
  expect(integrityFits(bytes, decodeMessage(bytes)!, 'key')).toBe(true);
});

test('an integrity of another length fits nothing', () => {
  const short = { type: attributes.MESSAGE_INTEGRITY, value: new Uint8Array(16) };
  const message = { class: 'request', method: 1, transactionId: new Uint8Array(12) } as const;
  const bytes = encodeMessage({ ...message, attributes: [short] });
  expect(integrityFits(bytes, decodeMessage(bytes)!, 'key')).toBe(false);
});
