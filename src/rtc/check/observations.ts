import type { ServerUrl, Transport } from './urls.ts';

/**
 * What a check saw, and nothing that it made of it: the verdict is a function of this. JSON-safe, and without user name
 * or credential.
 */
export interface Observations {
  readonly browser: 'chromium' | 'firefox' | 'safari' | 'other';
  /** `none`: after three seconds no candidate and no error had come from anywhere. */
  readonly network: 'up' | 'none';
  /** The host candidates that the browser shows without any server. `hidden`: behind mDNS names. */
  readonly hosts: { readonly count: number; readonly hidden: number };
  readonly urls: readonly UrlObservation[];
  /** A call between two peers of this page without any server, to compare with. */
  readonly direct: CallObservation | null;
  /** The public addresses that several STUN servers saw of one socket; empty when fewer than two were asked. */
  readonly mapped: readonly MappedAddress[];
}

/** One URL: what gathering with it alone gave, and the call that used it alone. */
export interface UrlObservation extends Pick<ServerUrl, 'url' | 'scheme' | 'host' | 'hostKind' | 'port'> {
  readonly transport: Transport;
  readonly gathering: GatheringObservation;
  /** Only of TURN servers that lent an address. */
  readonly call: CallObservation | null;
  /** The same call with only one side behind the relay; tried when the first one did not connect. */
  readonly oneSided: CallObservation | null;
}

export interface GatheringObservation {
  /** `deadline`: this page stopped waiting; browsers themselves take up to 40 s. `refused`: the constructor threw. */
  readonly ended: 'complete' | 'enough' | 'deadline' | 'refused' | 'stopped';
  readonly tookMs: number;
  /** The candidates that the server gave: srflx of a STUN server, relay of a TURN server. */
  readonly candidates: readonly FoundCandidate[];
  readonly errors: readonly CandidateError[];
  /** What the constructor said, when it refused. */
  readonly refusal: string | null;
}

export interface FoundCandidate {
  readonly type: 'srflx' | 'relay';
  readonly address: string;
  readonly port: number;
  readonly atMs: number;
}

/** An `icecandidateerror` (webrtc-pc §4.8.3). */
export interface CandidateError {
  /** A STUN error code (RFC 8489 §14.8), or 701 when there was no answer at all. */
  readonly code: number;
  /** The browser's or the server's words; empty in Firefox. */
  readonly text: string;
  /** Which of this computer's sockets it was about; unknown over TCP and in Firefox. */
  readonly family: 'ipv4' | 'ipv6' | 'unknown';
  readonly atMs: number;
}

export interface CallObservation {
  /** `bytes`: connected, and what was sent came back. */
  readonly outcome: 'bytes' | 'no-bytes' | 'not-connected';
  readonly connectedMs: number | null;
  /** The ends of the selected pair; `relayProtocol` is how the client reaches its relay. */
  readonly pair: {
    readonly local: string;
    readonly remote: string;
    readonly relayProtocol: string | null;
  } | null;
  /** Round trips of small messages from one end to the other and back, in milliseconds. */
  readonly rttMs: { readonly median: number; readonly best: number; readonly count: number } | null;
  /** Numbered messages that were sent once and never repeated. */
  readonly numbered: { readonly sent: number; readonly received: number } | null;
  readonly throughput: { readonly bitsPerSecond: number; readonly bytes: number } | null;
  readonly errors: readonly CandidateError[];
}

/** `base` tells sockets of this computer apart. */
export interface MappedAddress {
  readonly base: string;
  readonly address: string;
  readonly port: number;
}

/** Whether a URL is one of a TURN server. */
export const isTurn = ({ scheme }: Pick<ServerUrl, 'scheme'>): boolean => scheme.startsWith('turn');

/** Which engine a user agent stands for; their words and their limits differ. */
export function browserOf(userAgent: string): Observations['browser'] {
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'chromium';
  return /AppleWebKit\//.test(userAgent) ? 'safari' : 'other';
}
