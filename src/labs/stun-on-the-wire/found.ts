import { fold, type Fold } from '../../lab-kit/panels/model/fold.ts';
import { parseCandidate, type Candidate } from '../../rtc/ice/candidate.ts';
import type { Entry, PeerLabel } from '../../rtc/timeline.ts';
import { decodeMessage, readXorAddress, valueOf } from '../../protocol/stun/message.ts';
import { attributes, methods } from '../../protocol/stun/names.ts';

/** How the STUN server is asked: the lab's control. */
export type Path = 'direct' | 'nat' | 'nat-blocked';

/** What one peer has found, in its own list and in the server's answers. */
export interface Found {
  /** Candidates of the browser's list, as it shows them to the page. */
  readonly candidates: readonly Candidate[];
  /** The addresses that our STUN server has answered with, each once: `192.0.2.1:50000`. */
  readonly answers: readonly string[];
  /** Whether the browser hides the host addresses behind names; undefined while it has found none. */
  readonly isHidden: boolean | undefined;
  readonly isGathered: boolean;
  readonly connection: RTCPeerConnectionState;
  /** Both ends of the selected pair. */
  readonly pair: { readonly local: string; readonly remote: string } | undefined;
}

/** A run as this lab's panel looks at it. */
export interface Look {
  path: Path;
  hasRelay: boolean;
  isOver: boolean;
  readonly peers: Map<PeerLabel, Found>;
}

const nothing: Found = {
  candidates: [],
  answers: [],
  isHidden: undefined,
  isGathered: false,
  connection: 'new',
  pair: undefined,
};

export function lookFold(): Fold<Look> {
  return fold<Look>(() => ({ path: 'direct', hasRelay: false, isOver: false, peers: new Map() }), note);
}

function note(look: Look, entry: Entry): void {
  const { peer } = entry;
  const found = look.peers.get(peer) ?? nothing;
  const set = (more: Partial<Found>) => look.peers.set(peer, { ...found, ...more });
  switch (entry.kind) {
    case 'run-started':
      look.path = (entry.controls?.['path'] ?? 'direct') as Path;
      look.hasRelay = entry.controls?.['relay'] === 'yes';
      return;
    case 'run-ended':
      look.isOver = true;
      return;
    case 'candidate': {
      const parsed = parseCandidate(entry.candidate);
      if (entry.side !== 'local' || parsed.kind !== 'candidate') return;
      const { candidate } = parsed;
      // One candidate for each m-section before they are bundled: the same address is told once.
      if (found.candidates.some((known) => isAlike(known, candidate))) return;
      const isHost = candidate.type === 'host' && candidate.protocol === 'udp';
      set({
        candidates: [...found.candidates, candidate],
        ...(isHost && { isHidden: (found.isHidden ?? false) || candidate.address.endsWith('.local') }),
      });
      return;
    }
    case 'end-of-candidates':
      if (entry.side === 'local') set({ isGathered: true });
      return;
    case 'connection-state':
      set({ connection: entry.state });
      return;
    case 'selected-candidate-pair':
      set({ pair: { local: entry.local, remote: entry.remote } });
      return;
    case 'wire-message': {
      const answer = entry.way === 'sent' ? mappedAddress(entry.bytes) : undefined;
      if (answer && !found.answers.includes(answer)) set({ answers: [...found.answers, answer] });
      return;
    }
    default:
  }
}

const isAlike = (one: Candidate, other: Candidate): boolean =>
  one.type === other.type &&
  one.address === other.address &&
  one.port === other.port &&
  one.protocol === other.protocol;

/** What a Binding success response tells. @param bytes base64 */
function mappedAddress(bytes: string): string | undefined {
  const message = decodeMessage(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)));
  if (message?.class !== 'success' || message.method !== methods.Binding) return undefined;
  const value = valueOf(message, attributes.XOR_MAPPED_ADDRESS);
  const endpoint = value && readXorAddress(value, message.transactionId);
  return endpoint && `${endpoint.address}:${endpoint.port}`;
}

/** The candidates of one type, by their words. */
export function listed({ candidates }: Found, type: Candidate['type']): readonly string[] {
  return candidates
    .filter((candidate) => candidate.type === type && candidate.tcpType !== 'active')
    .map(({ address, port, relatedAddress, relatedPort }) =>
      relatedAddress === undefined || type === 'relay'
        ? `${address}:${port}`
        : `${address}:${port}, base ${relatedAddress}:${relatedPort}`,
    );
}

/** Why the browser's list is as it is. */
export function whyList(path: Path, found: Found): string {
  const { isHidden } = found;
  const srflx = listed(found, 'srflx').length;
  if (isHidden === undefined) return 'Your browser has found no address of its own yet.';
  if (path === 'direct') {
    if (isHidden)
      return srflx > 0
        ? 'STUN tells nothing but your own address and port: no NAT lies between. But your browser hides that address behind a name that ends in .local, so the srflx candidate says something new, and stays in the list.'
        : 'Your browser hides its address behind a name that ends in .local, and no STUN answer has come.';
    return srflx > 0
      ? 'The mapped address is another one than that of the host candidate: a NAT lies between you and this server.'
      : 'STUN was asked and has answered. Its answer is the address of the host candidate itself, so the srflx candidate would be the same one twice: the browser drops it (RFC 8445 §5.1.3).';
  }
  if (srflx === 0) return 'No srflx candidate: no answer has come through the NAT.';
  return isHidden
    ? 'The NAT has given you another port. The base of the candidate is hidden as well: 0.0.0.0, port 0.'
    : 'The NAT has given you another port, so the srflx candidate is not the host candidate once more: it stays, and names its base.';
}

export type CallState = 'idle' | 'waiting' | 'connected' | 'failed' | 'nothing-crosses';

/** What came of the call, over what was found. */
export function callOf({ path, hasRelay, peers }: Look): {
  readonly is: CallState;
  readonly title: string;
  readonly text: string;
} {
  const all = [...peers.values()].filter(
    ({ candidates, connection }) => candidates.length > 0 || connection !== 'new',
  );
  if (all.length === 0)
    return {
      is: 'idle',
      title: 'Nothing has been asked yet',
      text: 'Press the button: each peer asks the STUN server.',
    };
  const pair = all.find((found) => found.pair)?.pair;
  if (pair && all.some(({ connection }) => connection === 'connected')) {
    const isRelayed = pair.local.startsWith('relay') || pair.remote.startsWith('relay');
    return {
      is: 'connected',
      title: isRelayed ? 'The call runs over a relay' : 'The call runs over what STUN found',
      text: `The selected pair is ${pair.local} → ${pair.remote}.`,
    };
  }
  if (all.some(({ connection }) => connection === 'failed'))
    return {
      is: 'failed',
      title: 'No pair has answered',
      text:
        path === 'nat-blocked' && !hasRelay
          ? 'The NAT dropped every check: they came from addresses that nobody behind it had sent to. What is left is a relay. Choose one above and run again.'
          : 'Every check was lost. Look at the pairs under ICE.',
    };
  const isTold = all.some((found) => listed(found, 'srflx').length + listed(found, 'relay').length > 0);
  if (!isTold && all.every(({ isGathered }) => isGathered))
    return {
      is: 'nothing-crosses',
      title: 'Nothing crosses, so there is no call',
      text: 'This lab’s code keeps host candidates to itself, and the browser has no other. Send the question through the NAT.',
    };
  return {
    is: 'waiting',
    title: 'On the way',
    text: 'Candidates cross, and the checks go from peer to peer.',
  };
}
