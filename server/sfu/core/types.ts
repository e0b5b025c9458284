/**
 * The SFU's four nouns, as mediasoup named them: a **router** for each room, a **transport** for each connection, a
 * **producer** for each source that comes in, a **consumer** for each receiver that is sent it.
 *
 * Everything here works on buffers and a clock that is handed in: no socket, no timer, no SDP.
 */
import type { ForwardTable, LayerReason, Source } from '../../../src/protocol/middlebox.ts';
import type { PeerId } from '../../../src/protocol/signaling.ts';

/** The numbers of RTP header extensions (RFC 8285) in an m-section, 1 to 255; undefined where it was not agreed on. */
export interface Extensions {
  readonly mid?: number;
  readonly rid?: number;
  readonly repairedRid?: number;
  /** http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time */
  readonly absSendTime?: number;
  /** draft-holmer-rmcat-transport-wide-cc-extensions-01 */
  readonly transportCc?: number;
  /** RFC 6464 */
  readonly audioLevel?: number;
}

export interface Codec {
  readonly kind: 'audio' | 'video';
  /** Such as `VP8` or `opus`: the encoding name of `a=rtpmap`. */
  readonly name: string;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly channels?: number;
  /** The value of `a=fmtp`; empty where there is none. */
  readonly parameters: string;
  /** Of RFC 4588; undefined: lost packets are not repeated. */
  readonly rtxPayloadType?: number;
}

/** One m-section that comes in, as negotiated. */
export interface ProducerOptions {
  readonly peer: PeerId;
  readonly source: Source;
  readonly mid: string;
  readonly codec: Codec;
  readonly extensions: Extensions;
  /** Of simulcast (RFC 8853), from the lowest to the highest; empty: one encoding. */
  readonly rids: readonly string[];
  /** Those that the offer names; else they are learned from the packets' mid and rid. */
  readonly ssrcs: readonly { readonly ssrc: number; readonly rtx?: number }[];
  /** Feedback for bandwidth estimation that was agreed on: one for the whole transport. */
  readonly feedback: 'transport-cc' | 'goog-remb' | 'none';
}

/** One m-section that goes out, as offered. */
export interface ConsumerOptions {
  readonly peer: PeerId;
  readonly mid: string;
  readonly payloadType: number;
  readonly rtxPayloadType?: number;
  readonly ssrc: number;
  readonly rtxSsrc?: number;
  readonly extensions: Extensions;
}

export interface Producer {
  readonly id: string;
  readonly options: ProducerOptions;
  /** Turned off by its participant: nothing of it is expected. */
  setActive(isActive: boolean): void;
  close(): void;
}

export interface Consumer {
  readonly id: string;
  readonly producer: Producer;
  readonly options: ConsumerOptions;
  /** The layer that is aimed at: an index of the producer's `rids`, 0 where there are none; null: nothing is sent. */
  aim(layer: number | null, reason: LayerReason | null): void;
  close(): void;
}

/** Where a connection's packets go. Handed in by whoever has the socket. */
export interface Outlet {
  sendRtp(packet: Buffer): void;
  sendRtcp(packet: Buffer): void;
}

/** One connection, up or down. */
export interface RouterTransport {
  /** ICE and DTLS are up: key frames are asked for. */
  connected(): void;
  receiveRtp(packet: Buffer, nowMs: number): void;
  receiveRtcp(packet: Buffer, nowMs: number): void;
  produce(options: ProducerOptions): Producer;
  consume(producer: Producer, options: ConsumerOptions): Consumer;
  /** What the receiver says that its line holds (REMB), bits per second; undefined before it has. */
  readonly estimateBps: number | undefined;
  close(): void;
}

export interface RouterEvents {
  /** The loudest first; told when the order changes, at most ten times a second. */
  heard(loudest: readonly PeerId[]): void;
}

/** A room. */
export interface Router {
  transport(peer: PeerId, leg: 'up' | 'down', outlet: Outlet): RouterTransport;
  readonly producers: ReadonlyMap<string, Producer>;
  /** What a participant's page shows, in place of what was. */
  want(
    peer: PeerId,
    wants: readonly { producer: Producer; width: number; height: number; pinned: boolean }[],
  ): void;
  /** Feedback, reports, allocation of layers, levels: called every 50 ms. */
  tick(nowMs: number): void;
  table(nowMs: number): ForwardTable;
  close(): void;
}
