import { expect, test as base, type Page } from 'playwright/test';
import type { LabSession } from '../../src/lab-kit/session.ts';
import type { Entry, EntryKind, EntryOf, Timeline, Wanted } from '../../src/rtc/timeline.ts';
import type { StatsSample } from '../../src/rtc/stats/sample.ts';
import { Server } from './server.ts';

type Pane = HTMLElement & { load(): Promise<LabSession> };

/** Drives the lab on a page as a person does, and reads its timeline. */
export class LabDriver {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a lab's own page. @param query URL parameters, as in a link */
  async open(id: string, query: Record<string, string> = {}): Promise<this> {
    await this.page.goto(`/labs/${id}/?${new URLSearchParams(query)}`);
    return this;
  }

  /** Opens a lab's page and presses its button. */
  async run(id: string, query: Record<string, string> = {}): Promise<TimelineDriver> {
    await this.open(id, query);
    return this.start();
  }

  async start(): Promise<TimelineDriver> {
    await this.page.locator('lab-pane [data-run]').click();
    await this.page.waitForFunction(async () => {
      const pane = document.querySelector<Pane>('lab-pane');
      const session = await pane?.load();
      return Boolean(session?.bench.value);
    });
    return this.timeline;
  }

  /** Waits until this page has taken its seat in a room where nobody else is yet. */
  async untilWaiting(): Promise<void> {
    await expect(this.page.getByText('Waiting for the other side')).toBeVisible();
  }

  /** Waits for the run after the present one, which `cause` brings about. */
  async nextRun(cause: () => Promise<unknown>): Promise<void> {
    const bench = await this.page.evaluateHandle(async () => {
      const session = await document.querySelector<Pane>('lab-pane')?.load();
      return session?.bench.value;
    });
    await cause();
    await this.page.waitForFunction(async (before) => {
      const session = await document.querySelector<Pane>('lab-pane')?.load();
      return session?.bench.value !== before;
    }, bench);
  }

  /** Shows the moment of an entry in all panels; null is «now». @param seq the entry's */
  async focus(seq: number | null): Promise<void> {
    await this.page.evaluate(async (value) => {
      const session = await document.querySelector<Pane>('lab-pane')?.load();
      if (session) session.focus.value = value;
    }, seq);
  }

  get timeline(): TimelineDriver {
    return new TimelineDriver(this.page);
  }
}

/** The record of the run on a page. */
export class TimelineDriver {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  /** Waits for the first entry with all of these values. Fails after `timeoutMs`, telling what was recorded. */
  async until<K extends EntryKind>(wanted: Wanted<K>, timeoutMs = 20_000): Promise<EntryOf<K>> {
    const found = await this.#page.evaluate(
      async ([pattern, limitMs]) => {
        const session = await document.querySelector<Pane>('lab-pane')?.load();
        const limit = AbortSignal.timeout(limitMs);
        const timeline = await new Promise<Timeline | undefined>((resolve) => {
          session?.bench.subscribe((bench) => bench && resolve(bench.timeline));
          limit.addEventListener('abort', () => resolve(undefined));
        });
        if (!timeline) return { lost: 'there was no run on this page' };
        try {
          return { entry: await timeline.until(pattern, limit) };
        } catch {
          return {
            lost: timeline.entries
              .map((entry) => `${Math.round(entry.atMs)} ${entry.peer} ${entry.kind}`)
              .join('\n'),
          };
        }
      },
      [wanted as Wanted<EntryKind>, timeoutMs] as const,
    );
    if (!found.entry)
      throw new Error(`no ${JSON.stringify(wanted)} in ${timeoutMs} ms; recorded:\n${found.lost}`);
    return found.entry as EntryOf<K>;
  }

  async entries(): Promise<readonly Entry[]> {
    return this.#page.evaluate(async () => {
      const session = await document.querySelector<Pane>('lab-pane')?.load();
      return [...(session?.bench.value?.timeline.entries ?? [])];
    });
  }

  /** The next `count` samples of a peer's statistics, one a second. */
  async stats(peer: string, count: number): Promise<readonly StatsSample[]> {
    return this.#page.evaluate(
      async ([name, wanted]) => {
        const session = await document.querySelector<Pane>('lab-pane')?.load();
        const timeline = session?.bench.value?.timeline;
        return new Promise<StatsSample[]>((resolve) => {
          const samples: StatsSample[] = [];
          const stop = timeline?.subscribe((entry) => {
            if (entry.peer !== name || entry.kind !== 'stats' || samples.push(entry.sample) < wanted) return;
            stop?.();
            resolve(samples);
          });
        });
      },
      [peer, count] as const,
    );
  }

  async has(wanted: Partial<Entry>): Promise<boolean> {
    const entries = await this.entries();
    return entries.some((entry) =>
      Object.entries(wanted).every(
        ([key, value]) => (entry as unknown as Record<string, unknown>)[key] === value,
      ),
    );
  }
}

/** A site served for the whole worker, a driver for the page, and a page that may not complain. */
export const test = base.extend<
  { lab: LabDriver; mayComplain: readonly RegExp[]; quiet: undefined },
  { server: Server }
>({
  server: [
    async ({}, use) => {
      await using server = await new Server().start();
      await use(server);
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  lab: async ({ page }, use) => use(new LabDriver(page)),
  mayComplain: [[], { option: true }],
  quiet: [
    async ({ page, mayComplain, browserName }, use) => {
      const complaints: string[] = [];
      // Playwright itself evaluates our functions in the page; Firefox applies the page's policy to that, Chromium does not.
      const known = browserName === 'firefox' ? [...mayComplain, /blocked a JavaScript eval/] : mayComplain;
      page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      await use(undefined);
      // A refused script, an uncaught error or a request to another origin is a bug, whatever the test looked at.
      expect(complaints.filter((complaint) => !known.some((pattern) => pattern.test(complaint)))).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };
