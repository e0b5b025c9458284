import type { Bench, Interference, Run } from '../bench.ts';
import { RtcError, toRtcError } from '../errors.ts';
import type { Carrier, Envelope, Parcel } from '../signaling/signaling.ts';
import type { FaultName, PeerLabel, RtcEvent, Signal } from '../timeline.ts';
import { Lane, type Timers, type Treatment, type Waiting } from './lane.ts';
import { alter, isAbout, withoutCandidates } from './on-the-way.ts';
import { activeRules, activeWires, chance, noFaults, type FaultPlan, type FaultRule } from './plan.ts';
import { WireFaults, type OwnRelay, type WireState } from './wire.ts';
import { parcelWords, ruleWords, signalWord, wireWords } from './words.ts';
import { never } from '../never.ts';

/** How long code may take to make the offer that `negotiationneeded` asks for. Milliseconds. */
const OFFER_WAIT_MS = 1_500;

const untreated: Treatment = {
  delayMs: 0,
  isHeld: false,
  mayBeOvertaken: false,
  swaps: false,
  copies: 1,
};

/** What the board knows of the run that is going on. */
interface RunState {
  readonly bench: Bench;
  readonly lanes: Map<string, Lane>;
  /** How many messages each rule has met in each direction, by «rule|direction». */
  readonly met: Map<string, number>;
  /** What our server does to the packets that it relays. */
  readonly wire: WireFaults;
}

/**
 * Stands between the peers and their signaling channel, and does what its plan says: messages are delayed, dropped,
 * duplicated, swapped, held, renamed or altered. Without rules it passes everything on in the same task.
 *
 * A message for a peer of this page is treated when it arrives, one for another page before it leaves. What is done
 * is recorded as a `fault`, and chance comes from the plan's seed: the same plan does the same to the same messages.
 */
export class FaultBoard implements Interference {
  #plan: FaultPlan;
  #run: RunState | undefined;
  #kept = 0;
  readonly #timers: Timers;
  readonly #listeners = new Set<() => void>();

  constructor(plan: FaultPlan = noFaults, timers: Timers = browserTimers) {
    this.#plan = plan;
    this.#timers = timers;
  }

  get plan(): FaultPlan {
    return this.#plan;
  }

  /** Another plan holds from the next message on, and counts from the beginning. */
  set plan(plan: FaultPlan) {
    const before = this.#plan;
    this.#plan = plan;
    const isTold = this.isRunning && this.#run?.wire.change(plan);
    const isOnlyWire = before.seed === plan.seed && isSame(before.rules, plan.rules);
    if (!isOnlyWire) this.#run?.met.clear();
    const words = [
      ...activeRules(plan).map(([, rule]) => ruleWords(rule)),
      ...activeWires(plan).map(wireWords),
    ];
    const text = `from here on: ${words.join('; ') || 'none'}`;
    // What was told to our server is recorded when it has been done there.
    if (this.isRunning && !(isOnlyWire && isTold))
      this.#record('lab', { kind: 'fault', fault: 'changed', text, plan });
    this.#changed();
  }

  /** Where the relayed packets of the run go, and whether something can be done to them. */
  get wire(): WireState {
    return this.isRunning ? (this.#run?.wire.state ?? 'no-relay') : 'no-relay';
  }

  /** The run has a relay of ours, which does to its packets what it is told. */
  reach(relay: OwnRelay): void {
    this.#run?.wire.connect(relay);
  }

  /** Messages that somebody has to let go, oldest first of each direction. */
  get held(): readonly Waiting[] {
    return this.#waiting().filter(({ isHeld }) => isHeld);
  }

  /** How many messages only wait: for their time, or behind another one. */
  get delayed(): number {
    return this.#waiting().filter(({ isHeld }) => !isHeld).length;
  }

  /** Whether there is a run whose connections can be acted upon. */
  get isRunning(): boolean {
    return this.#run !== undefined && !this.#run.bench.signal.aborted;
  }

  /** Calls `listener` after each change of the plan and of what waits, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  carry(carrier: Carrier, bench: Bench): Carrier {
    const wire = new WireFaults(bench, this.#plan, () => this.#changed());
    const run: RunState = { bench, lanes: new Map(), met: new Map(), wire };
    this.#run = run;
    const end = () => {
      for (const lane of run.lanes.values()) lane.end();
      this.#changed();
    };
    bench.signal.addEventListener('abort', end, { once: true });
    const here = new Set(bench.seats.map(({ self }) => self));
    return {
      post: (parcel) => (here.has(parcel.to) ? carrier.post(parcel) : this.#send(run, parcel, carrier)),
      deliver: (receiver) =>
        carrier.deliver((envelope) =>
          this.#treat(run, envelope, envelope.id, (signal) => receiver({ ...envelope, signal })),
        ),
    };
  }

  configure(peer: PeerLabel, configuration: RTCConfiguration, bench: Run): RTCConfiguration {
    const found = activeRules(this.#plan).find(
      ([, { message, from }]) => message === 'configuration' && (from ?? peer) === peer,
    );
    if (!found) return configuration;
    const servers = configuration.iceServers ?? [];
    if (!servers.some(({ credential }) => credential !== undefined)) {
      const text = `${peer}’s configuration names no server with a credential: there was nothing to change.`;
      bench.timeline.append(peer, { kind: 'note', text });
      return configuration;
    }
    const text = `${peer} gets a wrong credential for the TURN server`;
    bench.timeline.append(peer, { kind: 'fault', fault: 'configured', text, rule: found[0] });
    const iceServers = servers.map((server) =>
      server.credential === undefined ? server : { ...server, credential: `${server.credential}-wrong` },
    );
    return { ...configuration, iceServers };
  }

  /** Lets a held message go, before those that came earlier if need be. */
  release(waiting: Waiting): void {
    const { from, to, signal } = waiting.parcel;
    for (const lane of this.#run?.lanes.values() ?? []) {
      if (!lane.waiting.includes(waiting)) continue;
      this.#fault('released', `${parcelWords(from, to, signal)} is let go`, idOf(waiting.parcel));
      lane.release(waiting);
    }
    this.#changed();
  }

  releaseAll(): void {
    for (const waiting of this.held) this.release(waiting);
  }

  /** Closes a peer's connection, as if its page had called `close()`. The other side is not told. */
  closePeer(peer: PeerLabel): void {
    this.#fault('closed', `${peer}’s connection is closed, and nobody tells the other side`);
    this.#connection(peer).close();
  }

  /** Stops a track that a peer sends. @throws {RtcError} `bad-input` when it sends none of that kind */
  stopTrack(peer: PeerLabel, kind: 'audio' | 'video'): void {
    const track = this.#connection(peer)
      .getSenders()
      .map(({ track: sent }) => sent)
      .find((sent) => sent?.kind === kind && sent.readyState === 'live');
    if (!track) throw new RtcError('bad-input', `${peer} sends no ${kind} track that could be stopped.`);
    this.#fault('stopped', `the ${kind} track that ${peer} sends is stopped`);
    track.stop();
  }

  /**
   * Makes both peers of a pair need an offer: `restartIce()` on one, and on the other after `apartMs`.
   *
   * @param apartMs milliseconds, 0 or more
   * @returns the peers whose code made no offer, since it does not listen to `negotiationneeded`
   * @throws {RtcError} `bad-input` where not both connections are in this page and open
   */
  async glare(apartMs: number): Promise<readonly PeerLabel[]> {
    const bench = this.#run?.bench;
    const seat = bench?.seats.find(
      ({ self, other, offers }) => offers && this.#isOpen(self) && this.#isOpen(other),
    );
    if (!bench || !seat || bench.signal.aborted)
      throw new RtcError('bad-input', 'Glare takes two open connections in this page: start a run first.');
    const { self: first, other: second } = seat;
    this.#fault('glare', `${first} and ${second} need an offer within ${apartMs} ms of each other`);
    const offers = [first, second].map((peer) => this.#offerOf(peer, bench, apartMs + OFFER_WAIT_MS));
    this.#connection(first).restartIce();
    if (apartMs === 0) this.#connection(second).restartIce();
    else this.#timers.set(() => this.#isOpen(second) && this.#connection(second).restartIce(), apartMs);
    const silent = (await Promise.all(offers)).flatMap((peer) => peer ?? []);
    if (silent.length > 0 && !bench.signal.aborted) {
      const text = `${silent.join(' and ')} needed an offer and made none: this lab’s code does not listen to negotiationneeded.`;
      this.#record('lab', { kind: 'note', text });
    }
    return silent;
  }

  /**
   * The peer, if its code was asked for an offer and has made none after so long. It is not asked when it has answered
   * the other's ICE restart in the meantime: that restarts its own.
   */
  #offerOf(peer: PeerLabel, bench: Bench, timeoutMs: number): Promise<PeerLabel | undefined> {
    return new Promise((resolve) => {
      const late = bench.deadline(timeoutMs);
      let isAsked = false;
      const stop = bench.timeline.subscribe((entry) => {
        if (entry.peer === peer && entry.kind === 'negotiation-needed') isAsked = true;
        const isOffer = entry.kind === 'description' && entry.side === 'local' && entry.type === 'offer';
        if (entry.peer !== peer || !isOffer) return;
        stop();
        resolve(undefined);
      }, bench.signal);
      late.addEventListener('abort', () => (stop(), resolve(isAsked ? peer : undefined)), { once: true });
      bench.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  #isOpen(peer: PeerLabel): boolean {
    const pc = this.#run?.bench.connections.get(peer);
    return pc !== undefined && pc.signalingState !== 'closed';
  }

  #connection(peer: PeerLabel): RTCPeerConnection {
    const pc = this.#run?.bench.connections.get(peer);
    if (!pc || pc.signalingState === 'closed')
      throw new RtcError('bad-input', `${peer} has no open connection in this page.`);
    return pc;
  }

  /** A message for another page: what is to happen to it happens before it leaves. */
  #send(run: RunState, parcel: Parcel, carrier: Carrier): ReturnType<Carrier['post']> {
    // Until it is posted nobody knows the id that it will have on the wire.
    const id = `kept-${++this.#kept}`;
    const posted: ReturnType<Carrier['post']>[] = [];
    let isLater = false;
    this.#treat(run, parcel, id, (signal) => {
      const next = carrier.post({ ...parcel, signal });
      // Nobody waits any more for what leaves later, or a second time: it reports for itself.
      if (isLater || posted.length > 0)
        next.taken.catch((error: unknown) =>
          run.bench.report(parcel.from, toRtcError(error, 'signaling-lost')),
        );
      posted.push(next);
    });
    isLater = true;
    return posted[0] ?? { id, taken: Promise.resolve() };
  }

  /** Puts a message into its lane, as the rules say. */
  #treat(run: RunState, parcel: Parcel | Envelope, id: string, handOver: (signal: Signal) => void): void {
    if (run.bench.signal.aborted) return;
    const { from, to } = parcel;
    const direction = `${from}→${to}`;
    const lane = run.lanes.get(direction) ?? new Lane(this.#timers);
    run.lanes.set(direction, lane);
    const decided = this.#decide(run, parcel, id, lane.wantsPartner);
    if (decided) {
      const { signal, ...treatment } = decided;
      const pass = () => {
        handOver(signal);
        this.#changed();
      };
      const alone = () =>
        this.#record('lab', {
          kind: 'note',
          text: `No message followed ${parcelWords(from, to, signal)}: it goes on alone.`,
        });
      lane.put({ ...parcel, signal }, treatment, pass, alone);
    }
    this.#changed();
  }

  /** What the rules do to a message, in their order. Undefined when one of them makes it disappear. */
  #decide(
    run: RunState,
    parcel: Parcel,
    id: string,
    isPartner: boolean,
  ): (Treatment & { readonly signal: Signal }) | undefined {
    const { from, to } = parcel;
    let { signal } = parcel;
    const treatment = { ...untreated };
    const direction = `${from}→${to}`;
    for (const [index, rule] of activeRules(this.#plan)) {
      const thinned = withoutCandidates(rule, signal);
      const isItsDirection = (rule.from ?? from) === from && (rule.to ?? to) === to;
      if (thinned && isItsDirection) {
        signal = thinned;
        this.#fault('altered', `${parcelWords(from, to, signal)} loses candidates`, id, index);
      }
      if (!isAbout(rule, { from, to, signal }) || !this.#isTurn(run, index, rule, direction)) continue;
      const what = parcelWords(from, to, signal);
      const act = (fault: FaultName, text: string) => this.#fault(fault, `${what} ${text}`, id, index);
      const { fault } = rule;
      switch (fault.do) {
        case 'drop':
          act('dropped', 'is dropped');
          return undefined;
        case 'rename':
          act('renamed', `arrives as “${wrongEventName(signal)}”, and nobody listens to that`);
          return undefined;
        case 'delay': {
          const jitterMs = fault.jitterMs ?? 0;
          const nth = run.met.get(`${index}|${direction}`) ?? 0;
          const delayMs =
            fault.delayMs +
            Math.floor(chance(this.#plan.seed, 'jitter', index, direction, nth) * (jitterMs + 1));
          treatment.delayMs += delayMs;
          treatment.mayBeOvertaken ||= fault.overtaken ?? false;
          act('delayed', `is delayed by ${delayMs} ms`);
          break;
        }
        case 'hold':
          treatment.isHeld = true;
          treatment.mayBeOvertaken ||= fault.overtaken ?? false;
          act('held', 'is held');
          break;
        case 'duplicate':
          treatment.copies = 2;
          act('duplicated', 'is delivered twice');
          break;
        case 'reorder':
          // The partner of one that waits to be passed has changed places already.
          if (isPartner) break;
          treatment.swaps = true;
          act('reordered', 'changes places with the next one');
          break;
        case 'alter': {
          const altered = alter(signal, fault.what);
          if (!altered) break;
          signal = altered;
          act('altered', `arrives with another ${alteredWords[fault.what]}`);
          break;
        }
        default:
          never(fault);
      }
    }
    return { ...treatment, signal };
  }

  /** Counts the message for the rule, and says whether this is one that it acts upon. */
  #isTurn(run: RunState, index: number, { often }: FaultRule, direction: string): boolean {
    const key = `${index}|${direction}`;
    const nth = (run.met.get(key) ?? 0) + 1;
    run.met.set(key, nth);
    if (!often) return true;
    if (often.is === 'nth') return often.nth === nth;
    return chance(this.#plan.seed, 'turn', index, direction, nth) < often.probability;
  }

  #waiting(): readonly Waiting[] {
    return [...(this.#run?.lanes.values() ?? [])].flatMap(({ waiting }) => waiting);
  }

  #fault(fault: FaultName, text: string, id?: string, rule?: number): void {
    this.#record('lab', {
      kind: 'fault',
      fault,
      text,
      ...(id !== undefined && { id }),
      ...(rule !== undefined && { rule }),
    });
  }

  #record(peer: PeerLabel, event: RtcEvent): void {
    this.#run?.bench.timeline.append(peer, event);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const browserTimers: Timers = {
  set: (run, delayMs) => setTimeout(run, delayMs),
  clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout> | undefined),
};

const alteredWords = {
  fingerprint: 'fingerprint: one digit was changed',
  'ice-password': 'ICE password: one letter was changed',
  mid: 'm-section: one that does not exist',
  'turn-credential': 'credential',
} as const;

/** Names that are almost right, as people mistype them. */
function wrongEventName(signal: Signal): string {
  return `new-${signalWord(signal).replaceAll(' ', '-')}`;
}

const idOf = (parcel: Parcel): string | undefined =>
  'id' in parcel && typeof parcel.id === 'string' ? parcel.id : undefined;
