import { Bench, type Seat } from '../bench.ts';
import { RtcError } from '../errors.ts';
import { FaultBoard } from '../faults/board.ts';
import type { PeerLabel } from '../timeline.ts';
import { Emitter } from './emitter.ts';
import type { EndedRun, LinkEvents, LinkState, RecordedLink } from './engine.ts';
import { Ladder, type LadderRules, type Rung } from './ladder.ts';
import { sampleIntervalMs, SPARSE_NOTE } from './sampling.ts';

/** So many records of connections that are over are kept. */
const KEPT_RUNS = 3;

export interface RecordedOptions {
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  /** A word for the record: `mesh`, `sfu`, … */
  readonly arrangement: string;
  readonly rules: LadderRules;
  readonly signal: AbortSignal;
}

/**
 * What the connections to participants and to a server have in common: when one is beyond repair another takes its
 * place, with a record of its own, and a ladder decides when.
 */
export abstract class Recorded implements RecordedLink {
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  readonly board = new FaultBoard();
  protected readonly events = new Emitter<LinkEvents>();
  readonly on = this.events.on;
  protected readonly ladder: Ladder;
  readonly #options: RecordedOptions;
  #bench: Bench | undefined;
  #pc: RTCPeerConnection | undefined;
  #state: LinkState = { is: 'connecting' };
  #ended: readonly EndedRun[] = [];
  #number = 0;
  #inspections = 0;

  constructor(options: RecordedOptions) {
    this.#options = options;
    this.self = options.self;
    this.other = options.other;
    this.ladder = new Ladder({
      rules: options.rules,
      signal: options.signal,
      act: (rung, attempt) => this.#act(rung, attempt),
      mayRestart: () => this.mayRestart(),
      received: () => this.received(),
    });
  }

  /** Opens the connection of a new run, and what carries its signals. */
  protected abstract open(bench: Bench, seat: Seat): RTCPeerConnection;

  /** Whether a restart of ICE could help. */
  protected abstract mayRestart(): boolean;

  /** Packets of sound and picture that have come; undefined when none are to come. */
  protected abstract received(): Promise<number | undefined>;

  /** The present connection is over, and the next one is not there yet. */
  protected ending(): void {}

  get bench(): Bench {
    return this.#bench!;
  }

  get number(): number {
    return this.#number;
  }

  get ended(): readonly EndedRun[] {
    return this.#ended;
  }

  get pc(): RTCPeerConnection {
    return this.#pc!;
  }

  get state(): LinkState {
    return this.#state;
  }

  restart(): void {
    this.ladder.go('restart');
  }

  rebuild(): void {
    this.ladder.go('rebuild');
  }

  inspect(): () => void {
    this.#inspections += 1;
    let isOver = false;
    return () => {
      if (!isOver) this.#inspections -= 1;
      isOver = true;
    };
  }

  /**
   * Whether signals reach the other end. While they do not, nothing is tried; media may go on all the same.
   */
  setReachable(isReachable: boolean): void {
    if (isReachable) this.ladder.release();
    else this.ladder.hold();
  }

  /** A new connection with a new record takes the place of the present one, if there is one. */
  protected begin(offers: boolean): void {
    this.ending();
    const before = this.#bench;
    before?.close('restarted');
    if (before) {
      const run = { bench: before, endedAt: new Date(), number: this.#number };
      this.#ended = [...this.#ended, run].slice(-KEPT_RUNS);
    }
    this.#number += 1;
    const { self, other, arrangement, signal } = this.#options;
    const seat = { self, other, offers };
    const bench = new Bench({
      lab: 'meeting',
      arrangement,
      controls: {},
      seats: [seat],
      openMedia: () => Promise.reject(new RtcError('unexpected', 'a link has no media of its own')),
      signal,
      interference: this.board,
      wantsSample: this.#sampling(),
    });
    this.#bench = bench;
    const pc = this.open(bench, seat);
    this.#pc = pc;
    const look = () => {
      if (pc === this.#pc) this.ladder.told(pc.connectionState);
    };
    pc.addEventListener('connectionstatechange', look);
    pc.addEventListener('signalingstatechange', () => {
      // A restart on a path that holds changes no state of the connection: its answer is the end of it.
      if (pc.signalingState === 'stable' && pc.connectionState === 'connected') look();
    });
    this.events.emit('bench', bench);
  }

  protected set(state: LinkState): void {
    this.#state = state;
    this.events.emit('state', state);
  }

  /** When a connection is asked for its statistics: a call that goes well for hours leaves no hours of samples. */
  #sampling(): (sinceMs: number) => boolean {
    const beginMs = performance.now();
    let isNoted = false;
    return (sinceMs) => {
      const intervalMs = sampleIntervalMs({
        ageMs: performance.now() - beginMs,
        isSettled: this.#state.is === 'connected',
        isInspected: this.#inspections > 0,
      });
      if (sinceMs >= intervalMs) return true;
      if (!isNoted) this.bench.timeline.append('lab', { kind: 'note', text: SPARSE_NOTE });
      isNoted = true;
      return false;
    };
  }

  #act(rung: Rung, attempt: number): void {
    if (this.#options.signal.aborted) return;
    switch (rung) {
      case 'up':
        return this.set({ is: 'connected' });
      case 'wait':
        return this.set({ is: 'interrupted' });
      case 'restart':
        this.set({ is: 'restarting', attempt });
        return this.pc.restartIce();
      case 'rebuild':
        this.set({ is: 'rebuilding', attempt });
        return this.begin(true);
      case 'give-up':
        return this.set({ is: 'failed', error: new RtcError('ice-failed') });
      default:
        rung satisfies never;
    }
  }
}

/** How many packets of sound and picture have come on a connection. */
export async function packetsReceived(pc: RTCPeerConnection): Promise<number> {
  let packets = 0;
  for (const stat of (await pc.getStats()).values())
    if (stat.type === 'inbound-rtp') packets += (stat as RTCInboundRtpStreamStats).packetsReceived ?? 0;
  return packets;
}
