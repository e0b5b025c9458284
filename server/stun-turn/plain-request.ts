import { decodeMessage, valueOf } from '../../src/protocol/stun/message.ts';
import { attributes, methods } from '../../src/protocol/stun/names.ts';

/** The most that a STUN message over UDP may have where nothing is known of the path (RFC 8489 §6.1). */
export const MAX_BYTES = 548;

/**
 * Whether this asks a STUN server for an address: a Binding request without a user name. One that has a user name is a
 * connectivity check of ICE (RFC 8445 §7.2.2), and is for a peer.
 */
export function isPlainBindingRequest(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_BYTES) return false;
  const message = decodeMessage(bytes);
  return (
    message?.class === 'request' &&
    message.method === methods.Binding &&
    valueOf(message, attributes.USERNAME) === undefined
  );
}
