import { signal, type Signal } from '@preact/signals';

/**
 * What a lab's own panel and its run share: the panel asks, the lab's code does it and tells what came of it.
 *
 * @typeParam W what the panel can ask for
 * @typeParam T what the code tells; null before it has told anything
 */
export class Desk<W, T> {
  readonly told: Signal<T | null> = signal(null);
  /** Whether the code is at work on a wish; the next one waits. */
  readonly busy = signal(false);
  readonly #waiting: W[] = [];
  #wake: (() => void) | undefined;

  ask(wish: W): void {
    this.#waiting.push(wish);
    this.#wake?.();
  }

  /** The wishes one after the other, until `ended` aborts: for `for await`. */
  async *wishes(ended: AbortSignal): AsyncGenerator<W, void, undefined> {
    ended.addEventListener('abort', () => this.#wake?.(), { once: true });
    while (!ended.aborted) {
      const wish = this.#waiting.shift();
      this.busy.value = wish !== undefined;
      if (wish !== undefined) yield wish;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    this.busy.value = false;
  }
}

/** One desk for each run, made when it is first asked for. */
export function deskOf<W, T>(): (bench: object) => Desk<W, T> {
  const desks = new WeakMap<object, Desk<W, T>>();
  return (bench) => {
    const desk = desks.get(bench) ?? new Desk<W, T>();
    desks.set(bench, desk);
    return desk;
  };
}
