/**
 * A snapshot of one peer connection at one time: what `getStats()` said, turned into rates.
 *
 * JSON-safe, so that a recorded run can be saved and opened again: plain objects, no `undefined` values, no NaN, no Infinity.
 * An optional field that is absent means "this browser does not say" or "not known yet" (a rate needs two samples).
 *
 * @see webrtc-stats (W3C): the dictionaries whose members these fields are made from
 */
export interface StatsSample {
  /** When `getStats()` answered, in milliseconds by the page's `performance.now()`. */
  readonly atMs: number;
  /** The pair that carries the media now; absent until ICE has selected one. */
  readonly candidatePair?: CandidatePairSample;
  /** The DTLS transport (the first one, when bundling is off); absent until there is one. */
  readonly transport?: TransportSample;
  readonly outbound: readonly OutboundSample[];
  readonly inbound: readonly InboundSample[];
}

/** One end of the selected pair. A browser may hide the address (mDNS) or leave it out. */
export interface CandidateSample {
  readonly type: RTCIceCandidateType;
  readonly protocol: string;
  readonly address?: string;
  readonly port?: number;
  /** How the client reaches its TURN server; relay candidates only. */
  readonly relayProtocol?: string;
}

export interface CandidatePairSample {
  readonly local: CandidateSample;
  readonly remote: CandidateSample;
  /** Round trip of the latest STUN check on this pair. */
  readonly currentRoundTripTimeMs?: number;
  /** The bandwidth estimate of the congestion control; Chromium only. */
  readonly availableOutgoingBitrateBps?: number;
  /** Everything on this pair (media, RTCP, data), without IP and UDP headers. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly sendBitrateBps?: number;
  readonly receiveBitrateBps?: number;
  /** STUN checks sent and answered; Firefox 153 counts only the answers. */
  readonly requestsSent?: number;
  readonly responsesReceived?: number;
}

/** One end of a pair, with what makes its priority. */
export interface PairEnd extends CandidateSample {
  /** The browser's own id of the candidate, the same in every sample of one connection. */
  readonly id: string;
  /** 1 … 2³¹−1 (RFC 8445 §5.1.2); absent where the browser does not say. */
  readonly priority?: number;
  readonly foundation?: string;
  readonly usernameFragment?: string;
  readonly tcpType?: 'active' | 'passive' | 'so';
  readonly relatedAddress?: string;
  readonly relatedPort?: number;
}

/** One pair of the checklist (RFC 8445 §6.1.2) as `getStats()` tells of it. */
export interface PairSample {
  readonly id: string;
  readonly local: PairEnd;
  readonly remote: PairEnd;
  /** `frozen`, `waiting`, `in-progress`, `failed` or `succeeded` (webrtc-stats §8.13.1). */
  readonly state: string;
  readonly nominated: boolean;
  /** Media and data take this pair now. */
  readonly selected: boolean;
  /** As computed by RFC 8445 §6.1.2.3 from both ends, in decimal: it exceeds 2⁵³. Absent when an end's is not known. */
  readonly priority?: string;
  readonly requestsSent?: number;
  readonly responsesReceived?: number;
  readonly requestsReceived?: number;
  readonly responsesSent?: number;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly currentRoundTripTimeMs?: number;
}

export interface TransportSample {
  readonly dtlsState?: RTCDtlsTransportState;
  /** As a person writes it: `DTLS 1.2`. */
  readonly dtlsVersion?: string;
  readonly dtlsCipher?: string;
  readonly srtpCipher?: string;
  readonly iceRole?: RTCIceRole;
  /** How often a pair was selected, the first time included; Chromium only. */
  readonly selectedCandidatePairChanges?: number;
}

interface RtpSample {
  readonly ssrc: number;
  readonly kind: 'audio' | 'video';
  readonly mid?: string;
  readonly rid?: string;
  /** MIME type of the codec in use: `video/VP8`. */
  readonly codec?: string;
  /** Payload bits per second, RTP headers excluded. */
  readonly bitrateBps?: number;
  readonly packetsPerSecond?: number;
  /** Video: frames encoded (outbound) or decoded (inbound) per second between two samples. */
  readonly framesPerSecond?: number;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
}

/** One RTP stream that we send, with what the receiver reported about it (RTCP receiver report). */
export interface OutboundSample extends RtpSample {
  readonly bytesSent: number;
  readonly packetsSent: number;
  /** Video: frames encoded since the stream began. */
  readonly framesEncoded?: number;
  /** Why the picture is smaller or slower than the source; Chromium only. */
  readonly qualityLimitationReason?: 'none' | 'cpu' | 'bandwidth' | 'other';
  readonly targetBitrateBps?: number;
  /** Share of packets lost on the way, 0 … 1, in the receiver's latest report (every second for video, five for audio). */
  readonly lossFraction?: number;
  /** Packets that the receiver has missed since the stream began, by its latest report. */
  readonly packetsLost?: number;
  /** Round trip as measured from the receiver's reports. */
  readonly rttMs?: number;
  /** Jitter that the receiver reported. */
  readonly jitterMs?: number;
  readonly nackCount?: number;
  readonly pliCount?: number;
}

/** One RTP stream that we receive. */
export interface InboundSample extends RtpSample {
  readonly bytesReceived: number;
  readonly packetsReceived: number;
  /** May shrink: a late or repeated packet is subtracted (RFC 3550 §6.4.1). */
  readonly packetsLost: number;
  /** Video: frames decoded since the stream began. */
  readonly framesDecoded?: number;
  readonly framesDropped?: number;
  /** Share of packets lost between two samples, 0 … 1. */
  readonly lossFraction?: number;
  readonly jitterMs?: number;
  /** Mean time that what was played between two samples had waited in the jitter buffer. */
  readonly jitterBufferDelayMs?: number;
  /** Audio: share of samples that were invented to hide loss, between two samples, 0 … 1. */
  readonly concealedFraction?: number;
  readonly concealedSamples?: number;
  /** Video: freezes since the stream began. */
  readonly freezeCount?: number;
  /** Audio: loudness now, 0 … 1. */
  readonly audioLevel?: number;
  readonly nackCount?: number;
  readonly pliCount?: number;
}
