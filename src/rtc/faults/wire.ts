import type { ImpairedEnd } from '../../protocol/impairment.ts';
import type { Bench } from '../bench.ts';
import { toRtcError } from '../errors.ts';
import type { EntryOf, PeerLabel } from '../timeline.ts';
import { activeWires, type FaultPlan, type WireRule } from './plan.ts';
import { wireWords } from './words.ts';

/** The relay of this playground's server. */
export interface OwnRelay {
  /** Carries the wish there; resolves when it is done. */
  readonly impair: (wish: { readonly seed: number; readonly ends: ImpairedEnd[] }) => Promise<void>;
  /** Calls `handle` when the server was away and is back: it has forgotten what it was told. */
  readonly onReturn: (handle: () => void) => void;
}

/** Where the packets of a run go: through our server, straight, or nobody knows yet. */
export type WireState = 'no-relay' | 'not-yet' | 'direct' | 'relayed';

/**
 * At which allocation each direction is impaired, and only there: between two peers that both have a relay, a packet
 * crosses our server twice.
 *
 * It is done where the packet enters, at its sender's; where the sender is elsewhere or has no relay, at the receiver's.
 *
 * @param here   peers of this page; only their allocations are ours to impair
 * @param direct those of them that are known to send without a relay
 */
export function endsOf(
  wires: readonly WireRule[],
  here: ReadonlySet<PeerLabel>,
  direct: ReadonlySet<PeerLabel>,
): ImpairedEnd[] {
  const ends = new Map<PeerLabel, ImpairedEnd>();
  const add = (peer: PeerLabel, end: Omit<ImpairedEnd, 'peer'>) =>
    ends.set(peer, { ...ends.get(peer), ...end, peer });
  for (const { from, to, ...impairment } of wires) {
    if (here.has(from) && !(direct.has(from) && here.has(to))) add(from, { up: impairment });
    else if (here.has(to)) add(to, { down: impairment });
  }
  return [...ends.values()];
}

/** Keeps our server informed of what a run's plan does to its relayed packets, and records what it has done. */
export class WireFaults {
  readonly #bench: Bench;
  readonly #onChange: () => void;
  readonly #here: ReadonlySet<PeerLabel>;
  /** How each peer of this page sends, once it has a path. */
  readonly #paths = new Map<PeerLabel, 'relay' | 'direct'>();
  #plan: FaultPlan;
  #relay: OwnRelay | undefined;
  #sent = '';
  #words = '';
  #isSending = false;

  constructor(bench: Bench, plan: FaultPlan, onChange: () => void) {
    this.#bench = bench;
    this.#plan = plan;
    this.#onChange = onChange;
    this.#here = new Set(bench.seats.map(({ self }) => self));
    bench.timeline.subscribe((entry) => {
      if (entry.kind === 'candidate-pairs') this.#notePath(entry);
    }, bench.signal);
  }

  get state(): WireState {
    if (!this.#relay) return 'no-relay';
    const paths = [...this.#paths.values()];
    return paths.length === 0 ? 'not-yet' : paths.includes('relay') ? 'relayed' : 'direct';
  }

  /** The run has a relay of ours. */
  connect(relay: OwnRelay): void {
    this.#relay = relay;
    relay.onReturn(() => {
      this.#sent = '';
      void this.#send();
    });
    this.#onChange();
    void this.#send();
  }

  /** Another plan holds from here on. @returns false where there is nobody to tell */
  change(plan: FaultPlan): boolean {
    this.#plan = plan;
    void this.#send();
    return this.#relay !== undefined;
  }

  #notePath({ peer, pairs }: EntryOf<'candidate-pairs'>): void {
    const selected = pairs.find((pair) => pair.selected);
    if (!selected || !this.#here.has(peer)) return;
    const path = selected.local.type === 'relay' ? 'relay' : 'direct';
    if (this.#paths.get(peer) === path) return;
    this.#paths.set(peer, path);
    this.#onChange();
    void this.#send();
  }

  /** One wish at a time: the last one holds. */
  async #send(): Promise<void> {
    if (!this.#relay || this.#isSending || this.#bench.signal.aborted) return;
    const direct = new Set([...this.#paths].flatMap(([peer, path]) => (path === 'direct' ? [peer] : [])));
    const plan = this.#plan;
    const wires = activeWires(plan);
    const wish = { seed: plan.seed, ends: endsOf(wires, this.#here, direct) };
    const text = JSON.stringify(wish);
    // A server that was never told anything does nothing.
    if (text === this.#sent || (this.#sent === '' && wish.ends.length === 0)) return;
    this.#isSending = true;
    try {
      await this.#relay.impair(wish);
      this.#sent = text;
      this.#record(wires.map(wireWords).join('; ') || 'the wire does nothing to the packets any more', plan);
    } catch (error) {
      this.#bench.report('lab', toRtcError(error, 'signaling-lost'));
      this.#sent = text;
    } finally {
      this.#isSending = false;
    }
    void this.#send();
  }

  #record(words: string, plan: FaultPlan): void {
    if (words === this.#words || this.#bench.signal.aborted) return;
    this.#words = words;
    this.#bench.timeline.append('lab', { kind: 'fault', fault: 'impaired', text: words, plan });
  }
}
