import { defaultPeerConfig, RTCDtlsTransport } from 'werift';
import { headerBytes } from './rtp.ts';

/** AES-CM with HMAC-SHA1 and AES-GCM, by their numbers (RFC 5764 §4.1.2, RFC 7714 §14.2). */
const SRTP_PROFILES = [7, 1] as const;

/** The path under DTLS, which is ours. */
interface Way {
  readonly send: (bytes: Buffer) => void;
  /** Is told at once who takes what comes from the other side. */
  readonly onOpen: (receive: (bytes: Buffer) => void) => void;
}

/** DTLS and SRTP of werift, without its ICE. `RTCDtlsTransport.SetupCertificate()` comes first. */
export function openDtls({ send, onOpen }: Way): RTCDtlsTransport {
  // What it asks of an ICE transport, and nothing else.
  const connection = {
    onData: { subscribe: onOpen },
    send: (bytes: Buffer) => Promise.resolve(send(bytes)),
    close: () => Promise.resolve(),
  };
  const ice = { connection, role: 'controlled', stop: () => Promise.resolve() } as never;
  return new RTCDtlsTransport(defaultPeerConfig, ice, undefined, [...SRTP_PROFILES]);
}

/** One packet under SRTP. */
export function encryptRtp({ srtp }: RTCDtlsTransport, packet: Buffer): Buffer {
  const bytes = headerBytes(packet);
  const head = packet.subarray(0, bytes);
  // The library wants a header that writes itself; ours is written already.
  const header = {
    serialize: () => head,
    serializeSize: bytes,
    sequenceNumber: packet.readUInt16BE(2),
    ssrc: packet.readUInt32BE(8),
  };
  return srtp.encrypt(packet.subarray(bytes), header as never);
}
