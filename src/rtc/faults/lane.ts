import type { Parcel } from '../signaling/signaling.ts';

/** Time, as a test may give it. */
export interface Timers {
  set(run: () => void, delayMs: number): unknown;
  clear(timer: unknown): void;
}

/** How long a message that is to change places waits for the next one. Milliseconds. */
export const SWAP_WAIT_MS = 2_000;

/** What the board decided for one message. */
export interface Treatment {
  readonly delayMs: number;
  readonly isHeld: boolean;
  /** Whether later messages may pass it while it waits. */
  readonly mayBeOvertaken: boolean;
  readonly swaps: boolean;
  readonly copies: number;
}

/** A message that stands in its lane. */
export interface Waiting {
  readonly parcel: Parcel;
  /** Somebody has to let it go. */
  readonly isHeld: boolean;
}

interface Place extends Waiting {
  isHeld: boolean;
  isDue: boolean;
  swaps: boolean;
  readonly mayBeOvertaken: boolean;
  readonly handOver: () => void;
  readonly timers: { due?: unknown; swap?: unknown };
}

/** The way in one direction: messages leave it in the order in which they came, unless they were told otherwise. */
export class Lane {
  readonly #places: Place[] = [];
  readonly #timers: Timers;
  #isDraining = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  get waiting(): readonly Waiting[] {
    return this.#places;
  }

  /** Whether the last message waits for the next one to pass it. */
  get wantsPartner(): boolean {
    return this.#places.at(-1)?.swaps ?? false;
  }

  /**
   * @param handOver carries the message on; called once for each copy
   * @param alone called in place of a partner that did not come in time
   */
  put(parcel: Parcel, treatment: Treatment, handOver: () => void, alone: () => void): void {
    const partner = this.wantsPartner ? this.#places.at(-1) : undefined;
    for (let copy = 0; copy < treatment.copies; copy++) {
      const place: Place = {
        parcel,
        handOver,
        isHeld: treatment.isHeld,
        isDue: treatment.delayMs === 0,
        mayBeOvertaken: treatment.mayBeOvertaken,
        swaps: treatment.swaps && copy === treatment.copies - 1,
        timers: {},
      };
      if (partner) this.#places.splice(this.#places.indexOf(partner), 0, place);
      else this.#places.push(place);
      if (!place.isDue) place.timers.due = this.#timers.set(() => this.#due(place), treatment.delayMs);
      if (place.swaps)
        place.timers.swap = this.#timers.set(() => (alone(), this.#settle(place)), SWAP_WAIT_MS);
    }
    if (partner) this.#settle(partner);
    this.#drain();
  }

  /** Lets one go by hand: now, whatever it or others wait for. */
  release(waiting: Waiting): boolean {
    const at = this.#places.findIndex((place) => place === waiting);
    const [place] = at < 0 ? [] : this.#places.splice(at, 1);
    if (!place) return false;
    this.#forget(place);
    place.handOver();
    this.#drain();
    return true;
  }

  /** Nothing more comes out of it. */
  end(): void {
    for (const place of this.#places.splice(0)) this.#forget(place);
  }

  #forget({ timers }: Place): void {
    this.#timers.clear(timers.due);
    this.#timers.clear(timers.swap);
  }

  #due(place: Place): void {
    place.isDue = true;
    this.#drain();
  }

  #settle(place: Place): void {
    this.#timers.clear(place.timers.swap);
    place.swaps = false;
    this.#drain();
  }

  #drain(): void {
    if (this.#isDraining) return; // handing over may bring the next message
    this.#isDraining = true;
    const next = () => {
      for (const place of this.#places) {
        if (!place.isHeld && place.isDue && !place.swaps) return place;
        if (!place.mayBeOvertaken) return undefined;
      }
      return undefined;
    };
    for (let place = next(); place; place = next()) {
      this.#places.splice(this.#places.indexOf(place), 1);
      place.handOver();
    }
    this.#isDraining = false;
  }
}
