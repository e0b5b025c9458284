/** What is done about a connection on which nothing comes through: one rung after the other. */
export type Rung = 'wait' | 'restart' | 'rebuild' | 'give-up';

export interface LadderRules {
  /** So long a connection may come back by itself, in milliseconds. */
  readonly waitMs: number;
  /** So long a restart of ICE may take, in milliseconds. */
  readonly restartMs: number;
  /** So long a new connection may take, in milliseconds. */
  readonly rebuildMs: number;
  /** How many new connections are tried before a person is asked. */
  readonly rebuilds: number;
}

/** Checks that were lost are noticed after 5 s; what comes back by itself has mostly come 2 s later. */
export const rules: LadderRules = { waitMs: 2_000, restartMs: 8_000, rebuildMs: 15_000, rebuilds: 3 };

export interface LadderOptions {
  readonly rules?: LadderRules;
  readonly signal: AbortSignal;
  /** Carries a rung out. `attempt` counts from 1 since the connection was last up. */
  readonly act: (rung: Rung, attempt: number) => void;
  /** Whether a restart can help at all: not before there ever was a connection. */
  readonly mayRestart: () => boolean;
}

/**
 * The ladder of recovery: wait, restart ICE, make a new connection, give up. It is told of each connection state
 * (webrtc-pc §4.3.3) and climbs by itself as long as `connected` does not come.
 */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #rules: LadderRules;
  #rung: Rung | 'up' = 'up';
  #rebuilds = 0;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LadderOptions) {
    this.#options = options;
    this.#rules = options.rules ?? rules;
    options.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** A first connection, or a new one, is under way: it has its time, too. */
  begin(): void {
    this.#after(this.#rules.rebuildMs);
  }

  told(state: RTCPeerConnectionState): void {
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#rung = 'up';
      this.#rebuilds = 0;
      this.#attempt = 0;
    } else if (state === 'disconnected' && this.#rung === 'up') this.#take('wait');
    else if (state === 'failed' && (this.#rung === 'up' || this.#rung === 'wait')) this.#climb();
    else if (state === 'failed' && this.#rung === 'restart') this.#climb();
  }

  /** Goes to a rung at once: a person asked for it, or the network has changed. */
  go(rung: 'restart' | 'rebuild'): void {
    if (rung === 'rebuild') this.#rebuilds = 0;
    this.#take(rung);
  }

  #climb(): void {
    const mayRestart = (this.#rung === 'up' || this.#rung === 'wait') && this.#options.mayRestart();
    if (mayRestart) this.#take('restart');
    else if (this.#rebuilds < this.#rules.rebuilds) this.#take('rebuild');
    else this.#take('give-up');
  }

  #take(rung: Rung): void {
    this.#rung = rung;
    if (rung !== 'wait') this.#attempt += 1;
    if (rung === 'rebuild') this.#rebuilds += 1;
    clearTimeout(this.#timer);
    if (rung === 'wait') this.#after(this.#rules.waitMs);
    if (rung === 'restart') this.#after(this.#rules.restartMs);
    if (rung === 'rebuild') this.#after(this.#rules.rebuildMs);
    this.#options.act(rung, this.#attempt);
  }

  #after(ms: number): void {
    if (this.#options.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#climb(), ms);
  }
}
