import type { PairEnd, PairSample } from '../stats/sample.ts';
import { known, linked, number, ofType, text, word, type Report, type Stat } from '../stats/report.ts';
import { selectedPair } from '../stats/selected-pair.ts';
import { candidatePairPriority } from './candidate.ts';

/** As many pairs as ICE itself keeps in a checklist by default (RFC 8445 §6.1.2.5). */
export const MAX_PAIRS = 100;

/** The pairs of a report. */
export interface Checklist {
  /** The most advanced first, at most {@link MAX_PAIRS}. */
  readonly pairs: readonly PairSample[];
  /** How many more the browser told of. */
  readonly leftOut: number;
  /** Absent until there are pairs (RFC 8445 §6.1.1 gives the roles with the descriptions). */
  readonly iceRole?: RTCIceRole;
}

const types = ['host', 'srflx', 'prflx', 'relay'] as const;
const tcpTypes = ['active', 'passive', 'so'] as const;
const roles = ['controlling', 'controlled'] as const;

/**
 * The candidate pairs of a statistics report, with what each end is.
 *
 * A pair whose ends the browser does not name is left out. The priority is computed here: the browsers' own number has
 * lost its last digits on its way through a double.
 *
 * @see webrtc-stats §8.13 (`candidate-pair`), §8.14 (candidates)
 */
export function pairsOf(report: Report): Checklist {
  const selected = selectedPair(report)?.pair.id;
  const pairs = ofType(report, 'candidate-pair').flatMap((stat): PairSample[] => {
    const local = end(linked(report, stat, 'localCandidateId'));
    const remote = end(linked(report, stat, 'remoteCandidateId'));
    if (!local || !remote) return [];
    const iceRole = word(linked(report, stat, 'transportId'), 'iceRole', roles);
    return [
      {
        id: stat.id,
        local,
        remote,
        state: text(stat, 'state') ?? 'waiting',
        nominated: stat['nominated'] === true,
        selected: stat.id === selected,
        ...known({
          priority: priority(local, remote, iceRole),
          requestsSent: number(stat, 'requestsSent'),
          responsesReceived: number(stat, 'responsesReceived'),
          requestsReceived: number(stat, 'requestsReceived'),
          responsesSent: number(stat, 'responsesSent'),
          bytesSent: number(stat, 'bytesSent'),
          bytesReceived: number(stat, 'bytesReceived'),
          currentRoundTripTimeMs: inMs(number(stat, 'currentRoundTripTime')),
        }),
      },
    ];
  });
  const iceRole = ofType(report, 'transport')
    .map((transport) => word(transport, 'iceRole', roles))
    .find(Boolean);
  return {
    pairs: pairs.toSorted(byProgress).slice(0, MAX_PAIRS),
    leftOut: Math.max(0, pairs.length - MAX_PAIRS),
    // Without pairs it means nothing: Chromium 156 says «controlling» of an answerer that has not answered yet.
    ...(iceRole && pairs.length > 0 && { iceRole }),
  };
}

const inMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

function end(stat: Stat | undefined): PairEnd | undefined {
  const type = word(stat, 'candidateType', types);
  if (!stat || !type) return undefined;
  const candidatePriority = number(stat, 'priority');
  return {
    id: stat.id,
    type,
    protocol: text(stat, 'protocol')?.toLowerCase() ?? '',
    ...known({
      address: text(stat, 'address') ?? text(stat, 'ip'),
      port: number(stat, 'port'),
      // Chromium 156 says 0 of a local candidate that it learned from a check.
      priority: candidatePriority && candidatePriority > 0 ? candidatePriority : undefined,
      foundation: text(stat, 'foundation'),
      usernameFragment: text(stat, 'usernameFragment'),
      tcpType: word(stat, 'tcpType', tcpTypes),
      relatedAddress: text(stat, 'relatedAddress'),
      relatedPort: number(stat, 'relatedPort'),
      relayProtocol: text(stat, 'relayProtocol'),
    }),
  };
}

function priority(local: PairEnd, remote: PairEnd, role: RTCIceRole | undefined): string | undefined {
  if (!local.priority || !remote.priority || !role) return undefined;
  const [controlling, controlled] =
    role === 'controlling' ? [local.priority, remote.priority] : [remote.priority, local.priority];
  try {
    return String(candidatePairPriority(controlling, controlled));
  } catch {
    return undefined; // a number that RFC 8445 §5.1.2 does not allow
  }
}

const progress = ['succeeded', 'in-progress', 'waiting', 'frozen', 'failed'];

function byProgress(a: PairSample, b: PairSample): number {
  const rank = ({ selected, state }: PairSample) => (selected ? -1 : progress.indexOf(state));
  const [one, other] = [BigInt(a.priority ?? 0), BigInt(b.priority ?? 0)];
  return rank(a) - rank(b) || (one < other ? 1 : one > other ? -1 : 0);
}

/** How often the pairs are looked at while ICE is at work, and for how long after its last sign of life. */
const BUSY_INTERVAL_MS = 100;
const SLOWEST_INTERVAL_MS = 500;
const QUIET_AFTER_MS = 3000;
const SETTLED_AFTER_MS = 300;

export interface PairWatcherOptions {
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** Called when something other than a byte counter has changed. */
  readonly onChange: (checklist: Checklist) => void;
}

/**
 * Looks at the candidate pairs of a connection: often while ICE checks them, and else only at reports that were asked
 * for anyway.
 *
 * It asks by itself from the remote description on, every 100 ms at first and up to every 500 ms later, until ICE has
 * been up (or failed) for a moment or nothing has moved for three seconds. A running call costs it no question.
 */
export class PairWatcher {
  readonly #pc: RTCPeerConnection;
  readonly #signal: AbortSignal;
  readonly #onChange: (checklist: Checklist) => void;
  #seen = '';
  #sinceMs = 0;
  #untilMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pc: RTCPeerConnection, { signal, onChange }: PairWatcherOptions) {
    this.#pc = pc;
    this.#signal = signal;
    this.#onChange = onChange;
    const wake = () => this.#wake();
    pc.addEventListener('signalingstatechange', wake, { signal });
    pc.addEventListener('iceconnectionstatechange', wake, { signal });
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** Looks at a report that was made for another purpose. */
  take(report: Report): void {
    if (this.#signal.aborted) return;
    const checklist = pairsOf(report);
    const signature = signatureOf(checklist);
    if (signature === this.#seen) return;
    this.#seen = signature;
    this.#onChange(checklist);
    if (!this.#isSettled) this.#untilMs = performance.now() + QUIET_AFTER_MS;
  }

  get #isSettled(): boolean {
    return !['new', 'checking', 'disconnected'].includes(this.#pc.iceConnectionState);
  }

  /** Something began or ended: an exchange of descriptions, the checks. */
  #wake(): void {
    if (this.#signal.aborted || this.#pc.signalingState === 'closed' || !this.#pc.remoteDescription) return;
    const nowMs = performance.now();
    if (nowMs > this.#untilMs) this.#sinceMs = nowMs;
    this.#untilMs = nowMs + (this.#isSettled ? SETTLED_AFTER_MS : QUIET_AFTER_MS);
    clearTimeout(this.#timer);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const report = await this.#pc.getStats().catch(() => undefined); // the sampler tells of that
    if (this.#signal.aborted || this.#pc.signalingState === 'closed') return;
    if (report) this.take(report);
    const nowMs = performance.now();
    if (nowMs >= this.#untilMs) return;
    const slower = (nowMs - this.#sinceMs) / 20;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#ask(),
      Math.min(SLOWEST_INTERVAL_MS, Math.max(BUSY_INTERVAL_MS, slower)),
    );
  }
}

/** What makes a checklist another one. Counts of checks count in powers of two: consent goes on for as long as the call. */
function signatureOf({ pairs, leftOut, iceRole }: Checklist): string {
  const step = (count = 0) => 32 - Math.clz32(count);
  const of = ({ id, state, nominated, selected, local, remote, ...counts }: PairSample) =>
    [
      id,
      state,
      nominated,
      selected,
      local.type,
      remote.type,
      step(counts.requestsSent),
      step(counts.responsesReceived),
      step(counts.requestsReceived),
      step(counts.responsesSent),
    ].join();
  const lines = pairs.map(of);
  return [iceRole, leftOut, ...lines.toSorted()].join('\n');
}
