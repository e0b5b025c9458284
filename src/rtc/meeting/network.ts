import type { RoomClient } from '../signaling/room-client.ts';
import { Emitter } from './emitter.ts';
import type { Engine } from './engine.ts';

/** `offline`: nothing can be done. `changed`: another network, or the same one after a time in which this page slept. */
export type NetworkNews = 'offline' | 'changed';

/** Where a page hears of its network: the browser's own objects, or a test's. */
export interface Surroundings {
  /** Tells `online`, `offline` and `pageshow`. */
  readonly window: EventTarget;
  /** Tells `freeze` and `resume` (Page Lifecycle). */
  readonly document: EventTarget & { readonly visibilityState: string };
  /** `navigator.connection`, where there is one. */
  readonly connection?: (EventTarget & { readonly type?: string | undefined }) | undefined;
  readonly isOnline: () => boolean;
}

/** A page whose timer is so late has slept, in milliseconds. */
const SLEPT_MS = 5_000;
const TICK_MS = 1_000;
/** Browsers tell a change in several events: so long nothing more must come, in milliseconds. */
const SETTLED_MS = 200;
/** A signal that the server has not taken after so long has gone into a dead connection, in milliseconds. */
const UNANSWERED_MS = 4_000;

function browser(): Surroundings {
  const { connection } = navigator as Navigator & { connection?: Surroundings['connection'] };
  return { window, document, connection, isOnline: () => navigator.onLine };
}

/**
 * Tells when the network of this page is gone or is another one.
 *
 * `change` of `navigator.connection` counts where its type changes: on a desktop there is no type, and the event comes
 * with each new estimate of a rate. What no event tells the ladder of each link finds out.
 *
 * A page that is not seen has late timers by design (browsers let them run once a second or once a minute), so a late
 * timer counts only in one that is.
 */
export function watchNetwork(
  tell: (news: NetworkNews) => void,
  signal: AbortSignal,
  { window, document, connection, isOnline }: Surroundings = browser(),
): void {
  const changed = () => tell('changed');
  window.addEventListener('online', changed, { signal });
  window.addEventListener('offline', () => tell('offline'), { signal });
  window.addEventListener('pageshow', (event) => 'persisted' in event && event.persisted && changed(), {
    signal,
  });
  document.addEventListener('resume', changed, { signal });

  let type = connection?.type;
  const look = () => {
    const before = type;
    type = connection?.type;
    if (type !== before && isOnline()) changed();
  };
  connection?.addEventListener('change', look, { signal });

  let lastMs = performance.now();
  let wasSeen = document.visibilityState === 'visible';
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const isSeen = document.visibilityState === 'visible';
    if (isSeen && wasSeen && nowMs - lastMs > SLEPT_MS) changed();
    lastMs = nowMs;
    wasSeen = isSeen;
  }, TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

export interface RecoveryOptions {
  readonly room: Pick<RoomClient, 'reconnect' | 'state'>;
  readonly engine: Pick<Engine, 'recover'>;
  readonly signal: AbortSignal;
}

export interface RecoveryEvents {
  /** `returning`: the room is joined anew, then paths are looked for. */
  state: 'steady' | 'offline' | 'returning';
}

/**
 * What a meeting does when its network is another one: the socket first, the paths after it.
 *
 * The old socket would be missed only seconds later, and an offer that is written into it never arrives: measured in
 * Chromium, sound is back after 0.6 s in this order, after 7 s when the connection state is waited for, and never when
 * nothing is done.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #events = new Emitter<RecoveryEvents>();
  readonly on = this.#events.on;
  #state: RecoveryEvents['state'] = 'steady';
  #settling: ReturnType<typeof setTimeout> | undefined;
  #times = 0;
  #takenMs = 0;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => clearTimeout(this.#settling), { once: true });
  }

  get state(): RecoveryEvents['state'] {
    return this.#state;
  }

  told(news: NetworkNews): void {
    if (this.#options.signal.aborted) return;
    clearTimeout(this.#settling);
    this.#times += 1; // whatever is under way was for a network that is gone
    if (news === 'offline') this.#set('offline');
    else this.#settling = setTimeout(() => void this.#return(), SETTLED_MS);
  }

  /** A signal is on its way: when the server takes neither it nor a later one, the socket is dead. */
  sent(taken: Promise<void>): void {
    const sentMs = performance.now();
    const timer = setTimeout(() => {
      const isJoined = this.#options.room.state.state === 'joined';
      if (!isJoined || this.#takenMs >= sentMs || this.#state !== 'steady') return;
      this.#takenMs = performance.now(); // the next attempt has its time, too
      void this.#reconnect();
    }, UNANSWERED_MS);
    const stop = () => clearTimeout(timer);
    this.#options.signal.addEventListener('abort', stop, { once: true });
    taken
      .then(
        () => (this.#takenMs = performance.now()),
        () => {},
      )
      .finally(() => {
        stop();
        this.#options.signal.removeEventListener('abort', stop);
      });
  }

  async #return(): Promise<void> {
    const time = this.#times;
    this.#set('returning');
    const isBack = await this.#reconnect();
    if (time !== this.#times || this.#options.signal.aborted) return;
    if (isBack) this.#options.engine.recover();
    this.#set('steady');
  }

  async #reconnect(): Promise<boolean> {
    try {
      await this.#options.room.reconnect();
      return true;
    } catch {
      return false; // the state of the room has told why
    }
  }

  #set(state: RecoveryEvents['state']): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.emit('state', state);
  }
}
