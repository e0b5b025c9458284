/**
 * What the SFU asks of a library: one ICE, DTLS and SRTP association with one browser, for raw RTP and RTCP packets.
 *
 * The library's own SDP and media pipeline are not used. `server/sfu/sdp/` reads and writes descriptions with any
 * number of m-sections around these parameters, and `server/sfu/core/` decides about packets.
 */

/** The largest message of a data channel that is taken, in bytes; it is in our descriptions (RFC 8841 §6). */
export const MAX_MESSAGE_BYTES = 262_144;
/** What may wait to be sent on one data channel, in bytes; beyond it a message is refused. */
export const MAX_BUFFERED_BYTES = 32 * 2 ** 20;

/** As RFC 8839 and RFC 8122 write it into a description. */
export interface TransportDescription {
  readonly usernameFragment: string;
  readonly password: string;
  /** Such as `sha-256` and `AB:CD:…`. */
  readonly fingerprint: { readonly algorithm: string; readonly value: string };
  /** RFC 4145 and RFC 8842. */
  readonly setup: 'active' | 'passive' | 'actpass';
}

export interface LocalDescription extends TransportDescription {
  /**
   * All of them: gathering is over. Values of `a=candidate`, without the attribute's name. None yet in an offer of ours
   * (see {@link OfferingTransport}).
   */
  readonly candidates: readonly string[];
  /** ICE-lite (RFC 8445 §2.5). */
  readonly lite: boolean;
}

export interface TransportEvents {
  /** ICE and DTLS are up: packets can be sent. */
  connected(): void;
  /** One RTP packet, decrypted. The buffer belongs to the receiver of the event. */
  rtp(packet: Buffer): void;
  /** One compound RTCP packet (RFC 3550 §6.1), decrypted. */
  rtcp(packet: Buffer): void;
  /** On a data channel with `negotiated: true` and that id. */
  message(channel: number, message: string | Buffer): void;
  /** It is over, from the other side or for want of consent (RFC 7675); told once, and not after `close()`. */
  closed(why: string): void;
}

export interface MediaTransport {
  readonly local: LocalDescription;
  readonly state: 'connecting' | 'connected' | 'closed';
  /** Silently nothing while it is not connected. */
  sendRtp(packet: Buffer): void;
  sendRtcp(packet: Buffer): void;
  /** False: the channel is not open, or its buffer is full. */
  sendMessage(channel: number, message: string | Buffer): boolean;
  /** Bytes that wait to be sent on a data channel. */
  buffered(channel: number): number;
  close(): void;
}

/**
 * Of an offer that we have made: what the answer says completes it. Only then does `local` name candidates, which are
 * told by themselves (trickle, RFC 8838). A browser that knew them would send checks before we have its answer;
 * libdatachannel (0.24) knows whom it awaits a moment before it has put down the fingerprint, and DTLS that begins in
 * that moment fails for good.
 */
export interface OfferingTransport extends MediaTransport {
  /** @throws {Error} when the parameters cannot be used */
  accept(remote: TransportDescription): void;
}

export interface TransportOptions {
  /** Ids of the data channels that both ends open by agreement; none when empty. */
  readonly channels: readonly { readonly id: number; readonly label: string }[];
  readonly events: TransportEvents;
}

/** A library behind the interface: `node-datachannel`, or `werift` where the native one does not load. */
export interface Transports {
  readonly name: string;
  /** The UDP port that all share; 0 where each has its own. */
  readonly port: number;
  /** For an offer that has come. @throws {Error} when its parameters cannot be used */
  answer(remote: TransportDescription, options: TransportOptions): Promise<MediaTransport>;
  /** For an offer that we make. */
  offer(options: TransportOptions): Promise<OfferingTransport>;
  /** Ends all of them and what the library runs. May be called twice. */
  close(): void;
}
