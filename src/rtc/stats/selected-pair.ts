import { linked, number, ofType, text, type Report, type Stat } from './report.ts';

/** The candidate pair that carries media and data. */
export interface SelectedPair {
  /** The local candidate in words: `host udp 192.0.2.1:50000`. */
  readonly local: string;
  readonly remote: string;
  readonly pair: Stat;
  readonly localCandidate: Stat;
  readonly remoteCandidate: Stat;
}

/**
 * Finds the selected pair in a report; `undefined` until there is one.
 *
 * The standard's way goes through the transport. Older Firefox has no transports, and marks the pair itself.
 *
 * @see webrtc-stats §8.12 (`selectedCandidatePairId`)
 */
export function selectedPair(report: Report): SelectedPair | undefined {
  const pairs = ofType(report, 'candidate-pair');
  const pair =
    ofType(report, 'transport')
      .map((transport) => linked(report, transport, 'selectedCandidatePairId'))
      .find((named) => named !== undefined) ??
    pairs.find((one) => one['selected'] === true) ??
    pairs.find((one) => one['nominated'] === true && one['state'] === 'succeeded');
  const localCandidate = linked(report, pair, 'localCandidateId');
  const remoteCandidate = linked(report, pair, 'remoteCandidateId');
  if (!pair || !localCandidate || !remoteCandidate) return undefined;
  return {
    local: candidateWords(localCandidate),
    remote: candidateWords(remoteCandidate),
    pair,
    localCandidate,
    remoteCandidate,
  };
}

function candidateWords(candidate: Stat): string {
  const port = number(candidate, 'port');
  const address = text(candidate, 'address') ?? text(candidate, 'ip');
  return endWords({
    type: text(candidate, 'candidateType') ?? '',
    protocol: text(candidate, 'protocol') ?? '',
    ...(address !== undefined && { address }),
    ...(port !== undefined && { port }),
  });
}

/** One end of a pair in words: `host udp 192.0.2.1:50000`. */
export function endWords(end: { type: string; protocol: string; address?: string; port?: number }): string {
  const { type, protocol, address, port } = end;
  // An address that the browser hides (mDNS, RFC 8828) is no reason to hide the port.
  const where = address?.includes(':') ? `[${address}]` : (address ?? '(address hidden)');
  return [type, protocol, port === undefined ? where : `${where}:${port}`].filter(Boolean).join(' ');
}
