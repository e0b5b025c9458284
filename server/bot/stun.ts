import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A connectivity check that asks for an answer (RFC 8445 §7.1): a STUN Binding request with a user name. */
export interface BindingRequest {
  readonly transactionId: Buffer;
  /** `<ufrag of the receiver>:<ufrag of the sender>` */
  readonly username: string;
  /** The controlling agent has chosen this pair (RFC 8445 §7.3.1.5). */
  readonly useCandidate: boolean;
  /** Whether the sender knows the password of the receiver. */
  readonly isFrom: (password: string) => boolean;
}

const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const MAGIC_COOKIE = 0x2112a442;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const XOR_MAPPED_ADDRESS = 0x0020;
const USE_CANDIDATE = 0x0025;
const FINGERPRINT = 0x8028;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;
const FINGERPRINT_BYTES = 8;

/** Reads a datagram (RFC 8489 §5, §14). Undefined for whatever is not a check, malformed ones included. */
export function readBindingRequest(bytes: Buffer): BindingRequest | undefined {
  if (bytes.length < HEADER_BYTES || bytes.length > 548 || bytes.length % 4 !== 0) return undefined;
  if (bytes.readUInt16BE(0) !== BINDING_REQUEST || bytes.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  if (bytes.readUInt16BE(2) !== bytes.length - HEADER_BYTES) return undefined;
  let username: string | undefined;
  let useCandidate = false;
  for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
    const type = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 4 + length;
    if (end > bytes.length) return undefined;
    if (type === USERNAME) username = bytes.toString('utf8', at + 4, end);
    if (type === USE_CANDIDATE) useCandidate = true;
    if (type === MESSAGE_INTEGRITY) {
      if (length !== INTEGRITY_BYTES - 4 || username === undefined) return undefined;
      const start = at;
      const isFrom = (password: string) =>
        timingSafeEqual(bytes.subarray(start + 4, end), integrityOf(bytes.subarray(0, start), password));
      return { transactionId: bytes.subarray(8, HEADER_BYTES), username, useCandidate, isFrom };
    }
    at = end + ((4 - (length % 4)) % 4);
  }
  return undefined; // no proof, no answer
}

/** The answer to a check: from where it came, signed with the password of the one who answers (RFC 8489 §9.1). */
export function writeBindingSuccess(
  { transactionId }: Pick<BindingRequest, 'transactionId'>,
  from: { readonly address: string; readonly port: number },
  password: string,
): Buffer {
  const head = Buffer.alloc(HEADER_BYTES + 12);
  head.writeUInt16BE(BINDING_SUCCESS, 0);
  head.writeUInt32BE(MAGIC_COOKIE, 4);
  transactionId.copy(head, 8);
  head.writeUInt16BE(XOR_MAPPED_ADDRESS, 20);
  head.writeUInt16BE(8, 22);
  head.writeUInt8(1, 25); // IPv4
  head.writeUInt16BE(from.port ^ (MAGIC_COOKIE >>> 16), 26);
  head.writeUInt32BE((ipv4(from.address) ^ MAGIC_COOKIE) >>> 0, 28);
  const integrity = attribute(MESSAGE_INTEGRITY, integrityOf(head, password));
  const signed = withLength(Buffer.concat([head, integrity]), FINGERPRINT_BYTES);
  const check = Buffer.alloc(4);
  check.writeUInt32BE((crc32(signed) ^ 0x5354554e) >>> 0);
  return Buffer.concat([signed, attribute(FINGERPRINT, check)]);
}

/** HMAC-SHA1 over what comes before the attribute, with a length that ends after it (RFC 8489 §14.5). */
function integrityOf(before: Buffer, password: string): Buffer {
  return createHmac('sha1', password).update(withLength(before, INTEGRITY_BYTES)).digest();
}

/** The same message, its length field as if `moreBytes` followed. */
function withLength(message: Buffer, moreBytes: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(message.length - HEADER_BYTES + moreBytes, 2);
  return copy;
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}

function ipv4(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
