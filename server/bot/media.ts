import type { Direction, Section, Wanted } from './sdp.ts';

/** Packets to send, RTP and RTCP, before encryption. */
export type Packets = Buffer | readonly Buffer[] | undefined;

/** The bot's own SSRCs of an m-section. */
export type SsrcsOf = (mid: string) => { readonly media: number; readonly rtx: number };

/**
 * What a bot does with the media of one connection: it knows neither network nor encryption nor a clock. Packets are
 * decrypted and whole; times are milliseconds of any one clock.
 */
export interface Media {
  readonly wanted: Wanted;
  /** Takes over what was negotiated. Streams of m-sections that were there before go on. */
  negotiate(sections: readonly Section[], ssrcsOf: SsrcsOf): void;
  /** How an m-section that was negotiated is answered. */
  directionOf(section: Section): Direction;
  rtp(packet: Buffer, nowMs: number): Packets;
  rtcp(compound: Buffer, nowMs: number): Packets;
  /** What is due by now. Asked for every few hundredths of a second. */
  play(nowMs: number): Packets;
  /** What is said once a second. @param limitBps asked of the sender of pictures, bits per second */
  report(limitBps: number, nowMs: number): Packets;
}
