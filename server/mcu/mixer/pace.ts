/** Frames a second, from what is wanted down to where a face can still be followed. */
const rates = [15, 12, 10, 7.5, 5] as const;
export const WANTED_FPS = rates[0];

/** What was seen in the last second. */
export interface Seen {
  /** Frames of sound, 10 ms each, that could not be mixed in time. */
  readonly lateSounds: number;
  /** The share of its time that the process's own thread was busy, 0 … 1. */
  readonly busy: number;
  /** Pictures that the slowest encoder made, and pictures that it was given. */
  readonly encoded: number;
  readonly given: number;
}

const CALM_SEC = 10;
const MOST_CALM_SEC = 160;

/**
 * How fast pictures are made. When the machine does not keep up, pictures become fewer before anything else suffers: a
 * hole in the sound is worse. It is tried again after some calm; each time that fails, after twice as long.
 */
export class Pace {
  #step = 0;
  #strained = 0;
  #calm = 0;
  #wait = CALM_SEC;
  #isTrial = false;

  get framesPerSec(): number {
    return rates[this.#step]!;
  }

  /** Called once a second. */
  second({ lateSounds, busy, encoded, given }: Seen): void {
    const isStrained = lateSounds > 2 || busy > 0.85 || (given >= 4 && encoded < 0.75 * given);
    this.#strained = isStrained ? this.#strained + 1 : 0;
    this.#calm = isStrained ? 0 : this.#calm + 1;
    // One bad second is somebody who comes in.
    if (this.#strained >= 2) {
      if (this.#isTrial) this.#wait = Math.min(MOST_CALM_SEC, 2 * this.#wait);
      this.#to(Math.min(rates.length - 1, this.#step + 1));
      this.#isTrial = false;
    } else if (this.#calm >= this.#wait && this.#step > 0) {
      this.#to(this.#step - 1);
      this.#isTrial = true;
    } else if (this.#calm >= CALM_SEC && this.#step === 0) this.#wait = CALM_SEC;
  }

  #to(step: number): void {
    this.#step = step;
    this.#strained = 0;
    this.#calm = 0;
  }
}
