import type { Bench } from '../../rtc/bench.ts';
import { number, ofType, text, type Report, type Stat } from '../../rtc/stats/report.ts';
import { selectedPair } from '../../rtc/stats/selected-pair.ts';
import type { Entry, EntryOf, PeerLabel } from '../../rtc/timeline.ts';
import { Eyes, type SeenFrame } from './eyes.ts';
import type { Output } from './frame.ts';

/** The pair that carries a connection, as the browser counts it. */
export interface SeenPair {
  readonly local: string;
  readonly remote: string;
  /** How a relay is reached: `udp`, `tcp`, `tls`. */
  readonly relayProtocol?: string;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/**
 * What a check may look at: the record of this page, and the browser's own connections.
 *
 * States and statistics are asked for by the methods of the browser's prototype, so that a property which the learner's
 * code put on a connection changes nothing.
 */
export class Witness<F = unknown> {
  readonly bench: Bench;
  readonly facts: F;
  /** What the code wrote to its console; for hints, never for verdicts. */
  readonly output: readonly Output[];
  readonly #eyes = new Map<PeerLabel, Eyes>();

  constructor(bench: Bench, facts: F, output: readonly Output[]) {
    this.bench = bench;
    this.facts = facts;
    this.output = output;
  }

  get entries(): readonly Entry[] {
    return this.bench.timeline.entries;
  }

  /** Whether a peer's present connection is up, by its own word and by a pair that carries it. */
  async connected(peer: PeerLabel): Promise<boolean> {
    return this.state(peer) === 'connected' && (await this.pair(peer)) !== undefined;
  }

  /** `connectionState` of a peer's present connection; `none` before it has opened one. */
  state(peer: PeerLabel): RTCPeerConnectionState | 'none' {
    const pc = this.bench.connections.get(peer);
    return pc
      ? Reflect.get<RTCPeerConnection, 'connectionState'>(RTCPeerConnection.prototype, 'connectionState', pc)
      : 'none';
  }

  /** How many connections a peer has opened. */
  opened(peer: PeerLabel): number {
    return this.entries.filter((entry) => entry.peer === peer && entry.kind === 'peer-opened').length;
  }

  /** How a peer's calls of a method ended. */
  calls(peer: PeerLabel, method: string): readonly EntryOf<'call-settled'>[] {
    return this.entries.filter(
      (entry): entry is EntryOf<'call-settled'> =>
        entry.peer === peer && entry.kind === 'call-settled' && entry.method === method,
    );
  }

  /** A fresh report of a peer's present connection. */
  async stats(peer: PeerLabel): Promise<Report | undefined> {
    const pc = this.bench.connections.get(peer);
    return pc && getStats?.call(pc);
  }

  async pair(peer: PeerLabel): Promise<SeenPair | undefined> {
    const report = await this.stats(peer);
    const selected = report && selectedPair(report);
    if (!selected) return undefined;
    const typeOf = (candidate: Stat) => text(candidate, 'candidateType') ?? '';
    const relayProtocol = text(selected.localCandidate, 'relayProtocol');
    return {
      local: typeOf(selected.localCandidate),
      remote: typeOf(selected.remoteCandidate),
      bytesSent: number(selected.pair, 'bytesSent') ?? 0,
      bytesReceived: number(selected.pair, 'bytesReceived') ?? 0,
      ...(relayProtocol && { relayProtocol }),
    };
  }

  /** Frames that a peer's present connection has decoded, as the browser counts them. */
  async framesDecoded(peer: PeerLabel): Promise<number> {
    const report = await this.stats(peer);
    const inbound = report ? ofType(report, 'inbound-rtp') : [];
    return inbound.reduce((sum, stat) => sum + (number(stat, 'framesDecoded') ?? 0), 0);
  }

  /** The pictures that a peer has received so far, read from their pixels. Watching begins with the first call. */
  frames(peer: PeerLabel): readonly SeenFrame[] {
    return this.#eyesOf(peer).frames;
  }

  /** The tone that a peer receives, in Hz; undefined in silence. */
  toneHz(peer: PeerLabel): number | undefined {
    return this.#eyesOf(peer).toneHz(this.bench.connections.get(peer));
  }

  /** Lets the eyes look; the engine does so several times a second. */
  look(): void {
    for (const [peer, eyes] of this.#eyes) eyes.look(this.bench.connections.get(peer));
  }

  #eyesOf(peer: PeerLabel): Eyes {
    const eyes = this.#eyes.get(peer) ?? new Eyes(() => this.bench.timeline.nowMs, this.bench.signal);
    this.#eyes.set(peer, eyes);
    return eyes;
  }
}

/** As the browser made it: taken before any learner's code has run. */
// oxlint-disable-next-line typescript/unbound-method -- it is bound with each call
const getStats = globalThis.RTCPeerConnection?.prototype.getStats;
