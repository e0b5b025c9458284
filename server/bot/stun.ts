import type { Endpoint } from '../../src/protocol/stun/address.ts';
import {
  decodeMessage,
  encodeMessage,
  textOf,
  valueOf,
  withFingerprint,
  xorAddress,
} from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';
import { integrityFits, withIntegrity } from '../stun-turn/integrity.ts';

/** A connectivity check that asks for an answer (RFC 8445 §7.1): a STUN Binding request with a user name. */
export interface BindingRequest {
  readonly transactionId: Uint8Array;
  /** `<ufrag of the receiver>:<ufrag of the sender>` */
  readonly username: string;
  /** The controlling agent has chosen this pair (RFC 8445 §7.3.1.5). */
  readonly useCandidate: boolean;
  /** Whether the sender knows the password of the receiver. */
  readonly isFrom: (password: string) => boolean;
}

/** No check is longer than the smallest datagram that crosses any network (RFC 8489 §6.1). */
const MAX_BYTES = 548;

/** Reads a datagram. Undefined for whatever is not a check, malformed ones included. */
export function readBindingRequest(bytes: Uint8Array): BindingRequest | undefined {
  const message = bytes.length <= MAX_BYTES ? decodeMessage(bytes) : undefined;
  if (message?.class !== 'request' || message.method !== methods.Binding) return undefined;
  const username = valueOf(message, attributes.USERNAME);
  if (!username) return undefined;
  return {
    transactionId: message.transactionId,
    username: textOf(username),
    useCandidate: valueOf(message, attributes.USE_CANDIDATE) !== undefined,
    isFrom: (password) => integrityFits(bytes, message, password),
  };
}

/** The answer to a check: from where it came, signed with the password of the one who answers (RFC 8489 §9.1). */
export function writeBindingSuccess(
  { transactionId }: Pick<BindingRequest, 'transactionId'>,
  from: Endpoint,
  password: string,
): Uint8Array {
  const mapped = { type: attributes.XOR_MAPPED_ADDRESS, value: xorAddress(from, transactionId) };
  const answer = { class: 'success', method: methods.Binding, transactionId, attributes: [mapped] } as const;
  return withFingerprint(withIntegrity(encodeMessage(answer), password));
}

/** A check of our own (RFC 8445 §7.1). */
interface OwnCheck {
  readonly transactionId: Uint8Array;
  readonly username: string;
  readonly priority: number;
  /** 8 bytes, the same in all checks of an agent. */
  readonly tieBreaker: Uint8Array;
}

/** A check of the controlling agent that nominates the pair, signed with the password of the one who is checked. */
export function writeBindingRequest(check: OwnCheck, password: string): Uint8Array {
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(check.priority);
  const request = encodeMessage({
    class: 'request',
    method: methods.Binding,
    transactionId: check.transactionId,
    attributes: [
      { type: attributes.USERNAME, value: Buffer.from(check.username) },
      { type: attributes.PRIORITY, value: priority },
      { type: attributes.ICE_CONTROLLING, value: check.tieBreaker },
      { type: attributes.USE_CANDIDATE, value: new Uint8Array() },
    ],
  });
  return withFingerprint(withIntegrity(request, password));
}

/** Reads the answer to a check. Undefined for whatever is none. */
export function readBindingSuccess(
  bytes: Uint8Array,
): { readonly transactionId: string; readonly isFrom: (password: string) => boolean } | undefined {
  const message = bytes.length <= MAX_BYTES ? decodeMessage(bytes) : undefined;
  if (message?.class !== 'success' || message.method !== methods.Binding) return undefined;
  return {
    transactionId: Buffer.from(message.transactionId).toString('hex'),
    isFrom: (password) => integrityFits(bytes, message, password),
  };
}
