import type { PeerLabel } from '../timeline.ts';

/** Packets and their payloads, since the allocation was made. */
export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}

/** What a TURN server holds for one client (RFC 8656 §3.2), at one moment. Addresses as `192.0.2.1:50000`. */
export interface AllocationSample {
  /** Whose it is, by the user name. */
  readonly peer: PeerLabel;
  /** What carries the client's messages; to the peers it is always UDP. */
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly client: string;
  readonly server: string;
  /** Where the world reaches the client: what comes in here is handed on. */
  readonly relayed: string;
  readonly lifetimeLeftMs: number;
  /** Whose packets are let through, by address alone: five minutes each (RFC 8656 §9). */
  readonly permissions: readonly { readonly address: string; readonly leftMs: number }[];
  /** Numbers that stand for a peer, ten minutes each (RFC 8656 §12). */
  readonly channels: readonly { readonly number: number; readonly peer: string; readonly leftMs: number }[];
  /** All that was relayed for the client, in Send indications and as channel data. */
  readonly fromClient: Traffic;
  readonly toClient: Traffic;
  /** That part of it which was channel data. */
  readonly channelDataFromClient: Traffic;
  readonly channelDataToClient: Traffic;
  /** Packets that were not relayed: no permission, an address that is not allowed, too large. */
  readonly dropped: number;
}
