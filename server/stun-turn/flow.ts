import type { Endpoint } from '../../src/protocol/stun/address.ts';

/** A 5-tuple: one client at one of our addresses. The same object as long as the two talk. */
export interface Flow {
  /** Counts from 1; never used twice. */
  readonly id: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly client: Endpoint;
  readonly server: Endpoint;
}

/** Someone who looks on. What it is given are the very bytes of the wire: it must not change them. */
export interface Tap {
  /** Every STUN message between client and server; ChannelData is only counted. */
  message(flow: Flow, way: 'received' | 'sent', bytes: Uint8Array): void;
  /** The flow has proved to know the password of this user name. Once for each name. */
  user(flow: Flow, username: string): void;
  /** The connection or the allocation is gone, or the flow never proved anything and was forgotten. */
  closed(flow: Flow): void;
}

/** Whose allocation it is. Both come from the user name that the signaling server gave out. */
export interface Owner {
  /** 16 characters; a stranger with a secret of ours may have written anything. */
  readonly session: string;
  /** A peer of that session, such as `alice`. */
  readonly label: string;
}

/**
 * Stands in the way of relayed application data: calls `pass` now, later, twice or never. `up` is from the client to
 * its peer, `down` from the peer to the client. STUN messages between client and server do not come by.
 */
export type RelayHook = (
  owner: Owner,
  way: 'up' | 'down',
  bytes: Uint8Array,
  pass: (bytes: Uint8Array) => void,
) => void;

/** Application data, without the headers of TURN. */
export interface Count {
  packets: number;
  bytes: number;
}

/** What an allocation has carried. */
export interface Counters {
  readonly fromClient: Count;
  readonly toClient: Count;
  /** The part of it that came and went as ChannelData; the rest were Send and Data indications. */
  readonly channelData: { readonly fromClient: Count; readonly toClient: Count };
  /** Packets that had no permission, no channel, or a peer that is not allowed. */
  dropped: number;
}

/** An allocation as one looks at it. */
export interface AllocationView extends Owner {
  readonly flow: Flow;
  readonly relayed: Endpoint;
  /** Until it ends unless the client refreshes it, in milliseconds. */
  readonly leftMs: number;
  readonly permissions: readonly { readonly address: string; readonly leftMs: number }[];
  readonly channels: readonly { readonly number: number; readonly peer: Endpoint; readonly leftMs: number }[];
  readonly counters: Counters;
}

/** A flow that can be answered: what the rules see of a socket. */
export interface Link extends Flow {
  allocation: Relayed | undefined;
  /** The user name that it has proved last. */
  username: string | undefined;
  /** Sends one STUN message. */
  send(message: Uint8Array): void;
  /** Sends data in a channel. */
  sendChannelData(channel: number, data: Uint8Array): void;
  /** The same with nothing made anew: `frame` is four bytes that may be overwritten, and then the data. */
  forwardChannelData(channel: number, frame: Uint8Array, sizeBytes: number): void;
  /** To be remembered (it has proved who it is) or to be forgotten. */
  keep(kept: boolean): void;
}

/** The part of an allocation that a socket needs, for each packet. */
export interface Relayed {
  /** ChannelData from the client, header included. */
  fromClient(frame: Uint8Array): void;
}

/** The socket of a relayed transport address. */
export interface RelaySocket {
  readonly local: Endpoint;
  /** Sends bytes `start` … `start + sizeBytes` of `bytes`. */
  send(bytes: Uint8Array, start: number, sizeBytes: number, to: Endpoint): void;
  /** Where arriving packets go. */
  onPacket(receiver: (bytes: Uint8Array, from: Endpoint) => void): void;
  close(): void;
}
