/**
 * STUN messages and ChannelData, read and written (RFC 8489 §5 and §14, RFC 8656 §12.4).
 *
 * For browser and server alike, so without keys: MESSAGE-INTEGRITY is `server/stun-turn/integrity.ts`. Readers
 * throw at nothing that came from a network.
 */
import { addressBytes, addressText, type Endpoint } from './address.ts';
import { crc32 } from './crc32.ts';
import { attributes } from './names.ts';

export type MessageClass = 'request' | 'indication' | 'success' | 'error';

/** An attribute as it stands in a message. */
export interface Attribute {
  /** 0 … 65535 */
  readonly type: number;
  /** Without padding. A view of the message's own bytes. */
  readonly value: Uint8Array;
  /** Where its header begins, in bytes from the start of the message. */
  readonly offset: number;
}

export interface StunMessage {
  readonly class: MessageClass;
  /** 0 … 4095, see `methods` */
  readonly method: number;
  /** 12 bytes */
  readonly transactionId: Uint8Array;
  readonly attributes: readonly Attribute[];
}

/** What {@link encodeMessage} writes: attributes have no place yet. */
export interface MessageToSend extends Omit<StunMessage, 'attributes'> {
  readonly attributes: readonly Pick<Attribute, 'type' | 'value'>[];
}

export const MAGIC_COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;
const COOKIE_BYTES = Uint8Array.of(0x21, 0x12, 0xa4, 0x42);
const FINGERPRINT_BYTES = 8;
const FINGERPRINT_XOR = 0x5354554e;

/** In the order of the two class bits, C1 C0. */
const classes = ['request', 'indication', 'success', 'error'] as const;

/**
 * Reads one datagram. Undefined unless all of it is one well-formed message: first two bits zero, the cookie, the
 * length of the datagram, whole attributes, FINGERPRINT last if there is one (its value is {@link fingerprintFits}'s
 * to check).
 *
 * @see RFC 8489 §5, §6.3
 */
export function decodeMessage(bytes: Uint8Array): StunMessage | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length % 4 !== 0) return undefined;
  const type = uint16(bytes, 0);
  if (type > 0x3fff || uint16(bytes, 2) !== bytes.length - HEADER_BYTES) return undefined;
  if (!COOKIE_BYTES.every((byte, i) => bytes[4 + i] === byte)) return undefined;
  const found: Attribute[] = [];
  for (let offset = HEADER_BYTES; offset < bytes.length;) {
    if (found.at(-1)?.type === attributes.FINGERPRINT) return undefined;
    const length = uint16(bytes, offset + 2);
    const end = offset + 4 + length;
    if (end > bytes.length) return undefined;
    found.push({ type: uint16(bytes, offset), value: bytes.subarray(offset + 4, end), offset });
    offset = end + padding(length);
  }
  return {
    class: classes[((type >> 7) & 2) | ((type >> 4) & 1)]!,
    method: (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80),
    transactionId: bytes.subarray(8, HEADER_BYTES),
    attributes: found,
  };
}

/**
 * Writes a message; padding is zero.
 *
 * @throws {RangeError} when the method, the transaction id or the whole does not fit
 */
export function encodeMessage(message: MessageToSend): Uint8Array {
  const { method, transactionId } = message;
  if (method < 0 || method > 0xfff) throw new RangeError(`method ${method} is not 0 … 4095`);
  if (transactionId.length !== 12) throw new RangeError('a transaction id has 12 bytes');
  const length = message.attributes.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  if (length > 0xffff) throw new RangeError(`${length} bytes of attributes are more than a message holds`);
  const bytes = new Uint8Array(HEADER_BYTES + length);
  const bits = classes.indexOf(message.class);
  const type =
    (method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2) | ((bits & 1) << 4) | ((bits & 2) << 7);
  putUint16(bytes, 0, type);
  putUint16(bytes, 2, length);
  bytes.set(COOKIE_BYTES, 4);
  bytes.set(transactionId, 8);
  let offset = HEADER_BYTES;
  for (const { type, value } of message.attributes) {
    putUint16(bytes, offset, type);
    putUint16(bytes, offset + 2, value.length);
    bytes.set(value, offset + 4);
    offset += 4 + padded(value.length);
  }
  return bytes;
}

/**
 * The value of an attribute, or undefined. What stands behind MESSAGE-INTEGRITY is not covered by it and does not
 * count (RFC 8489 §14.5), except the three that belong there.
 */
export function valueOf({ attributes: all }: StunMessage, type: number): Uint8Array | undefined {
  for (const attribute of all) {
    if (attribute.type === type) return attribute.value;
    if (attribute.type === attributes.MESSAGE_INTEGRITY && !belongsBehind(type)) return undefined;
  }
  return undefined;
}

function belongsBehind(type: number): boolean {
  return type === attributes.FINGERPRINT || type === attributes.MESSAGE_INTEGRITY_SHA256;
}

/**
 * Whether the message ends with a FINGERPRINT that fits; undefined when it has none (RFC 8489 §14.7).
 *
 * It is looked for among the attributes: the last bytes of a Send indication may be the FINGERPRINT of the check inside.
 */
export function fingerprintFits(bytes: Uint8Array, message = decodeMessage(bytes)): boolean | undefined {
  const last = message?.attributes.at(-1);
  if (last?.type !== attributes.FINGERPRINT || last.value.length !== 4) return undefined;
  return uint32(last.value, 0) === (crc32(bytes.subarray(0, last.offset)) ^ FINGERPRINT_XOR) >>> 0;
}

/** The message with a FINGERPRINT at its end; nothing can follow it. */
export function withFingerprint(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(message.length + FINGERPRINT_BYTES);
  bytes.set(message);
  const at = message.length;
  putUint16(bytes, 2, bytes.length - HEADER_BYTES);
  putUint16(bytes, at, attributes.FINGERPRINT);
  putUint16(bytes, at + 2, 4);
  const check = (crc32(bytes.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0;
  new DataView(bytes.buffer).setUint32(at + 4, check);
  return bytes;
}

/**
 * The value of XOR-MAPPED-, XOR-PEER- or XOR-RELAYED-ADDRESS (RFC 8489 §14.2).
 *
 * @throws {RangeError} when the address is not a literal one
 */
export function xorAddress({ address, port }: Endpoint, transactionId: Uint8Array): Uint8Array {
  const plain = addressBytes(address);
  if (!plain) throw new RangeError(`${address} is not an address`);
  const value = new Uint8Array(4 + plain.length);
  value[1] = plain.length === 4 ? 1 : 2;
  putUint16(value, 2, port ^ (MAGIC_COOKIE >>> 16));
  value.set(xored(plain, transactionId), 4);
  return value;
}

/** The address in such a value, or undefined when it is none. */
export function readXorAddress(value: Uint8Array, transactionId: Uint8Array): Endpoint | undefined {
  if (value.length !== (value[1] === 1 ? 8 : 20) || (value[1] !== 1 && value[1] !== 2)) return undefined;
  return {
    address: addressText(xored(value.subarray(4), transactionId)),
    port: uint16(value, 2) ^ (MAGIC_COOKIE >>> 16),
  };
}

/** The address of a plain MAPPED-ADDRESS, ALTERNATE-SERVER, RESPONSE-ORIGIN or OTHER-ADDRESS (RFC 8489 §14.1). */
export function readAddress(value: Uint8Array): Endpoint | undefined {
  if (value.length !== (value[1] === 1 ? 8 : 20) || (value[1] !== 1 && value[1] !== 2)) return undefined;
  return { address: addressText(value.subarray(4)), port: uint16(value, 2) };
}

function xored(address: Uint8Array, transactionId: Uint8Array): Uint8Array {
  return address.map((byte, i) => byte ^ (i < 4 ? COOKIE_BYTES[i]! : transactionId[i - 4]!));
}

/** The value of ERROR-CODE. @param code 300 … 699 @see RFC 8489 §14.8 */
export function errorCode(code: number, reason: string): Uint8Array {
  const phrase = new TextEncoder().encode(reason);
  const value = new Uint8Array(4 + phrase.length);
  value[2] = Math.floor(code / 100);
  value[3] = code % 100;
  value.set(phrase, 4);
  return value;
}

/** The ERROR-CODE of a message: undefined when it has none, or one that is not from 300 to 699. */
export function errorCodeOf(message: StunMessage): { code: number; reason: string } | undefined {
  const value = valueOf(message, attributes.ERROR_CODE);
  if (!value || value.length < 4) return undefined;
  const [kind, number] = [value[2]! & 7, value[3]!];
  if (kind < 3 || kind > 6 || number > 99) return undefined;
  return { code: kind * 100 + number, reason: textOf(value.subarray(4)) };
}

/** A value as text: USERNAME, REALM, NONCE, SOFTWARE. Bytes that are not UTF-8 become `�`. */
export function textOf(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}

/** ChannelData: application data that crosses in a channel, with four bytes in front (RFC 8656 §12.4). */
export interface ChannelData {
  /** 0x4000 … 0x7fff; RFC 8656 gives out only those up to 0x4fff. */
  readonly channel: number;
  readonly data: Uint8Array;
}

/** Reads one datagram. Undefined when it is no ChannelData or shorter than it says; what is too much is padding. */
export function decodeChannelData(bytes: Uint8Array): ChannelData | undefined {
  if (bytes.length < 4) return undefined;
  const [channel, length] = [uint16(bytes, 0), uint16(bytes, 2)];
  if (channel < 0x4000 || channel > 0x7fff || 4 + length > bytes.length) return undefined;
  return { channel, data: bytes.subarray(4, 4 + length) };
}

/** @param pad to a multiple of four, as TCP and TLS want it (RFC 8656 §12.5) */
export function encodeChannelData({ channel, data }: ChannelData, pad = false): Uint8Array {
  const bytes = new Uint8Array(4 + (pad ? padded(data.length) : data.length));
  putUint16(bytes, 0, channel);
  putUint16(bytes, 2, data.length);
  bytes.set(data, 4);
  return bytes;
}

/** What a packet is by its first bytes, where several protocols share one port. */
export type PacketKind = 'stun' | 'zrtp' | 'dtls' | 'channel-data' | 'rtp' | 'rtcp' | 'unknown';

/** @see RFC 7983 §7 (first byte), RFC 5761 §4 (RTCP by its packet type 192 … 223) */
export function kindOf(bytes: Uint8Array): PacketKind {
  const first = bytes[0];
  if (first === undefined) return 'unknown';
  if (first <= 3) return 'stun';
  if (first >= 16 && first <= 19) return 'zrtp';
  if (first >= 20 && first <= 63) return 'dtls';
  if (first >= 64 && first <= 79) return 'channel-data';
  if (first < 128 || first > 191) return 'unknown';
  const second = bytes[1] ?? 0;
  return second >= 192 && second <= 223 ? 'rtcp' : 'rtp';
}

export function uint16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

export function uint32(bytes: Uint8Array, offset: number): number {
  return uint16(bytes, offset) * 0x10000 + uint16(bytes, offset + 2);
}

function putUint16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >> 8;
  bytes[offset + 1] = value;
}

const padding = (length: number) => -length & 3;
const padded = (length: number) => length + padding(length);
