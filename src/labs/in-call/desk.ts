import { signal } from '@preact/signals';
import type { Bench } from '../../rtc/bench.ts';
import { toRtcError } from '../../rtc/errors.ts';

/** What a button does. `is`: whether it is pressed from now on. */
export const actNames = ['mute', 'black', 'off', 'share'] as const;
export type ActName = (typeof actNames)[number];
export type Acts = Readonly<Record<ActName, (is: boolean) => unknown>>;

/** The buttons between the panel and the run. */
export class Desk {
  readonly isOpen = signal(false);
  readonly pressed = signal<ReadonlySet<ActName>>(new Set());
  /** While something is being opened or replaced, no other button may be pressed. */
  readonly isBusy = signal(false);
  readonly problem = signal('');
  readonly #bench: Bench<never> | Bench;
  #acts: Acts | undefined;

  constructor(bench: Bench<never> | Bench) {
    this.#bench = bench;
    bench.signal.addEventListener('abort', () => (this.isOpen.value = false));
  }

  open(acts: Acts): void {
    this.#acts = acts;
    this.isOpen.value = true;
  }

  async press(name: ActName): Promise<void> {
    if (this.isBusy.value || !this.#acts) return;
    const is = !this.pressed.value.has(name);
    this.isBusy.value = true;
    this.problem.value = '';
    try {
      this.#bench.timeline.append('alice', { kind: 'note', text: `button: ${words[name][is ? 0 : 1]}` });
      await this.#acts[name](is);
      const others = [...this.pressed.value].filter((one) => one !== name);
      this.pressed.value = new Set(is ? [...others, name] : others);
    } catch (error) {
      this.problem.value = toRtcError(error).message;
    } finally {
      this.isBusy.value = false;
    }
  }
}

/** What each button says: to be pressed, and to be released. */
export const words: Readonly<Record<ActName, readonly [press: string, release: string]>> = {
  mute: ['Mute', 'Unmute'],
  black: ['Black picture', 'Picture again'],
  off: ['Camera off', 'Camera on'],
  share: ['Share the screen', 'Stop sharing'],
};

const desks = new WeakMap<Bench<never> | Bench, Desk>();

/** The buttons of a run; the same ones for the run and for its panel. */
export function deskOf(bench: Bench<never> | Bench): Desk {
  const desk = desks.get(bench) ?? new Desk(bench);
  desks.set(bench, desk);
  return desk;
}
