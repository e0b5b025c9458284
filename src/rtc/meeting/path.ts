import { text, type Report } from '../stats/report.ts';
import { selectedPair } from '../stats/selected-pair.ts';

/** By which way a connection goes. */
export interface Path {
  /** `relay`: through a TURN server; it reads nothing of what it passes on. */
  readonly by: 'direct' | 'relay';
  /** Between here and the other one, or here and the relay. */
  readonly protocol: 'udp' | 'tcp' | 'tls';
}

/** The path of the selected pair in a report of `getStats()`; undefined until there is one. */
export function pathOf(report: Report): Path | undefined {
  const selected = selectedPair(report);
  if (!selected) return undefined;
  const { localCandidate: local, remoteCandidate: remote } = selected;
  const isRelay = [local, remote].some((candidate) => text(candidate, 'candidateType') === 'relay');
  const protocol = text(local, 'relayProtocol') ?? text(local, 'protocol');
  return {
    by: isRelay ? 'relay' : 'direct',
    protocol: protocol === 'tcp' || protocol === 'tls' ? protocol : 'udp',
  };
}

/** Asks a connection for its path now. */
export async function readPath(pc: RTCPeerConnection): Promise<Path | undefined> {
  if (pc.connectionState === 'closed') return undefined;
  return pathOf(await pc.getStats());
}
