import { computed, signal, type Signal } from '@preact/signals';
import { Bench, type Seat } from '../rtc/bench.ts';
import { RtcError, toRtcError } from '../rtc/errors.ts';
import { FaultBoard } from '../rtc/faults/board.ts';
import { hasCandidates } from '../rtc/ice/network.ts';
import { paceModes } from '../rtc/pace.ts';
import type { Entry, PeerLabel } from '../rtc/timeline.ts';
import { readAddress, initialControls, linkTo } from './address.ts';
import { carryInPage, meetElsewhere, pairCarrier } from './arrange.ts';
import { LONE_PEER, pairsOf, type Arrangement, type LabDefinition, type Pairs } from './define.ts';
import { mediaSources, openMedia, type MediaSource } from './media-source.ts';
import { Stepping } from './stepping.ts';
import type { LabFaults, LabView, RunState, Target } from './view.ts';
import { toRecording } from '../rtc/recording/save.ts';
import type { Recording } from '../rtc/recording/schema.ts';
import { randomId, type Pairing, type RendezvousState } from '../rtc/signaling/rendezvous.ts';
import type { Carrier } from '../rtc/signaling/signaling.ts';

/**
 * One lab on one page: what the learner chose, the run that is going on, and what the panels see of it.
 *
 * `start()` opens a bench, executes the lab's `run()` and keeps the connection open until `stop()`, which may be
 * called at any time and any number of times.
 */
export class LabSession implements LabView {
  readonly lab: string;
  readonly definition: LabDefinition;
  readonly arrangement: Signal<Arrangement>;
  readonly controls: Signal<Readonly<Record<string, string>>>;
  readonly source: Signal<MediaSource> = signal('synthetic');
  /** Shared by both ends of a call over two tabs or devices; part of the link. */
  readonly room: Signal<string>;
  readonly link = computed(() =>
    linkTo(location.origin, this.lab, {
      room: this.room.value,
      arrangement: this.arrangement.value,
      controls: this.controls.value,
      pace: this.stepping.mode.value,
    }),
  );
  /** What leads there too, short enough to be said aloud; null until the server has given one. */
  readonly code = signal<string | null>(null);
  /** Whether this page was opened by such a link. */
  readonly invited: boolean;
  /** Shown on a projector: larger, and without prose. */
  readonly presenting: Signal<boolean>;
  /** What the learner should know now: an error of the run, or a link that was not understood. */
  readonly problem = signal<RtcError | null>(null);

  /** Where this page stands with the other one, when the peers are spread over two. */
  readonly meeting = signal<RendezvousState['is'] | null>(null);

  readonly peers = signal<readonly PeerLabel[]>([]);
  readonly hosted = signal<readonly PeerLabel[]>([]);
  readonly entries = signal<{ version: number; list: readonly Entry[] }>({ version: 0, list: [] });
  readonly focus = signal<number | null>(null);
  readonly bench = signal<Bench | null>(null);
  readonly state = signal<RunState>('idle');
  readonly target = signal<Target | null>(null);
  /** How the runs go on: by themselves, slowed, or step by step. */
  readonly stepping = new Stepping(this.bench);
  readonly faults: LabFaults | null;

  readonly #locate: (() => number | undefined) | undefined;
  #end: AbortController | undefined;

  /** @param locate tells the line of `run.ts` that is being executed, see `locate.ts` */
  constructor(
    lab: string,
    definition: LabDefinition,
    search = new URLSearchParams(),
    locate?: () => number | undefined,
  ) {
    this.#locate = locate;
    const address = readAddress(search, definition);
    this.lab = lab;
    this.definition = definition;
    this.invited = address.room !== undefined;
    this.presenting = signal(search.has('present'));
    this.room = signal(address.room ?? randomId());
    const elsewhere = definition.arrangements.find((name) => name !== 'one-page');
    const asLinked = address.arrangement ?? (this.invited ? elsewhere : undefined);
    this.arrangement = signal(asLinked ?? definition.arrangements[0] ?? 'one-page');
    this.controls = signal({ ...initialControls(definition.controls), ...address.controls });
    if (address.pace) this.stepping.choose(address.pace);
    if (address.problems.length > 0)
      this.problem.value = new RtcError('bad-input', address.problems.join(' '));
    this.faults = definition.carrier ? null : this.#faultsOf(new FaultBoard(address.faults));
    this.#seatThoseHere();
  }

  /** The pairs of the next run. */
  get #pairs(): Pairs {
    return pairsOf(this.definition, this.controls.value);
  }

  #faultsOf(board: FaultBoard): LabFaults {
    return {
      board,
      again: () => void this.start(),
      // Without the room: two pages with the same faults would put each message through them twice.
      link: () =>
        linkTo(location.origin, this.lab, {
          arrangement: this.arrangement.value,
          controls: this.controls.value,
          faults: board.plan,
        }),
    };
  }

  /** Who lives in this page, as far as can be known: who waits for the other page will answer. */
  #seatThoseHere(): void {
    const pairs = this.#pairs;
    this.peers.value = pairs.length > 0 ? pairs.flat() : [LONE_PEER];
    const [offerer, answerer] = pairs[0] ?? [];
    const first = this.definition.carrier
      ? this.controls.value['seat'] !== 'answerer'
      : this.arrangement.value === 'bot';
    const waits = first ? offerer : answerer;
    const here = this.arrangement.value === 'one-page' ? this.peers.value : waits ? [waits] : [];
    this.hosted.value = here;
  }

  /** Makes one of the learner's choices: `arrangement`, `source`, `pace`, or a control of the lab. Others are ignored. */
  choose(name: string, value: string): void {
    const { arrangements, controls } = this.definition;
    const arrangement = arrangements.find((known) => known === value);
    const source = mediaSources.find((known) => known === value);
    if (name === 'arrangement' && arrangement) this.arrangement.value = arrangement;
    else if (name === 'source' && source) this.source.value = source;
    else if (name === 'pace') this.stepping.choose(paceModes.find((known) => known === value) ?? 'run');
    else if (Object.hasOwn(controls[name]?.choices ?? {}, value)) {
      this.controls.value = { ...this.controls.value, [name]: value };
    }
    this.#seatThoseHere();
  }

  /** Starts a run; the one before ends. Errors end up in {@link problem} and in the timeline, never here. */
  async start(): Promise<void> {
    this.stop('restarted');
    const end = new AbortController();
    this.#end = end;
    this.problem.value = null;
    this.state.value = 'waiting';
    try {
      if (this.arrangement.value === 'one-page') await this.#runInOnePage(end.signal);
      else await this.#runWithOtherPage(this.arrangement.value, end.signal);
    } catch (error) {
      if (!end.signal.aborted) this.#fail(error);
    }
  }

  stop(why: 'stopped' | 'restarted' = 'stopped'): void {
    this.bench.value?.close(why);
    this.#end?.abort();
    this.#end = undefined;
    this.meeting.value = null;
    this.code.value = null;
    if (this.state.value !== 'idle' && this.state.value !== 'failed') this.state.value = 'ended';
  }

  get userAgent(): string {
    return navigator.userAgent;
  }

  record(): Recording {
    const { lab, definition, peers, hosted, entries, userAgent } = this;
    const facts = { lab, title: definition.title, source: definition.source, userAgent };
    return toRecording(
      entries.value.list,
      { ...facts, peers: peers.value, hosted: hosted.value },
      new Date(),
    );
  }

  async #runInOnePage(ended: AbortSignal): Promise<void> {
    const seats = this.#pairs.flatMap(([offerer, answerer]): Seat[] => [
      { self: offerer, other: answerer, offers: true },
      { self: answerer, other: offerer, offers: false },
    ]);
    await this.#execute(await this.#open(seats, ended, (own) => carryInPage(this.definition, seats, own)));
  }

  async #runWithOtherPage(arrangement: Exclude<Arrangement, 'one-page'>, ended: AbortSignal): Promise<void> {
    const { carrier } = this.definition;
    if (carrier) {
      // A carrier of the lab's own meets nobody: the learner says which of the two this page is.
      const seats = this.#ownSeat(this.controls.value['seat'] !== 'answerer');
      await this.#execute(await this.#open(seats, ended, (own) => Promise.resolve(carrier(own))));
      return;
    }
    const rendezvous = await meetElsewhere(
      arrangement,
      // Nobody else is to come where the bot is; a room of its own each time.
      arrangement === 'bot' ? `bot-${randomId()}` : this.room.value,
      { lab: this.lab, arrangement, controls: { ...this.controls.value } },
      ended,
    );
    rendezvous.onCode?.((code) => (this.code.value = code));
    rendezvous.onState((state) => {
      this.meeting.value = state.is;
      if (state.is === 'refused') this.#fail(state.error);
      else if (state.is !== 'paired') this.state.value = 'waiting';
      if (state.is === 'connecting' && state.why)
        this.problem.value = new RtcError('signaling-lost', state.why);
      else if (this.problem.value?.code === 'signaling-lost') this.problem.value = null;
    });
    rendezvous.onPairing((pairing) => void this.#runPaired(pairing, ended));
  }

  /** One run for each time that the other peer comes: when it leaves or reloads, its old connection is gone. */
  async #runPaired(pairing: Pairing, ended: AbortSignal): Promise<void> {
    const seats = this.#ownSeat(pairing.offers);
    const [seat] = seats;
    if (!seat) return;
    const bench = await this.#open(seats, ended, () => Promise.resolve(pairCarrier(pairing, seat)));
    pairing.onPresence((state) => bench.timeline.append(seat.other, { kind: 'presence', state }));
    pairing.signal.addEventListener('abort', () => bench.close('restarted'), { once: true });
    if (pairing.signal.aborted) bench.close('restarted');
    await this.#execute(bench);
  }

  #ownSeat(offers: boolean): readonly Seat[] {
    const [offerer, answerer] = this.#pairs[0] ?? ['alice', 'bob'];
    const [self, other] = offers ? [offerer, answerer] : [answerer, offerer];
    return [{ self, other, offers }];
  }

  async #open(
    seats: readonly Seat[],
    ended: AbortSignal,
    carry: (signal: AbortSignal) => Promise<Carrier>,
  ): Promise<Bench> {
    this.bench.value?.close('restarted');
    const bench = new Bench<never>({
      lab: this.lab,
      arrangement: this.arrangement.value,
      controls: this.controls.value as never,
      seats,
      openMedia: (peer, own) => openMedia(this.source.value, peer, own),
      signal: ended,
      pace: this.stepping.pace,
      ...(this.#locate && { locate: this.#locate }),
      ...(this.faults && { interference: this.faults.board }),
    }) as Bench;
    this.stepping.begin();
    this.#show(bench, seats);
    bench.attach(await carry(bench.signal));
    return bench;
  }

  async #execute(bench: Bench): Promise<void> {
    if (bench.signal.aborted) return;
    this.state.value = 'running';
    try {
      await bench.take({ does: 'start', peer: 'lab' }, () => this.definition.run(bench as never));
    } catch (error) {
      if (bench.signal.aborted) return;
      await bench.caughtUp();
      if (bench.signal.aborted) return;
      bench.report('lab', error);
      this.#fail(error);
    }
  }

  #fail(thrown: unknown): void {
    const error = toRtcError(thrown);
    const { cost } = this.stepping;
    const isPathLost = error.code === 'ice-failed' || error.code === 'dtls-failed';
    this.problem.value = cost && isPathLost ? new RtcError(error.code, cost, { cause: thrown }) : error;
    this.state.value = 'failed';
    this.bench.value?.close('failed');
    this.#end?.abort();
  }

  /** Hands the bench's record to the panels, at most once a frame. */
  #show(bench: Bench, seats: readonly Seat[]): void {
    const { timeline } = bench;
    this.focus.value = null;
    this.hosted.value = seats.length > 0 ? seats.map(({ self }) => self) : this.peers.value;
    this.bench.value = bench;
    this.entries.value = { version: 0, list: timeline.entries };
    let due = false;
    const draw = () => {
      due = false;
      if (this.bench.value === bench)
        this.entries.value = { version: timeline.entries.length, list: timeline.entries };
    };
    timeline.subscribe((entry) => {
      if (entry.kind === 'error') this.problem.value = new RtcError(entry.code, entry.detail);
      // Also long after run() was content: a call can lose its path at any time.
      const hasFailed = entry.kind === 'connection-state' && entry.state === 'failed';
      if (hasFailed && !this.definition.tellsOutcome) {
        const pc = bench.connections.get(entry.peer);
        const code = pc && !hasCandidates(pc) ? 'no-candidates' : 'ice-failed';
        this.problem.value = new RtcError(code, `The connection of ${entry.peer} failed.`);
      }
      if (due) return;
      due = true;
      requestAnimationFrame(draw);
    });
    draw();
  }
}
