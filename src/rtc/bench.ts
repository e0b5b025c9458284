import { isActive, type FaultPlan } from './faults/plan.ts';
import { RtcError, toRtcError } from './errors.ts';
import { chosenServers, type IceServersOptions } from './ice/servers.ts';
import type { OwnRelay } from './faults/wire.ts';
import {
  toSignal,
  type Carrier,
  type Envelope,
  type Parcel,
  type Signaling,
  type SignalHandler,
} from './signaling/signaling.ts';
import type { WireClient } from './signaling/wire-client.ts';
import { stepsAlone, type NextStep, type Pace } from './pace.ts';
import { stepWords } from './step-words.ts';
import { Timeline, type PeerLabel } from './timeline.ts';

/** One peer's place in a run: who it is, whom it talks to, and whether it makes the first offer. */
export interface Seat {
  readonly self: PeerLabel;
  readonly other: PeerLabel;
  readonly offers: boolean;
}

/** A picture to show: `local` is what a peer sends, `remote` what it receives. */
export interface Shown {
  readonly peer: PeerLabel;
  readonly side: 'local' | 'remote';
  readonly stream: MediaStream;
}

/** What stands between the peers and their channel, and between the code and the browser: a fault board. */
export interface Interference {
  /** What it is going to do, for the record. */
  readonly plan: FaultPlan;
  /** Puts itself in front of the carrier of a run. */
  carry(carrier: Carrier, bench: Bench): Carrier;
  /** The configuration that the browser gets in place of the one that the code gave. */
  configure(peer: PeerLabel, configuration: RTCConfiguration, bench: Run): RTCConfiguration;
  /** The run has a relay of ours, which can be told what to do to the packets. */
  reach?(relay: OwnRelay): void;
}

/** The part of a bench that a peer needs. */
export type Run = Pick<Bench, 'timeline' | 'signal'> &
  Partial<Pick<Bench, 'deadline' | 'interference' | 'locate' | 'seat' | 'take' | 'wantsSample'>>;

export interface BenchOptions<Controls> {
  readonly lab: string;
  /** How the peers are spread; a word for the record. */
  readonly arrangement: string;
  readonly controls: Controls;
  /** The places of the peers that live in this page. */
  readonly seats: readonly Seat[];
  /** Opens a peer's camera, or its synthetic stand-in. */
  readonly openMedia: (peer: PeerLabel, signal: AbortSignal) => Promise<MediaStream>;
  /** Ends the bench from outside. */
  readonly signal?: AbortSignal;
  readonly timeline?: Timeline;
  /** Holds the code back before its steps; without one it runs by itself. */
  readonly pace?: Pace;
  readonly interference?: Interference;
  /** The line of `run.ts` that is being executed, read from the call stack. */
  readonly locate?: () => number | undefined;
  /** Whether a sample of the statistics is wanted, the last one being so old; every second when left out. */
  readonly wantsSample?: (sinceMs: number) => boolean;
}

/**
 * One run of a lab: its peers, its record, its end.
 *
 * Whatever a run opens hangs on {@link signal}: `close()` ends peers, tracks, sockets and timers together.
 */
export class Bench<Controls = unknown> {
  readonly lab: string;
  readonly controls: Controls;
  readonly seats: readonly Seat[];
  readonly timeline: Timeline;
  /** Aborted when the run ends. */
  readonly signal: AbortSignal;

  readonly interference: Interference | undefined;
  readonly wantsSample: ((sinceMs: number) => boolean) | undefined;

  readonly #abort = new AbortController();
  readonly #connections = new Map<PeerLabel, RTCPeerConnection>();
  #steps = 0;
  readonly #options: BenchOptions<Controls>;
  readonly #inboxes = new Map<PeerLabel, Inbox>();
  #carrier: Carrier | undefined;
  #wire: Promise<WireClient> | undefined;
  #hasRelay = false;
  readonly #shown: Shown[] = [];
  readonly #viewers = new Set<(shown: Shown) => void>();

  constructor(options: BenchOptions<Controls>) {
    this.#options = options;
    this.lab = options.lab;
    this.controls = options.controls;
    this.seats = options.seats;
    this.timeline = options.timeline ?? new Timeline();
    this.signal = options.signal ? AbortSignal.any([options.signal, this.#abort.signal]) : this.#abort.signal;
    for (const { self } of options.seats) this.#inboxes.set(self, new Inbox(this, self));
    this.interference = options.interference;
    this.wantsSample = options.wantsSample;
    const faults = options.interference?.plan;
    this.timeline.append('lab', {
      kind: 'run-started',
      lab: options.lab,
      arrangement: options.arrangement,
      controls: options.controls as Readonly<Record<string, string>>,
      ...(faults && isActive(faults) && { faults }),
    });
  }

  /** The connections that were opened in this page, by peer. */
  get connections(): ReadonlyMap<PeerLabel, RTCPeerConnection> {
    return this.#connections;
  }

  /** Notes whose connection this is; a later one takes the place of an earlier one. */
  seat(peer: PeerLabel, pc: RTCPeerConnection): void {
    this.#connections.set(peer, pc);
  }

  /** The line of `run.ts` that is being executed; undefined where the page cannot know. */
  locate(): number | undefined {
    return this.#options.locate?.();
  }

  /**
   * Does a step of the lab's code: at once, in this very task, or when it is let go; that is recorded. `act` is the
   * step itself. Its result comes as a promise when it had to wait, which rejects with `stopped` when the run ends.
   */
  take<T>(step: NextStep, act: () => T): T | Promise<Awaited<T>> {
    const { pace } = this.#options;
    if (!pace) return act();
    return pace.take(step, this.signal, (waited) => {
      if (waited && stepsAlone(step)) {
        const { peer, line } = step;
        const text = stepWords(step, this.#connections.get(peer)?.signalingState);
        this.timeline.append(peer, { kind: 'step', step: ++this.#steps, text, ...at(line) });
      }
      return act();
    });
  }

  /** How many steps were held and let go. */
  get steps(): number {
    return this.#steps;
  }

  /** A time limit for the run's code. It does not count while a step waits. @param timeoutMs milliseconds */
  deadline(timeoutMs: number): AbortSignal {
    return this.#options.pace?.deadline(timeoutMs, this.signal) ?? AbortSignal.timeout(timeoutMs);
  }

  /** Gives the run what carries its signals. Opening it takes time, and the record begins before. */
  attach(carrier: Carrier): void {
    this.#carrier = this.interference?.carry(carrier, this) ?? carrier;
    this.#carrier.deliver((envelope) => this.#inboxes.get(envelope.to)?.put(envelope));
  }

  get carrier(): Carrier | undefined {
    return this.#carrier;
  }

  /** A peer's end of the signaling channel; everything that passes is recorded at both ends. */
  signaling(self: PeerLabel): Signaling {
    const inbox = this.#inboxes.get(self);
    if (!inbox) throw new RangeError(`${self} has no seat in this page`);
    return {
      receive: (handler) => inbox.open(handler),
      send: async (to, like) => {
        const signal = toSignal(like);
        const line = this.locate();
        const post = () => this.#post({ from: self, to, signal }, line);
        try {
          await this.take({ does: 'send', peer: self, to, signal, ...at(line) }, post);
        } catch (error) {
          if (!this.signal.aborted) throw error; // what still waits when the run ends is not sent, and not missed
        }
      },
    };
  }

  /**
   * STUN and TURN servers of this site for a peer's `RTCConfiguration`, with credentials that expire.
   *
   * @throws {RtcError} `turn-unavailable` when there are none of that kind, `signaling-lost` without a server
   */
  async iceServers(self: PeerLabel, { transports, path }: IceServersOptions = {}): Promise<RTCIceServer[]> {
    const wire = await this.wire();
    const answer = await wire.ask('ice:servers', { peer: self, ...(path && { path }) });
    if (answer.source === 'embedded' && !this.#hasRelay) {
      this.#hasRelay = true;
      this.interference?.reach?.({
        impair: async (wish) => void (await wire.ask('wire:impair', wish)),
        onReturn: (handle) => wire.onReturn(handle),
      });
    }
    return chosenServers(answer, transports);
  }

  /** The page's own line to its server, opened when first asked for. It closes with the run. */
  wire(): Promise<WireClient> {
    return (this.#wire ??= this.#openWire());
  }

  /**
   * Resolves when what the server has seen until now is on the timeline: a failure must not come before what explains
   * it. After a second at most, and at once where no line to the server was opened.
   */
  async caughtUp(): Promise<void> {
    const [seat] = this.seats;
    if (!this.#wire || !seat) return;
    // Whatever is answered on this line comes after all that was said on it before.
    const answered = this.#wire.then((wire) => wire.ask('ice:servers', { peer: seat.self }));
    const late = new Promise((resolve) => setTimeout(resolve, 1_000));
    await Promise.race([answered, late]).catch(() => {});
  }

  /** The camera and microphone of a peer, or their synthetic stand-ins. Its tracks stop with the run. */
  async openMedia(peer: PeerLabel): Promise<MediaStream> {
    const open = () => this.#options.openMedia(peer, this.signal);
    const stream = await this.take({ does: 'open-media', peer, ...at(this.locate()) }, open);
    this.#show({ peer, side: 'local', stream });
    return stream;
  }

  /** Shows what a peer receives. May be called again with the same stream, once for each of its tracks. */
  show(peer: PeerLabel, stream: MediaStream | undefined): void {
    if (!stream) {
      const why = 'the track came without a stream: addTrack(track, stream) names the stream it belongs to';
      this.timeline.append(peer, { kind: 'note', text: why });
      return;
    }
    this.#show({ peer, side: 'remote', stream });
  }

  get shown(): readonly Shown[] {
    return this.#shown;
  }

  /** Calls `viewer` for what is shown already and for what comes. */
  onShow(viewer: (shown: Shown) => void): void {
    for (const shown of this.#shown) viewer(shown);
    this.#viewers.add(viewer);
  }

  /** Puts a duration that the lab took into the record. @param valueMs milliseconds */
  measure(peer: PeerLabel, name: string, valueMs: number): void {
    this.timeline.append(peer, { kind: 'measure', name, valueMs });
  }

  /** Records an error that did not come out of `run()`. Errors after the end of the run are its echo, not news. */
  report(peer: PeerLabel, thrown: unknown): void {
    if (this.signal.aborted) return;
    const error = toRtcError(thrown);
    this.timeline.append(peer, { kind: 'error', code: error.code, detail: error.message });
  }

  /** Ends the run; a second call does nothing. */
  close(why: 'stopped' | 'finished' | 'failed' | 'restarted' = 'stopped'): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(new RtcError('stopped'));
    this.timeline.append('lab', { kind: 'run-ended', why });
  }

  async #post(parcel: Parcel, line: number | undefined): Promise<void> {
    if (this.signal.aborted) return;
    if (!this.#carrier) throw new RtcError('signaling-lost', 'nothing carries the signals of this run');
    const { from, to, signal } = parcel;
    const { id, taken } = this.#carrier.post(parcel);
    this.timeline.append(from, { kind: 'signal-sent', id, to, signal, ...at(line) });
    try {
      await taken;
    } catch (error) {
      this.report(from, toRtcError(error, 'signaling-lost'));
    }
  }

  async #openWire(): Promise<WireClient> {
    const modules = Promise.all([import('./signaling/wire-client.ts'), import('./stun/follow.ts')]);
    const [{ WireClient }, { followWire }] = await modules.catch((error: unknown) => {
      const why = 'The part of this page that speaks to the server did not load.';
      throw new RtcError('signaling-lost', why, { cause: error });
    });
    const wire = await WireClient.open(this.signal);
    const peers = this.seats.map(({ self }) => self);
    await followWire(wire, this, peers);
    return wire;
  }

  #show(shown: Shown): void {
    if (
      this.#shown.some(
        ({ peer, side, stream }) => peer === shown.peer && side === shown.side && stream === shown.stream,
      )
    )
      return;
    this.#shown.push(shown);
    for (const viewer of this.#viewers) viewer(shown);
  }
}

const at = (line: number | undefined) => (line === undefined ? {} : { line });

/** Keeps a peer's signals in order and hands them over one at a time. */
class Inbox {
  readonly #bench: Bench<never> | Bench;
  readonly #self: PeerLabel;
  readonly #waiting: Envelope[] = [];
  #handler: SignalHandler | undefined;
  #busy = false;

  constructor(bench: Bench<never> | Bench, self: PeerLabel) {
    this.#bench = bench;
    this.#self = self;
  }

  put(envelope: Envelope): void {
    if (this.#bench.signal.aborted) return;
    const { id, from, signal } = envelope;
    this.#bench.timeline.append(this.#self, { kind: 'signal-received', id, from, signal });
    this.#waiting.push(envelope);
    void this.#drain();
  }

  open(handler: SignalHandler): void {
    this.#handler = handler;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    if (this.#busy || !this.#handler) return;
    this.#busy = true;
    // The next one waits: two descriptions that are handled at once end in «stable» at both ends and a dead call.
    for (
      let next = this.#waiting.shift();
      next && !this.#bench.signal.aborted;
      next = this.#waiting.shift()
    ) {
      try {
        const { from, signal } = next;
        const handler = this.#handler;
        await this.#bench.take({ does: 'receive', peer: this.#self, from, signal }, () =>
          handler(from, signal),
        );
      } catch (error) {
        const code = 'candidate' in next.signal ? 'candidate-refused' : 'description-refused';
        this.#bench.report(this.#self, toRtcError(error, code));
      }
    }
    this.#busy = false;
  }
}
