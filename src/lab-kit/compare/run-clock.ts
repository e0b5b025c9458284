/**
 * One clock for all columns of a run. It stands at 0 while their pages are loaded, and starts for all of them in the
 * same moment: what a column takes is then the work of its code, not of the page around it.
 */
export class RunClock {
  #startMs: number | undefined;

  /** Milliseconds since {@link start}. */
  readonly now = (): number => (this.#startMs === undefined ? 0 : performance.now() - this.#startMs);

  start(): void {
    this.#startMs ??= performance.now();
  }
}
