/** The most that a STUN message over UDP may have where nothing is known of the path (RFC 8489 §6.1). */
const MAX_BYTES = 548;
const HEADER_BYTES = 20;
const COOKIE = 0x2112a442;
const BINDING_REQUEST = 0x0001;
const USERNAME = 0x0006;

/**
 * Whether this asks a STUN server for an address: a Binding request without a user name. One that has a user name is a
 * connectivity check of ICE (RFC 8445 §7.2.2), and is for a peer.
 */
export function isPlainBindingRequest(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || bytes.length > MAX_BYTES || bytes.length % 4 !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== COOKIE) return false;
  if (view.getUint16(2) !== bytes.length - HEADER_BYTES) return false;
  for (let at = HEADER_BYTES; at < bytes.length;) {
    if (view.getUint16(at) === USERNAME) return false;
    at += 4 + ((view.getUint16(at + 2) + 3) & ~3);
    if (at > bytes.length) return false;
  }
  return true;
}
