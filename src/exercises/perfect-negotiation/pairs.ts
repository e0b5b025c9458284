import { chance } from '../../rtc/faults/plan.ts';
import { toSignal, type Signal, type SignalLike } from '../../rtc/signaling/signaling.ts';

/** What one peer's half of a negotiation is given. */
export interface Half {
  readonly pc: RTCPeerConnection;
  /** Whether this one gives way. One of the two does. */
  readonly polite: boolean;
  /** Hands a message to the channel, which keeps the order. */
  readonly send: (signal: SignalLike) => Promise<void>;
  /** Messages come one at a time: the next one waits for the promise that the handler returns. */
  readonly receive: (handler: (signal: Signal) => void | Promise<void>) => void;
}

/** Calls the learner's function with one half. */
export type Negotiate = (half: Half) => Promise<unknown>;

/** What went wrong, by the check that it belongs to. */
export interface Failure {
  readonly is: 'states' | 'lost' | 'silent';
  readonly text: string;
}

/** How one pair came out. */
export interface Outcome {
  readonly seed: number;
  readonly failure?: Failure;
  /** Offers that met one of the other side's on the way. */
  readonly collisions: number;
  /** Candidates that the browser refused although they belong to the session: one is planted. */
  readonly planted: { readonly refused: number; readonly told: number };
  /** Refusals of candidates that belong to an offer which was ignored, and that were reported as errors. */
  readonly noise: number;
  /** ICE restarts for want of candidates, see {@link NO_CANDIDATES_MS}. */
  readonly restarts: number;
}

/** The data channel that both open, and a section of alice's and of bob's in the middle of the call. */
const SECTIONS = 3;
/** Longest time that a message is on its way, and that one peer begins after the other. Milliseconds. */
const LONGEST_MS = 30;
/** Nothing has happened for so long, and nothing is on its way: nothing will happen. Milliseconds. */
const QUIET_MS = 600;
/** Agreement takes a fraction of it; some code goes on for ever. Milliseconds. */
const SETTLE_MS = 5_000;
/** For data to flow once both have agreed. Milliseconds. */
const DATA_MS = 6_000;
/**
 * Chromium 156 under load: a gathering that is rolled back as it begins now and then leaves the next one without a
 * single candidate. The negotiation is over then, and right; what is missing comes with an ICE restart. Milliseconds.
 */
const NO_CANDIDATES_MS = 1_200;

type Name = 'alice' | 'bob';
const others: Readonly<Record<Name, Name>> = { alice: 'bob', bob: 'alice' };
/** No description has such a section, so no browser takes it. */
const NOWHERE: Signal = {
  candidate: {
    candidate: 'candidate:1 1 udp 2122260223 192.0.2.1 9 typ host',
    sdpMid: 'nowhere',
    sdpMLineIndex: 999,
    usernameFragment: null,
  },
};

/**
 * One pair of real connections, and the channel between its halves: both sides change the call at about the same
 * time, at its start and once more in its middle. How long each message takes comes from the seed. With every third
 * seed bob's offer reaches alice at the worst moment: between her call of `setLocalDescription()` and its end.
 */
export async function playPair(seed: number, negotiate: Negotiate, ended: AbortSignal): Promise<Outcome> {
  const pair = new Pair(seed, negotiate);
  const end = () => pair.close();
  ended.addEventListener('abort', end, { once: true });
  try {
    return await pair.play(ended);
  } finally {
    ended.removeEventListener('abort', end);
    pair.close();
  }
}

class Pair {
  readonly #seed: number;
  readonly #negotiate: Negotiate;
  readonly #sides: Readonly<Record<Name, Side>>;
  readonly #hitsTheGap: boolean;
  readonly #changed = new Set<() => void>();
  #lastMs = performance.now();
  #drawn = 0;
  #restarts = 0;

  constructor(seed: number, negotiate: Negotiate) {
    this.#seed = seed;
    this.#negotiate = negotiate;
    this.#hitsTheGap = seed % 3 === 0;
    this.#sides = { alice: this.#side('alice'), bob: this.#side('bob') };
  }

  async play(ended: AbortSignal): Promise<Outcome> {
    const { alice, bob } = this.#sides;
    for (const name of ['alice', 'bob'] as const) {
      const { pc } = this.#sides[name];
      await this.#negotiate({
        pc,
        polite: name === 'bob',
        send: (like) => Promise.resolve(this.#post(name, toSignal(like))),
        receive: (handler) => {
          this.#sides[name].handler = handler;
          void this.#drain(name);
        },
      });
    }
    const open = ({ pc }: Side) => pc.createDataChannel('exercise', { negotiated: true, id: 0 });
    const heard = [this.#hears(() => open(alice)), this.#hears(() => open(bob))];
    await this.#both(
      () => heard[0]?.begin(),
      () => heard[1]?.begin(),
    );
    const failure =
      (await this.#settled(1, ended)) ??
      (await this.#both(
        () => void alice.pc.addTransceiver('audio'),
        // Of the same kind: Chromium 156 keeps the header extensions of a rolled back section, and refuses the other
        // side's section of another kind in its place (“RTP extension ID reassignment not supported”).
        () => void bob.pc.addTransceiver('audio'),
      )) ??
      (await this.#settled(SECTIONS, ended)) ??
      (await this.#plant()) ??
      (await this.#flows(heard, ended));
    return {
      seed: this.#seed,
      ...(failure && { failure }),
      collisions: alice.collisions + bob.collisions,
      planted: { refused: alice.planted.refused, told: alice.planted.told },
      noise: alice.noise + bob.noise,
      restarts: this.#restarts,
    };
  }

  close(): void {
    for (const { pc } of Object.values(this.#sides)) pc.close();
    this.#happened();
  }

  #side(name: Name): Side {
    const side = new Side();
    side.watch((method) => {
      this.#happened();
      if (method !== 'setLocalDescription' || name !== 'alice' || !side.held) return;
      // The call has been made, and its promise is pending: signalingState still says stable.
      const held = side.held;
      side.held = undefined;
      queueMicrotask(() => {
        side.inbox.unshift(held);
        void this.#drain('alice');
      });
    });
    return side;
  }

  /** Milliseconds, 0 up to {@link LONGEST_MS}; the next number that the seed gives. */
  #draw(): number {
    return chance(this.#seed, ++this.#drawn) * LONGEST_MS;
  }

  /** Both change the call: at times of their own, or alice when bob's offer is at her door. */
  async #both(ofAlice: () => void, ofBob: () => void): Promise<undefined> {
    const { alice } = this.#sides;
    if (this.#hitsTheGap) {
      const isThere = new Promise<void>((resolve) => (alice.onOffer = resolve));
      ofBob();
      // Whoever never offers is told by what is missing in the end.
      await Promise.race([isThere, after(QUIET_MS)]);
      alice.onOffer = undefined;
      ofAlice();
    } else
      await Promise.all([
        after(this.#draw()).then(() => this.#isOpen('alice') && ofAlice()),
        after(this.#draw()).then(() => this.#isOpen('bob') && ofBob()),
      ]);
    this.#happened();
  }

  #isOpen(name: Name): boolean {
    return stateOf(this.#sides[name].pc) !== 'closed';
  }

  #post(from: Name, signal: Signal): void {
    const to = others[from];
    const side = this.#sides[to];
    side.underWay++;
    this.#happened();
    // In order: none overtakes the one before it.
    side.lane = Promise.all([side.lane, after(this.#draw())]).then(() => {
      side.underWay--;
      const isOffer = 'description' in signal && signal.description.type === 'offer';
      if (to === 'alice' && isOffer && side.onOffer && !side.held) {
        side.held = signal;
        side.onOffer();
      } else this.#arrive(to, signal);
    });
  }

  #arrive(to: Name, signal: Signal): void {
    const side = this.#sides[to];
    side.inbox.push(signal);
    this.#happened();
    void this.#drain(to);
  }

  async #drain(name: Name): Promise<void> {
    const side = this.#sides[name];
    if (side.isBusy || !side.handler || side.held) return;
    side.isBusy = true;
    for (let next = side.inbox.shift(); next && this.#isOpen(name); next = side.inbox.shift()) {
      const isOffer = 'description' in next && next.description.type === 'offer';
      if (isOffer && (stateOf(side.pc) === 'have-local-offer' || side.isMaking)) side.collisions++;
      const before = side.refused;
      const setBefore = side.set;
      let isTold = false;
      try {
        await side.handler(next);
      } catch {
        isTold = true;
      }
      const wasRefused = 'candidate' in next && side.refused > before;
      if (next === NOWHERE) {
        if (wasRefused) side.planted.refused++;
        if (isTold) side.planted.told++;
      } else if (wasRefused && isTold && side.ignores) side.noise++;
      if ('description' in next) side.ignores = isOffer && side.set === setBefore;
      this.#happened();
    }
    side.isBusy = false;
  }

  #happened(): void {
    this.#lastMs = performance.now();
    for (const look of this.#changed) look();
  }

  get #isQuiet(): boolean {
    const isIdle = Object.values(this.#sides).every(
      ({ underWay, isBusy, inbox, pending }) =>
        underWay === 0 && !isBusy && inbox.length === 0 && pending === 0,
    );
    return isIdle && performance.now() - this.#lastMs > QUIET_MS;
  }

  /** Waits until both have agreed, or until nothing more will come. */
  async #settled(sections: number, ended: AbortSignal): Promise<Failure | undefined> {
    const startMs = performance.now();
    for (;;) {
      const failure = this.#disagreement(sections);
      if (!failure) return undefined;
      if (this.#isQuiet) return failure;
      if (performance.now() - startMs > SETTLE_MS)
        return fails('states', `after ${SETTLE_MS / 1000} s they still offer and answer, and do not agree.`);
      ended.throwIfAborted();
      await this.#next();
    }
  }

  /** What keeps the two from having the same session; undefined when they have. */
  #disagreement(sections: number): Failure | undefined {
    const { alice, bob } = this.#sides;
    const states = [stateOf(alice.pc), stateOf(bob.pc)] as const;
    const waits = (['alice', 'bob'] as const).filter((name) => stateOf(this.#sides[name].pc) !== 'stable');
    if (waits.length === 2)
      return fails(
        'states',
        states.every((state) => state === 'have-local-offer')
          ? 'both are `have-local-offer` and wait for an answer: neither has taken the other’s offer.'
          : `alice is \`${states[0]}\` and bob is \`${states[1]}\`, and nothing is on its way any more.`,
      );
    if (waits.length === 1)
      return fails(
        'states',
        `${waits[0]} is \`${stateOf(this.#sides[waits[0] ?? 'alice'].pc)}\` and waits for an answer that nobody sends.`,
      );
    const ofAlice = sessionOf(alice.pc);
    const ofBob = sessionOf(bob.pc);
    const isSame =
      ofAlice.local === ofBob.remote && ofBob.local === ofAlice.remote && ofAlice.type !== ofBob.type;
    const refusals = alice.refusedAnswers + bob.refusedAnswers;
    if (!isSame && (ofAlice.local || ofBob.local))
      return fails(
        'states',
        `both are \`stable\` with two different sessions; ${refusals} ${refusals === 1 ? 'answer was' : 'answers were'} refused with InvalidStateError.`,
      );
    const counts = [...ofAlice.sections, ...ofBob.sections];
    if (counts.some((count) => count !== sections))
      return fails(
        'lost',
        `both are \`stable\` and have agreed on ${Math.min(...counts)} of ${sections} m-sections: a change was never offered.`,
      );
    return undefined;
  }

  /** A candidate that no browser takes reaches alice: her half has to say so. */
  async #plant(): Promise<undefined> {
    this.#arrive('alice', NOWHERE);
    while (this.#sides.alice.isBusy || this.#sides.alice.inbox.length > 0) await this.#next();
  }

  /** A channel that says a word when it opens, and whether one was heard on it. */
  #hears(open: () => RTCDataChannel): { begin: () => void; isHeard: boolean } {
    const hearing = {
      isHeard: false,
      begin: () => {
        const channel = open();
        channel.addEventListener('open', () => channel.send('hello'));
        channel.addEventListener('message', () => {
          hearing.isHeard = true;
          this.#happened();
        });
      },
    };
    return hearing;
  }

  async #flows(
    heard: readonly { readonly isHeard: boolean }[],
    ended: AbortSignal,
  ): Promise<Failure | undefined> {
    const startMs = performance.now();
    const sides = Object.values(this.#sides);
    while (!heard.every(({ isHeard }) => isHeard)) {
      const waitedMs = performance.now() - startMs;
      const states = sides.map(({ pc }) => `\`${connectionOf(pc)}\``).join(' and ');
      if (waitedMs > DATA_MS)
        return fails('silent', `both have agreed, and no data came; the connections are ${states}.`);
      const silent =
        sides.find(({ pc }) => !read(pc, 'localDescription')?.sdp.includes('a=candidate')) ??
        sides.find(({ pc }) => connectionOf(pc) === 'new');
      if (silent && waitedMs > (this.#restarts + 1) * NO_CANDIDATES_MS) {
        this.#restarts++;
        silent.pc.restartIce();
      }
      ended.throwIfAborted();
      await this.#next();
    }
    return undefined;
  }

  /** Resolves when something has happened, or a little later for another look. */
  #next(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#changed.delete(go);
        resolve();
      };
      const timer = setTimeout(go, 50);
      this.#changed.add(go);
    });
  }
}

/** One end: its connection, and what has been seen of the code that drives it. */
class Side {
  readonly pc = new RTCPeerConnection();
  handler: ((signal: Signal) => void | Promise<void>) | undefined;
  readonly inbox: Signal[] = [];
  /** Messages on their way to it. */
  underWay = 0;
  lane: Promise<unknown> = Promise.resolve();
  isBusy = false;
  /** Calls that the browser has not answered yet. */
  pending = 0;
  isMaking = false;
  /** Calls of addIceCandidate() that were refused. */
  refused = 0;
  refusedAnswers = 0;
  /** Calls of setRemoteDescription(). */
  set = 0;
  /** The latest description was an offer that it did not set. */
  ignores = false;
  collisions = 0;
  noise = 0;
  readonly planted = { refused: 0, told: 0 };
  /** bob's offer, kept back for the worst moment. */
  held: Signal | undefined;
  onOffer: (() => void) | undefined;

  /** Notes each call that changes a description or adds a candidate, and how it ends. */
  watch(happened: (method: string) => void): void {
    const { pc } = this;
    for (const method of ['setLocalDescription', 'setRemoteDescription', 'addIceCandidate'] as const) {
      const original = RTCPeerConnection.prototype[method] as (...args: unknown[]) => Promise<void>;
      const value = (...args: unknown[]): Promise<void> => {
        this.pending++;
        if (method === 'setLocalDescription') this.isMaking = stateOf(pc) === 'stable';
        if (method === 'setRemoteDescription') this.set++;
        const done = original.apply(pc, args);
        happened(method);
        const settle = (error?: unknown) => {
          this.pending--;
          if (method === 'setLocalDescription') this.isMaking = false;
          if (error && method === 'addIceCandidate') this.refused++;
          const [description] = args as [RTCSessionDescriptionInit | undefined];
          if (error && method === 'setRemoteDescription' && description?.type === 'answer')
            this.refusedAnswers++;
          happened('settled');
        };
        done.then(() => settle(), settle);
        return done;
      };
      Object.defineProperty(pc, method, { configurable: true, value });
    }
  }
}

const fails = (is: Failure['is'], text: string): Failure => ({ is, text });

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

// By the getters of the browser's prototype: a property that the learner's code put on a connection changes nothing.
const read = <K extends keyof RTCPeerConnection>(pc: RTCPeerConnection, name: K): RTCPeerConnection[K] =>
  Reflect.get<RTCPeerConnection, K>(RTCPeerConnection.prototype, name, pc);
const stateOf = (pc: RTCPeerConnection) => read(pc, 'signalingState');
const connectionOf = (pc: RTCPeerConnection) => read(pc, 'connectionState');

/** The session in force at one end: the user names of both sides, which name it, and the m-sections of both texts. */
function sessionOf(pc: RTCPeerConnection) {
  const [local, remote] = [read(pc, 'currentLocalDescription'), read(pc, 'currentRemoteDescription')];
  const ufrag = (sdp = '') => /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '';
  const count = (sdp = '') => sdp.match(/^m=/gm)?.length ?? 0;
  return {
    /** Of the local one: one end has offered, the other has answered. */
    type: local?.type,
    local: ufrag(local?.sdp),
    remote: ufrag(remote?.sdp),
    sections: [count(local?.sdp), count(remote?.sdp)],
  };
}
