import { parseCandidate, type Candidate } from '../../rtc/ice/candidate.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';

/** Who told a peer of an address: its own interfaces, a STUN server, a TURN server. */
export type Origin = 'own' | 'stun' | 'turn';

export interface Found {
  readonly candidate: Candidate;
  /** As the browser wrote it. */
  readonly text: string;
  readonly mid: string | null;
  /** Milliseconds since gathering began. */
  readonly afterMs: number;
  /** Its place in the timeline. */
  readonly seq: number;
}

export interface Source {
  readonly origin: Origin;
  readonly found: readonly Found[];
  /** What is to be said when it gave nothing, or less than one would expect. */
  readonly remark: string | undefined;
}

const originOf: Readonly<Record<Candidate['type'], Origin | undefined>> = {
  host: 'own',
  srflx: 'stun',
  relay: 'turn',
  prflx: undefined, // those are learned from checks, never gathered
};

/** What a peer has gathered so far, by who told it, and why something that one might look for is missing. */
export function sourcesOf(entries: readonly Entry[], peer: PeerLabel): Source[] {
  const found: Found[] = [];
  let startMs: number | undefined;
  let isOver = false;
  let cutShort = false;
  let asked: Asked = { stun: false, turn: false, relayOnly: false };
  for (const entry of entries) {
    if (entry.peer !== peer) continue;
    if (entry.kind === 'peer-opened') asked = askedBy(entry.configuration);
    if (entry.kind === 'ice-gathering-state' && entry.state === 'gathering') startMs ??= entry.atMs;
    if (entry.kind === 'end-of-candidates' && entry.side === 'local') isOver = true;
    if (entry.kind === 'connection-state' && entry.state === 'connected' && !isOver) cutShort = true;
    if (entry.kind !== 'candidate' || entry.side !== 'local') continue;
    const parsed = parseCandidate(entry.candidate);
    if (parsed.kind !== 'candidate') continue;
    const afterMs = entry.atMs - (startMs ?? entry.atMs);
    found.push({
      candidate: parsed.candidate,
      text: entry.candidate,
      mid: entry.sdpMid,
      afterMs,
      seq: entry.seq,
    });
  }
  return (['own', 'stun', 'turn'] as const).map((origin) => {
    const of = found.filter(({ candidate }) => originOf[candidate.type] === origin);
    return { origin, found: of, remark: remarkOn(origin, of, found, asked, { isOver, cutShort }) };
  });
}

interface Asked {
  readonly stun: boolean;
  readonly turn: boolean;
  readonly relayOnly: boolean;
}

function remarkOn(
  origin: Origin,
  of: readonly Found[],
  all: readonly Found[],
  asked: Asked,
  { isOver, cutShort }: { isOver: boolean; cutShort: boolean },
): string | undefined {
  if (origin === 'own') {
    if (asked.relayOnly) return 'None is told: iceTransportPolicy is “relay”.';
    if (of.some(({ candidate }) => candidate.address.endsWith('.local')))
      return 'The names that end in .local stand for addresses that this page may not see: no camera or microphone is allowed to it.';
    return undefined;
  }
  if (of.length > 0 || (!isOver && asked[origin])) return undefined;
  if (!asked[origin]) return origin === 'stun' ? 'No STUN server was asked.' : 'No TURN server was asked.';
  if (cutShort) return 'Nothing came before the call was connected, and then this browser stops looking.';
  if (origin === 'turn') return 'It gave no address: the candidate errors under ICE say why.';
  if (asked.relayOnly) return 'None is told: iceTransportPolicy is “relay”.';
  const seen = all.find(
    ({ candidate }) => candidate.type === 'relay' && candidate.relatedAddress !== '0.0.0.0',
  );
  return (
    'It answered, and what it saw is an address that alice has already: there is no NAT on the way to it, and the ' +
    `browser drops the duplicate (RFC 8445 §5.1.3).${seen ? ` It was ${seen.candidate.relatedAddress}.` : ''}`
  );
}

/** Which kinds of server the connection was given. */
function askedBy({ iceServers = [], iceTransportPolicy }: RTCConfiguration): Asked {
  const urls = iceServers.flatMap((server) => server.urls);
  const turn = urls.some((url) => /^turns?:/.test(url));
  const stun = turn || urls.some((url) => /^stuns?:/.test(url)); // a TURN server answers as a STUN server does
  return { stun, turn, relayOnly: iceTransportPolicy === 'relay' };
}
