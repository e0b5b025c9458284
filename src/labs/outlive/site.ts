import { signal } from '@preact/signals';
import type { LearnersServer } from '../../lab-kit/classroom/server.ts';
import source from '../../exercises/room-server/solution.ts?raw';
import type { Bench } from '../../rtc/bench.ts';

export type Socket = ReturnType<LearnersServer['ioSocket']>;

/** How long nobody answers. */
export const OUTAGE_MS = 5_000;
export const notes = {
  killed: 'the server is killed',
  back: 'the server is back, and knows nobody',
} as const;

/** The signaling server of a run, in a thread of this page: so that it can be killed, and started anew. */
export class Site {
  readonly isUp = signal(false);
  readonly #bench: Bench<never> | Bench;
  #life: AbortController | undefined;
  #welcome: ((server: LearnersServer) => void) | undefined;

  constructor(bench: Bench<never> | Bench) {
    this.#bench = bench;
    bench.signal.addEventListener('abort', () => this.#kill());
  }

  /** Starts it. `welcome` is called now, and each time that it was started anew. */
  async open(welcome: (server: LearnersServer) => void): Promise<void> {
    this.#welcome = welcome;
    await this.#start();
  }

  /** Kills it as a power cut does, and starts it {@link OUTAGE_MS} later with an empty memory. */
  async outage(): Promise<void> {
    if (!this.isUp.value) return;
    const { timeline, signal: ended } = this.#bench;
    timeline.append('lab', { kind: 'note', text: notes.killed });
    this.#kill();
    await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS));
    if (ended.aborted) return;
    await this.#start();
  }

  async #start(): Promise<void> {
    const bench = this.#bench;
    const { startServer } = await import('../../lab-kit/classroom/server.ts');
    const life = new AbortController();
    const server = await startServer({
      source,
      timeline: bench.timeline,
      signal: AbortSignal.any([life.signal, bench.signal]),
    });
    if (bench.signal.aborted) return;
    const isBack = this.#life !== undefined;
    this.#life = life;
    if (isBack) bench.timeline.append('lab', { kind: 'note', text: notes.back });
    this.isUp.value = true;
    this.#welcome?.(server);
  }

  #kill(): void {
    this.isUp.value = false;
    this.#life?.abort();
  }
}

const sites = new WeakMap<Bench<never> | Bench, Site>();

/** The server of a run; the same one for the run and for its panel. */
export function siteOf(bench: Bench<never> | Bench): Site {
  const site = sites.get(bench) ?? new Site(bench);
  sites.set(bench, site);
  return site;
}
