/** What is done about a connection on which nothing comes through: one rung after the other. `up`: nothing. */
export type Rung = 'up' | 'wait' | 'restart' | 'rebuild' | 'give-up';

export interface LadderRules {
  /** So long a connection may come back by itself, in milliseconds. */
  readonly waitMs: number;
  /** So long a restart of ICE may take, in milliseconds. */
  readonly restartMs: number;
  /** So long a new connection may take, in milliseconds. */
  readonly rebuildMs: number;
  /** How many new connections are tried before a person is asked. */
  readonly rebuilds: number;
  /** Within so long something must have come on a connection that is back, in milliseconds. */
  readonly proofMs: number;
}

/** Checks that were lost are noticed after 5 s; what comes back by itself has mostly come 2 s later. */
export const rules: LadderRules = {
  waitMs: 2_000,
  restartMs: 8_000,
  rebuildMs: 15_000,
  rebuilds: 3,
  proofMs: 4_000,
};

/** Of the end that does not go first: when both see the same, their offers need not cross at every rung. */
export const patientRules: LadderRules = { ...rules, waitMs: 3_000, restartMs: 9_000, rebuildMs: 16_500 };

export interface LadderOptions {
  readonly rules?: LadderRules;
  readonly signal: AbortSignal;
  /** Carries a rung out. `attempt` counts from 1 since the connection was last up. */
  readonly act: (rung: Rung, attempt: number) => void;
  /** Whether a restart can help at all: not before the other end has said anything. */
  readonly mayRestart: () => boolean;
  /** How many packets have come on this connection; undefined when the other end sends nothing. */
  readonly received: () => Promise<number | undefined>;
}

/** `connecting`: the first connection, or one that the other end has begun. `proof`: back, but does anything come? */
type Place = Rung | 'connecting' | 'proof';

/**
 * The ladder of recovery: wait, restart ICE, make a new connection, give up. It is told of each connection state
 * (webrtc-pc §4.3.3) and climbs by itself as long as `connected` does not come.
 *
 * `connected` is not believed at once: after `failed`, a restart in Firefox ends there and no packet comes, so the
 * ladder counts packets and goes on to a new connection.
 *
 * While it is {@link hold | held} no rung is taken: an offer would only wait for the way to the other end.
 */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #rules: LadderRules;
  #place: Place = 'connecting';
  #isHeld = false;
  /** What is to be done as soon as nothing holds the ladder. */
  #due: 'climb' | 'restart' | 'rebuild' | undefined;
  #rebuilds = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LadderOptions) {
    this.#options = options;
    this.#rules = options.rules ?? rules;
    options.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** How often something was tried since the connection was last up. */
  get attempt(): number {
    return this.#attempt;
  }

  /** A first connection is under way, or one that the other end has begun: it has its time, too. */
  begin(): void {
    // Theirs in the place of ours is one attempt of both.
    if (this.#place !== 'rebuild' && this.#place !== 'connecting') {
      this.#rebuilds += 1;
      this.#attempt += 1;
    }
    this.#due = undefined;
    this.#enter('connecting');
  }

  /** Nothing more is tried until a person asks for it, or the way to the other end is another one. */
  giveUp(): void {
    this.#due = undefined;
    this.#enter('give-up');
  }

  told(state: RTCPeerConnectionState): void {
    if (state === 'connected') this.#connected();
    else if (state === 'disconnected') {
      if (this.#place === 'up' || this.#place === 'proof') this.#take('wait');
    } else if (state === 'failed' && this.#place !== 'give-up') {
      if (this.#place === 'up' || this.#place === 'proof') this.#show('wait');
      this.#climb();
    }
  }

  /** Goes to a rung at once, or as soon as it is let go: a person asked for it, or the network has changed. */
  go(rung: 'restart' | 'rebuild'): void {
    const isFresh = rung === 'rebuild' || this.#place === 'give-up';
    if (isFresh) this.#rebuilds = 0;
    if (this.#isHeld) this.#due = rung;
    else this.#take(isFresh || !this.#options.mayRestart() ? 'rebuild' : 'restart');
  }

  /** There is no way to the other end: our signaling is away, or theirs. */
  hold(): void {
    this.#isHeld = true;
    clearTimeout(this.#timer);
  }

  /** The way is there again: what was due is done now, and what was under way has its time anew. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    const due = this.#due;
    this.#due = undefined;
    if (due === 'restart' || due === 'rebuild') this.go(due);
    else if (due === 'climb' || this.#place === 'wait') this.#climb();
    else if (this.#place === 'give-up') this.go('rebuild');
    else this.#enter(this.#place);
  }

  #connected(): void {
    const isBack = this.#place === 'wait' || this.#place === 'restart';
    if (this.#place === 'up' || this.#place === 'proof') return;
    if (this.#due === 'climb') this.#due = undefined;
    this.#options.act('up', this.#attempt);
    if (isBack) this.#enter('proof');
    else this.#up();
  }

  #up(): void {
    this.#rebuilds = 0;
    this.#attempt = 0;
    this.#enter('up');
  }

  #climb(): void {
    if (this.#isHeld) this.#due ??= 'climb';
    else if (this.#place === 'wait' && this.#options.mayRestart()) this.#take('restart');
    else if (this.#rebuilds < this.#rules.rebuilds) this.#take('rebuild');
    else this.#take('give-up');
  }

  #take(rung: Exclude<Rung, 'up'>): void {
    if (rung === 'restart' || rung === 'rebuild') this.#attempt += 1;
    if (rung === 'rebuild') this.#rebuilds += 1;
    this.#show(rung);
  }

  #show(rung: Exclude<Rung, 'up'>): void {
    this.#enter(rung);
    this.#options.act(rung, this.#attempt);
  }

  #enter(place: Place): void {
    this.#place = place;
    clearTimeout(this.#timer);
    if (this.#isHeld || this.#options.signal.aborted) return;
    switch (place) {
      case 'up':
      case 'give-up':
        return;
      case 'wait':
        return this.#after(this.#rules.waitMs);
      case 'restart':
        return this.#after(this.#rules.restartMs);
      case 'connecting':
      case 'rebuild':
        return this.#after(this.#rules.rebuildMs);
      case 'proof':
        void this.#prove();
        return;
      default:
        place satisfies never;
    }
  }

  #after(ms: number): void {
    this.#timer = setTimeout(() => this.#climb(), ms);
  }

  /** Counts packets now and a little later. Whoever sends nothing at either time proves nothing, and is believed. */
  async #prove(): Promise<void> {
    const before = await this.#options.received();
    if (this.#place !== 'proof' || this.#isHeld || this.#options.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#options.received().then((after) => {
        if (this.#place !== 'proof' || this.#options.signal.aborted) return;
        if (before === undefined || after === undefined || after > before) this.#up();
        else this.#climb();
      });
    }, this.#rules.proofMs);
  }
}
