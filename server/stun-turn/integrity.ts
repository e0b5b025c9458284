import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { HEADER_BYTES, type StunMessage } from '../../src/protocol/stun/message.ts';
import { attributes } from '../../src/protocol/stun/names.ts';

/** The attribute with its header: 20 bytes of HMAC-SHA1 behind 4. */
const INTEGRITY_BYTES = 24;

/** The key of a long-term credential: `MD5(user ":" realm ":" password)` (RFC 8489 §9.2.2). */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

/**
 * Whether the message carries a MESSAGE-INTEGRITY that was made with this key, compared in constant time.
 *
 * @see RFC 8489 §14.5
 */
export function integrityFits(bytes: Uint8Array, message: StunMessage, key: Uint8Array | string): boolean {
  const found = message.attributes.find(({ type }) => type === attributes.MESSAGE_INTEGRITY);
  if (found?.value.length !== INTEGRITY_BYTES - 4) return false;
  return timingSafeEqual(found.value, integrityOf(bytes.subarray(0, found.offset), key));
}

/** The message with a MESSAGE-INTEGRITY at its end. Only FINGERPRINT may follow. */
export function withIntegrity(message: Uint8Array, key: Uint8Array | string): Uint8Array {
  const bytes = new Uint8Array(message.length + INTEGRITY_BYTES);
  bytes.set(message);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, bytes.length - HEADER_BYTES);
  view.setUint16(message.length, attributes.MESSAGE_INTEGRITY);
  view.setUint16(message.length + 2, INTEGRITY_BYTES - 4);
  bytes.set(integrityOf(message, key), message.length + 4);
  return bytes;
}

/** HMAC-SHA1 over what comes before the attribute, its length field as if the message ended behind it. */
function integrityOf(before: Uint8Array, key: Uint8Array | string): Buffer {
  const head = new Uint8Array(HEADER_BYTES);
  head.set(before.subarray(0, HEADER_BYTES));
  new DataView(head.buffer).setUint16(2, before.length - HEADER_BYTES + INTEGRITY_BYTES);
  return createHmac('sha1', key).update(head).update(before.subarray(HEADER_BYTES)).digest();
}
