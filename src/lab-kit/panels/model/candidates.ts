import { parseCandidate, type Candidate } from '../../../rtc/ice/candidate.ts';
import type { CandidateSample } from '../../../rtc/stats/sample.ts';
import type { EntryOf, PeerLabel } from '../../../rtc/timeline.ts';
import { fold, type Fold } from './fold.ts';

/** One candidate as a peer knows it, with the times at which things happened to it. */
export interface CandidateRow {
  readonly text: string;
  /** Undefined where the text cannot be read; `problem` says why. */
  readonly candidate?: Candidate;
  readonly problem?: string;
  readonly mid: string | null;
  /** The ICE generation that it belongs to, where that is told. */
  readonly usernameFragment?: string;
  /** Local: found by the browser. Remote: arrived here. */
  readonly atMs: number;
  /** Local: handed to the signaling channel. Remote: taken by addIceCandidate. */
  movedMs?: number;
  /** It came as a line of the description and not as a message of its own. */
  readonly inDescription?: boolean;
}

export interface PeerCandidates {
  readonly local: CandidateRow[];
  readonly remote: CandidateRow[];
  localEndMs?: number;
  remoteEndMs?: number;
  readonly errors: EntryOf<'candidate-error'>[];
  /** With whom it exchanges signals. */
  other?: PeerLabel;
  /** The pair in use, as the latest entry says: the one about the selection, then the statistics. */
  pair?: { readonly local: CandidateSample; readonly remote: CandidateSample };
}

/** The candidates of each peer that was opened in this page, its own and those of the other side. */
export function candidatesFold(): Fold<Map<PeerLabel, PeerCandidates>> {
  return fold(
    () => new Map(),
    (peers, entry) => {
      const own = peers.get(entry.peer);
      switch (entry.kind) {
        case 'peer-opened':
          peers.set(entry.peer, { local: [], remote: [], errors: [] });
          break;
        case 'candidate':
          if (own) addCandidate(own, entry);
          break;
        case 'description':
          if (own) addFromDescription(own, entry);
          break;
        case 'signal-sent':
          if (own) own.other = entry.to;
          if (own && 'candidate' in entry.signal && entry.signal.candidate)
            markSent(own, entry.signal.candidate, entry.atMs);
          break;
        case 'signal-received':
          if (own) own.other = entry.from;
          if (own && 'candidate' in entry.signal && entry.signal.candidate?.candidate)
            addArrived(own, entry.signal.candidate, entry.atMs);
          break;
        case 'end-of-candidates':
          if (own) own[entry.side === 'local' ? 'localEndMs' : 'remoteEndMs'] = entry.atMs;
          break;
        case 'candidate-error':
          own?.errors.push(entry);
          break;
        case 'selected-candidate-pair':
          if (own) own.pair = { local: readWords(entry.local), remote: readWords(entry.remote) };
          break;
        case 'stats':
          if (own && entry.sample.candidatePair) own.pair = entry.sample.candidatePair;
          break;
        default: // no other kind says anything about candidates
      }
    },
  );
}

function rowOf(text: string, mid: string | null, atMs: number, ufrag?: string | null): CandidateRow {
  const parsed = parseCandidate(text);
  if (parsed.kind === 'candidate') {
    const usernameFragment = parsed.candidate.usernameFragment ?? ufrag;
    return { text, mid, atMs, candidate: parsed.candidate, ...(usernameFragment && { usernameFragment }) };
  }
  return { text, mid, atMs, problem: parsed.kind === 'malformed' ? parsed.problem : 'It is empty.' };
}

function addCandidate(own: PeerCandidates, entry: EntryOf<'candidate'>): void {
  const { side, candidate, sdpMid, usernameFragment, atMs } = entry;
  if (side === 'local') {
    own.local.push(rowOf(candidate, sdpMid, atMs, usernameFragment));
    return;
  }
  const arrived = own.remote.find(
    ({ text, mid, movedMs }) => text === candidate && mid === sdpMid && movedMs === undefined,
  );
  if (arrived) arrived.movedMs = atMs;
  else own.remote.push({ ...rowOf(candidate, sdpMid, atMs, usernameFragment), movedMs: atMs });
}

function addArrived(
  own: PeerCandidates,
  { candidate = '', sdpMid = null, usernameFragment }: RTCIceCandidateInit,
  atMs: number,
): void {
  own.remote.push(rowOf(candidate, sdpMid, atMs, usernameFragment));
}

function markSent(
  own: PeerCandidates,
  { candidate, sdpMid = null }: RTCIceCandidateInit,
  atMs: number,
): void {
  const found = own.local.find(
    ({ text, mid, movedMs }) => text === candidate && mid === sdpMid && movedMs === undefined,
  );
  if (found) found.movedMs = atMs;
}

/** Candidates that came inside the description: all of them, where nobody trickles. */
function addFromDescription(own: PeerCandidates, { side, sdp, atMs }: EntryOf<'description'>): void {
  if (side === 'local') return; // the browser announces its own one by one as well
  const [session = '', ...sections] = sdp.split(/^m=/m);
  for (const section of sections) {
    const ufrag = (/^a=ice-ufrag:(\S+)/m.exec(section) ?? /^a=ice-ufrag:(\S+)/m.exec(session))?.[1];
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1] ?? null;
    for (const [line] of section.matchAll(/^a=candidate:.*$/gm)) {
      const text = line.trim().slice(2);
      if (own.remote.some((row) => row.text === text && row.mid === mid)) continue;
      own.remote.push({ ...rowOf(text, mid, atMs, ufrag), movedMs: atMs, inDescription: true });
    }
    if (/^a=end-of-candidates/m.test(section)) own.remoteEndMs ??= atMs;
  }
}

const candidateTypes = ['host', 'srflx', 'prflx', 'relay'] as const;

/** Reads `host udp 192.0.2.1:50000`, as the recorder writes a candidate; a hidden address stays away. */
function readWords(words: string): CandidateSample {
  const [, type = '', protocol = '', where = '', port] =
    /^(\S+) (?:(udp|tcp) )?(.*?)(?::(\d+))?$/.exec(words) ?? [];
  const address = where.replace(/^\[(.*)\]$/, '$1');
  return {
    type: candidateTypes.find((one) => one === type) ?? 'host',
    protocol,
    ...(address && !address.startsWith('(') && { address }),
    ...(port && { port: Number(port) }),
  };
}

/**
 * Whether a candidate is one end of the pair in use.
 *
 * Compared by type, protocol and port, and by address where the browser tells it: it hides what mDNS hides.
 */
export function isSelected({ candidate }: CandidateRow, end: CandidateSample | undefined): boolean {
  if (!candidate || !end) return false;
  if (candidate.type !== end.type || candidate.protocol !== end.protocol || candidate.port !== end.port)
    return false;
  return !end.address || candidate.address === end.address || candidate.address.endsWith('.local');
}

/** What each type of candidate is called, for a legend. */
export const typeNames: Readonly<Record<Candidate['type'], string>> = {
  host: 'own address',
  srflx: 'seen by STUN',
  prflx: 'learned from a check',
  relay: 'on a TURN server',
};

/** The peers that talk to each other and both live here stand together; one whose other side is elsewhere stands alone. */
export function connectionsOf(peers: ReadonlyMap<PeerLabel, PeerCandidates>): readonly PeerLabel[][] {
  const connections: PeerLabel[][] = [];
  for (const [peer, { other }] of peers) {
    if (connections.flat().includes(peer)) continue;
    const isHere = other !== undefined && other !== peer && peers.get(other)?.other === peer;
    connections.push(isHere ? [peer, other] : [peer]);
  }
  return connections;
}

/** What makes two texts the same candidate: extensions differ between a message and a line of SDP. */
export function sameCandidate(one: string, other: string): boolean {
  const core = (text: string) =>
    text.trim().replace(/^a=/, '').split(' ').slice(0, 8).join(' ').toLowerCase();
  return core(one) === core(other);
}
