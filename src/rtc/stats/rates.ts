import { known, linked, number, ofType, text, word, type Report, type Stat } from './report.ts';
import type {
  CandidatePairSample,
  CandidateSample,
  InboundSample,
  OutboundSample,
  StatsSample,
  TransportSample,
} from './sample.ts';
import { selectedPair } from './selected-pair.ts';
import { stateNames } from '../timeline.ts';

/** A sample less the time at which it was taken. */
export type Rates = Omit<StatsSample, 'atMs'>;

/**
 * Turns the counters of two reports into rates.
 *
 * A rate is left out, never invented, where it cannot be known: in the first report, for a stream that was not there
 * before or whose SSRC is new, where a counter went back, where no time has passed, where the browser does not count.
 *
 * @param previous the report before, of the same connection; `undefined` for the first
 */
export function toRates(previous: Report | undefined, current: Report): Rates {
  return {
    ...known({ candidatePair: candidatePair(previous, current), transport: transport(current) }),
    outbound: ofType(current, 'outbound-rtp').flatMap((stat) => outbound(stat, previous, current)),
    inbound: ofType(current, 'inbound-rtp').flatMap((stat) => inbound(stat, previous, current)),
  };
}

function candidatePair(previous: Report | undefined, current: Report): CandidatePairSample | undefined {
  const selected = selectedPair(current);
  if (!selected) return undefined;
  const { pair } = selected;
  const since = sinceThen(pair, previous);
  const local = candidate(selected.localCandidate);
  const remote = candidate(selected.remoteCandidate);
  if (!local || !remote) return undefined;
  return {
    local,
    remote,
    bytesSent: number(pair, 'bytesSent') ?? 0,
    bytesReceived: number(pair, 'bytesReceived') ?? 0,
    ...known({
      currentRoundTripTimeMs: times(number(pair, 'currentRoundTripTime'), 1000),
      availableOutgoingBitrateBps: number(pair, 'availableOutgoingBitrate'),
      sendBitrateBps: times(since.perSecond('bytesSent'), 8),
      receiveBitrateBps: times(since.perSecond('bytesReceived'), 8),
      requestsSent: number(pair, 'requestsSent'),
      responsesReceived: number(pair, 'responsesReceived'),
    }),
  };
}

const candidateTypes = ['host', 'srflx', 'prflx', 'relay'] as const;

function candidate(stat: Stat): CandidateSample | undefined {
  const type = word(stat, 'candidateType', candidateTypes);
  const protocol = text(stat, 'protocol');
  if (!type || !protocol) return undefined;
  return {
    type,
    protocol,
    ...known({
      address: text(stat, 'address') ?? text(stat, 'ip'), // `ip` until 2019
      port: number(stat, 'port'),
      relayProtocol: text(stat, 'relayProtocol'),
    }),
  };
}

const dtlsStates = stateNames['dtls-transport-state'];
const iceRoles = ['unknown', 'controlling', 'controlled'] as const;

/** The version as it stands in the handshake: the ones' complement of the number (RFC 6347 §4.1). */
const dtlsVersions: Readonly<Record<string, string>> = {
  FEFF: 'DTLS 1.0',
  FEFD: 'DTLS 1.2',
  FEFC: 'DTLS 1.3',
};

function transport(report: Report): TransportSample | undefined {
  const [stat] = ofType(report, 'transport');
  if (!stat) return undefined;
  const version = text(stat, 'tlsVersion');
  return known({
    dtlsState: word(stat, 'dtlsState', dtlsStates),
    dtlsVersion: version && (dtlsVersions[version.toUpperCase()] ?? version),
    dtlsCipher: text(stat, 'dtlsCipher'),
    srtpCipher: text(stat, 'srtpCipher'),
    iceRole: word(stat, 'iceRole', iceRoles),
    selectedCandidatePairChanges: number(stat, 'selectedCandidatePairChanges'),
  });
}

const limitations = ['none', 'cpu', 'bandwidth', 'other'] as const;

function outbound(stat: Stat, previous: Report | undefined, current: Report): OutboundSample[] {
  const stream = identity(stat, current);
  if (!stream) return [];
  const since = sinceThen(stat, previous);
  const reported = reportOfReceiver(stat, current);
  return [
    {
      ...stream,
      bytesSent: number(stat, 'bytesSent') ?? 0,
      packetsSent: number(stat, 'packetsSent') ?? 0,
      ...known({
        bitrateBps: times(since.perSecond('bytesSent'), 8),
        packetsPerSecond: since.perSecond('packetsSent'),
        framesPerSecond: since.perSecond('framesEncoded'),
        framesEncoded: number(stat, 'framesEncoded'),
        qualityLimitationReason: word(stat, 'qualityLimitationReason', limitations),
        targetBitrateBps: number(stat, 'targetBitrate'),
        lossFraction: number(reported, 'fractionLost'),
        packetsLost: number(reported, 'packetsLost'),
        rttMs: times(number(reported, 'roundTripTime'), 1000),
        jitterMs: times(number(reported, 'jitter'), 1000),
        nackCount: number(stat, 'nackCount'),
        pliCount: number(stat, 'pliCount'),
      }),
    },
  ];
}

/** What the other end's last RTCP report says of a stream that we send. */
function reportOfReceiver(stat: Stat, report: Report): Stat | undefined {
  return (
    linked(report, stat, 'remoteId') ??
    ofType(report, 'remote-inbound-rtp').find((remote) => remote['localId'] === stat.id)
  );
}

function inbound(stat: Stat, previous: Report | undefined, current: Report): InboundSample[] {
  const stream = identity(stat, current);
  if (!stream) return [];
  const since = sinceThen(stat, previous);
  return [
    {
      ...stream,
      bytesReceived: number(stat, 'bytesReceived') ?? 0,
      packetsReceived: number(stat, 'packetsReceived') ?? 0,
      packetsLost: number(stat, 'packetsLost') ?? 0,
      ...known({
        bitrateBps: times(since.perSecond('bytesReceived'), 8),
        packetsPerSecond: since.perSecond('packetsReceived'),
        framesPerSecond: since.perSecond('framesDecoded'),
        framesDecoded: number(stat, 'framesDecoded'),
        framesDropped: number(stat, 'framesDropped'),
        lossFraction: lossFraction(since),
        jitterMs: times(number(stat, 'jitter'), 1000),
        jitterBufferDelayMs: times(
          ratio(since.growth('jitterBufferDelay'), since.growth('jitterBufferEmittedCount')),
          1000,
        ),
        concealedFraction: atMostOne(
          ratio(since.growth('concealedSamples'), since.growth('totalSamplesReceived')),
        ),
        concealedSamples: number(stat, 'concealedSamples'),
        freezeCount: number(stat, 'freezeCount'),
        audioLevel: number(stat, 'audioLevel'),
        nackCount: number(stat, 'nackCount'),
        pliCount: number(stat, 'pliCount'),
      }),
    },
  ];
}

/** Lost of expected packets. The count of lost ones goes back when late packets come: that is no loss, and no reset. */
function lossFraction(since: Since): number | undefined {
  const received = since.growth('packetsReceived');
  const lost = since.change('packetsLost');
  if (received === undefined || lost === undefined) return undefined;
  return ratio(Math.max(0, lost), Math.max(0, lost) + received);
}

/** What a stream is; `undefined` for one that cannot be told apart (a browser that has not yet seen a packet of it). */
function identity(stat: Stat, report: Report) {
  const ssrc = number(stat, 'ssrc');
  const kind = word(stat, 'kind', ['audio', 'video']) ?? word(stat, 'mediaType', ['audio', 'video']);
  if (ssrc === undefined || !kind) return undefined;
  return {
    ssrc,
    kind,
    ...known({
      mid: text(stat, 'mid'),
      rid: text(stat, 'rid'),
      codec: text(linked(report, stat, 'codecId'), 'mimeType'),
      frameWidth: number(stat, 'frameWidth'),
      frameHeight: number(stat, 'frameHeight'),
    }),
  };
}

interface Since {
  /** By how much a member changed since the report before. */
  change(member: string): number | undefined;
  /** The same for a counter; `undefined` when it went back, that is, began anew. */
  growth(counter: string): number | undefined;
  perSecond(counter: string): number | undefined;
}

function sinceThen(stat: Stat, previous: Report | undefined): Since {
  const before = previous?.get(stat.id);
  // A stream that got another SSRC begins to count anew, whatever its id.
  const same = before?.type === stat.type && before['ssrc'] === stat['ssrc'];
  const seconds = same ? (stat.timestamp - before.timestamp) / 1000 : 0;
  const change = (member: string) => {
    const then = number(before, member);
    const now = number(stat, member);
    return seconds > 0 && then !== undefined && now !== undefined ? now - then : undefined;
  };
  const growth = (counter: string) => {
    const grown = change(counter);
    return grown === undefined || grown < 0 ? undefined : grown;
  };
  return { change, growth, perSecond: (counter) => ratio(growth(counter), seconds) };
}

const times = (value: number | undefined, factor: number) =>
  value === undefined ? undefined : value * factor;
const atMostOne = (value: number | undefined) => (value === undefined ? undefined : Math.min(1, value));

/** `part / whole`; unknown when either is, and when there is no whole. */
function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || whole <= 0) return undefined;
  return part / whole;
}
