import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import { parseCandidate } from '../../rtc/ice/candidate.ts';
import type { CandidateSample } from '../../rtc/stats/sample.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';

/** What one peer found out about its own network. */
export interface Found {
  /** Its own addresses, `10.1.0.2:50000`; a name where the browser hides them. */
  readonly hosts: string[];
  /** As STUN saw it, and from which of its own addresses; that is `undefined` where the browser hides it. */
  readonly mapped: { readonly outside: string; readonly inside: string | undefined }[];
  readonly relays: string[];
  isComplete: boolean;
  /** A STUN or TURN server did not answer. */
  isUnanswered: boolean;
  relayOnly: boolean;
}

export interface Path {
  readonly found: Map<PeerLabel, Found>;
  /** The ends of the pair in use, by the peer that uses it. */
  readonly selected: Map<PeerLabel, { readonly local: CandidateSample; readonly remote: CandidateSample }>;
  readonly connected: Set<PeerLabel>;
  hasFailed: boolean;
  isOver: boolean;
  arrangement: string;
}

/** Follows which addresses each peer finds and which pair of them works. */
export function pathFold(): Fold<Path> {
  return fold<Path>(
    () => ({
      found: new Map(),
      selected: new Map(),
      connected: new Set(),
      hasFailed: false,
      isOver: false,
      arrangement: '',
    }),
    step,
  );
}

function step(path: Path, entry: Entry): void {
  if (entry.kind === 'run-started') path.arrangement = entry.arrangement;
  if (entry.kind === 'run-ended') path.isOver = true;
  if (entry.kind === 'error' && entry.code === 'ice-failed') path.hasFailed = true;
  if (entry.kind === 'peer-opened')
    path.found.set(entry.peer, {
      hosts: [],
      mapped: [],
      relays: [],
      isComplete: false,
      isUnanswered: false,
      relayOnly: entry.configuration.iceTransportPolicy === 'relay',
    });
  const own = path.found.get(entry.peer);
  if (!own) return;
  switch (entry.kind) {
    case 'candidate':
      if (entry.side === 'local') note(own, entry.candidate);
      return;
    case 'end-of-candidates':
      if (entry.side === 'local') own.isComplete = true;
      return;
    case 'candidate-error':
      own.isUnanswered ||= entry.errorCode === 701;
      return;
    case 'candidate-pairs': {
      const pair = entry.pairs.find(({ selected }) => selected);
      if (pair) path.selected.set(entry.peer, pair);
      return;
    }
    case 'connection-state':
      if (entry.state === 'connected') path.connected.add(entry.peer);
      if (entry.state === 'failed') path.hasFailed = true;
      return;
    default:
  }
}

function note(own: Found, text: string): void {
  const parsed = parseCandidate(text);
  if (parsed.kind !== 'candidate') return;
  const { type, protocol, address, port, relatedAddress, relatedPort } = parsed.candidate;
  const here = `${address}:${port}`;
  if (type === 'relay') own.relays.push(here);
  if (type === 'host' && protocol === 'udp') own.hosts.push(here);
  if (type !== 'srflx') return;
  const isHidden = relatedAddress === undefined || relatedAddress === '0.0.0.0' || relatedAddress === '::';
  own.mapped.push({ outside: here, inside: isHidden ? undefined : `${relatedAddress}:${relatedPort ?? 0}` });
}

/** What a peer knows of the NAT in front of it, in a sentence. */
export function natWords({ hosts, mapped, isComplete, isUnanswered, relayOnly }: Found): string {
  if (relayOnly) return 'Relay only: its own addresses are neither told nor used.';
  const [one] = mapped;
  if (one?.inside !== undefined) {
    const port = (end: string) => end.slice(end.lastIndexOf(':') + 1);
    const ports = port(one.inside) === port(one.outside) ? 'It kept the port.' : 'It gave another port.';
    return `A NAT made ${one.outside} of ${one.inside}. ${ports}`;
  }
  if (one)
    return `STUN saw ${one.outside}. The browser hides its own address until the camera is allowed, so it does not say whether a NAT rewrote it.`;
  if (!isComplete) return 'Still asking.';
  if (hosts.length === 0) return 'It found no address of its own.';
  if (isUnanswered) return 'A server did not answer, so nobody told it how it looks from outside.';
  return 'STUN saw no other address than its own, so the browser lists none: no NAT between this device and the server.';
}

export interface Verdict {
  readonly is: 'waiting' | 'direct' | 'relayed' | 'failed';
  readonly title: string;
  readonly text: string;
}

/** How the peers reached each other, as far as it is known. */
export function verdictOf({ selected, connected, hasFailed, isOver, found }: Path): Verdict {
  const [first] = [...selected].filter(([peer]) => connected.has(peer));
  if (hasFailed && !first)
    return {
      is: 'failed',
      title: 'No way through',
      text: 'No pair of their addresses answered. With TURN among the servers there would be one that does.',
    };
  if (!first) {
    if (isOver) return { is: 'waiting', title: 'It ended before there was a pair', text: '' };
    const title = found.size === 0 ? 'Nothing has begun' : 'Looking for a way';
    return { is: 'waiting', title, text: 'Each address of the one is tried with each of the other.' };
  }
  const relayed = [...selected].filter(([, { local }]) => local.type === 'relay');
  if (relayed.length > 0) {
    const legs = relayed.map(
      ([peer, { local }]) => `${peer} over ${(local.relayProtocol ?? 'udp').toUpperCase()}`,
    );
    return {
      is: 'relayed',
      title: 'Through the relay',
      text: `TURN lends its address to ${legs.join(' and ')}.`,
    };
  }
  const [peer, { local, remote }] = first;
  if (remote.type === 'relay')
    return { is: 'relayed', title: 'Through the relay', text: `${peer} reaches the other side at TURN.` };
  if (local.type === 'host' && remote.type === 'host')
    return {
      is: 'direct',
      title: 'Directly, on one network',
      text: 'By the addresses that the devices have themselves.',
    };
  return {
    is: 'direct',
    title: 'Directly, through the NAT',
    text: `${peer}: ${local.type} to ${remote.type}. Their checks opened a hole in each NAT on the way.`,
  };
}
