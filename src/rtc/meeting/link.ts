import type { PeerId } from '../../protocol/signaling.ts';
import { Bench } from '../bench.ts';
import { RtcError } from '../errors.ts';
import { FaultBoard } from '../faults/board.ts';
import type { Envelope, Signal } from '../signaling/signaling.ts';
import type { PeerLabel } from '../timeline.ts';
import { openConnection, type Connection } from './connection.ts';
import { Emitter } from './emitter.ts';
import {
  noTracks,
  type EndedRun,
  type Link,
  type LinkEvents,
  type LinkState,
  type Tracks,
} from './engine.ts';
import { Ladder, patientRules, rules, type Rung } from './ladder.ts';
import { Line } from './line.ts';
import { sampleIntervalMs, SPARSE_NOTE } from './sampling.ts';

/** So many records of connections that are over are kept. */
const KEPT_RUNS = 3;

export interface LinkOptions {
  readonly peer: PeerId;
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  /** Whether this end makes the first offer; it is the one that gives way as well. */
  readonly offers: boolean;
  readonly signal: AbortSignal;
  readonly configuration: () => RTCConfiguration;
  readonly tracks: () => Tracks;
  /** Whether the other end says that it sends sound or a picture. */
  readonly sends: () => boolean;
  /** Sends a signal to the other end. */
  readonly post: (signal: Signal) => { readonly id: string; readonly taken: Promise<void> };
}

/**
 * The connection to one other participant, whatever becomes of it: when it is beyond repair another one takes its
 * place, with a record of its own.
 *
 * The other end needs no further message for that. The first offer of a new `RTCPeerConnection` has another session id
 * in its `o=` line (RFC 9429 §5.2.1), and so it knows that the old one is gone.
 */
export class MeshLink implements Link {
  readonly peer: PeerId;
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  readonly board = new FaultBoard();
  readonly line = new Line();
  readonly #options: LinkOptions;
  readonly #events = new Emitter<LinkEvents>();
  readonly on = this.#events.on;
  readonly #ladder: Ladder;
  #bench!: Bench;
  #connection!: Connection;
  #receiver: ((envelope: Envelope) => void) | undefined;
  #state: LinkState = { is: 'connecting' };
  #tracks: Tracks = noTracks;
  #ended: readonly EndedRun[] = [];
  #number = 0;
  #inspections = 0;
  /** The session of the other end that this connection belongs to, and those that are over. */
  #session: string | undefined;
  readonly #over = new Set<string>();
  /** The last offer and its candidates: whoever gives way hears them once more. */
  #sinceOffer: { readonly id: string; readonly signal: Signal }[] = [];

  constructor(options: LinkOptions) {
    this.#options = options;
    this.peer = options.peer;
    this.self = options.self;
    this.other = options.other;
    this.#ladder = new Ladder({
      rules: options.offers ? rules : patientRules,
      signal: options.signal,
      act: (rung, attempt) => this.#act(rung, attempt),
      mayRestart: () => this.pc.remoteDescription !== null,
      received: () => this.#received(),
    });
    this.#begin(options.offers);
    this.#ladder.begin();
  }

  get bench(): Bench {
    return this.#bench;
  }

  get number(): number {
    return this.#number;
  }

  get ended(): readonly EndedRun[] {
    return this.#ended;
  }

  get pc(): RTCPeerConnection {
    return this.#connection.pc;
  }

  get state(): LinkState {
    return this.#state;
  }

  get tracks(): Tracks {
    return this.#tracks;
  }

  /** What came from the other end, in its order. */
  receive(id: string, signal: Signal): void {
    const session = 'description' in signal ? sessionOf(signal.description.sdp) : undefined;
    if (session !== undefined) {
      if (this.#over.has(session)) return; // the last words of a connection that is gone
      const isNew = this.#session !== undefined && session !== this.#session;
      if (isNew && 'description' in signal && signal.description.type === 'offer') this.#giveWay();
      this.#session = session;
    }
    if ('description' in signal && signal.description.type === 'offer') this.#sinceOffer = [];
    this.#sinceOffer.push({ id, signal });
    this.#receiver?.({ id, from: this.other, to: this.self, signal });
  }

  async send(tracks: Tracks): Promise<void> {
    if (this.pc.signalingState !== 'closed') await this.#connection.send(tracks);
  }

  restart(): void {
    this.#ladder.go('restart');
  }

  rebuild(): void {
    this.#ladder.go('rebuild');
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
    if (isReachable) this.#ladder.release();
    else this.#ladder.hold();
  }

  /** The other end has begun a new connection. */
  #giveWay(): void {
    this.#begin(false);
    this.#ladder.begin();
    if (this.#state.is !== 'connecting')
      this.#set({ is: 'rebuilding', attempt: Math.max(1, this.#ladder.attempt) });
  }

  /** A new connection with a new record takes the place of the present one, if there is one. */
  #begin(offers: boolean): void {
    if (this.#session !== undefined) this.#over.add(this.#session);
    this.#session = undefined;
    this.line.detach();
    const before = this.#bench as Bench | undefined; // undefined the first time, whatever its type says
    before?.close('restarted');
    if (before) {
      const run = { bench: before, endedAt: new Date(), number: this.#number };
      this.#ended = [...this.#ended, run].slice(-KEPT_RUNS);
    }
    this.#number += 1;
    const { self, other, signal } = this.#options;
    const seat = { self, other, offers };
    const bench = new Bench({
      lab: 'meeting',
      arrangement: 'mesh',
      controls: {},
      seats: [seat],
      openMedia: () => Promise.reject(new RtcError('unexpected', 'a link has no media of its own')),
      signal,
      interference: this.board,
      wantsSample: this.#sampling(),
    });
    this.#bench = bench;
    bench.attach({
      post: ({ signal: posted }) => this.#options.post(posted),
      deliver: (receiver) => (this.#receiver = receiver),
    });
    this.#connection = openConnection({
      bench,
      seat,
      polite: this.#options.offers,
      configuration: this.#options.configuration(),
      tracks: this.#options.tracks,
      onReady: (pc) => this.line.attach(pc),
      onYield: () => {
        const again = this.#sinceOffer;
        this.#session = undefined;
        this.#giveWay();
        for (const { id, signal: kept } of again) this.receive(id, kept);
      },
    });
    const { pc } = this.#connection;
    const look = () => {
      if (pc === this.#connection.pc) this.#ladder.told(pc.connectionState);
    };
    pc.addEventListener('connectionstatechange', look);
    pc.addEventListener('signalingstatechange', () => {
      this.#takeTracks();
      // A restart on a path that holds changes no state of the connection: its answer is the end of it.
      if (pc.signalingState === 'stable' && pc.connectionState === 'connected') look();
    });
    this.#setTracks(noTracks);
    this.#events.emit('bench', bench);
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
      if (!isNoted) this.#bench.timeline.append('lab', { kind: 'note', text: SPARSE_NOTE });
      isNoted = true;
      return false;
    };
  }

  #act(rung: Rung, attempt: number): void {
    if (this.#options.signal.aborted) return;
    switch (rung) {
      case 'up':
        return this.#set({ is: 'connected' });
      case 'wait':
        return this.#set({ is: 'interrupted' });
      case 'restart':
        this.#set({ is: 'restarting', attempt });
        return this.pc.restartIce();
      case 'rebuild':
        this.#set({ is: 'rebuilding', attempt });
        return this.#begin(true);
      case 'give-up':
        return this.#set({ is: 'failed', error: new RtcError('ice-failed') });
      default:
        rung satisfies never;
    }
  }

  /** How many packets of sound and picture have come; undefined when none are to come. */
  async #received(): Promise<number | undefined> {
    if (!this.#options.sends()) return undefined;
    let packets = 0;
    for (const stat of (await this.pc.getStats()).values())
      if (stat.type === 'inbound-rtp') packets += (stat as RTCInboundRtpStreamStats).packetsReceived ?? 0;
    return packets;
  }

  #takeTracks(): void {
    const { received } = this.#connection;
    if (received.camera !== this.#tracks.camera) this.#setTracks(received);
  }

  #setTracks(tracks: Tracks): void {
    this.#tracks = tracks;
    this.#events.emit('tracks', tracks);
  }

  #set(state: LinkState): void {
    this.#state = state;
    this.#events.emit('state', state);
  }
}

/** The session id of a description: the second field of its `o=` line (RFC 8866 §5.2). */
function sessionOf(sdp: string): string | undefined {
  return /^o=\S+ (\d+)/m.exec(sdp)?.[1];
}
