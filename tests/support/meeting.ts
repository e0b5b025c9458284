import { build, type Plugin } from 'esbuild';
import { expect, type BrowserContext, type Page } from 'playwright/test';
import type { Seen } from './pages/seat.ts';

/** The pages of these tests are in sight, and a worker would have no address in one script. */
const tickerOfThePage: Plugin = {
  name: 'ticker',
  setup(build) {
    build.onResolve({ filter: /\/ticker\.ts$/ }, () => ({ path: 'ticker', namespace: 'ticker' }));
    build.onLoad({ filter: /.*/, namespace: 'ticker' }, () => ({
      contents: `export function every(ms, callback, signal) {
        const timer = setInterval(callback, ms);
        signal.addEventListener('abort', () => clearInterval(timer), { once: true });
      }`,
    }));
  },
};

const script = build({
  entryPoints: ['tests/support/pages/seat.ts'],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  plugins: [tickerOfThePage],
}).then(({ outputFiles: [file] }) => file?.text ?? '');

const LIMIT = { timeout: 20_000 };

/**
 * A participant of a meeting in a browser, without the page `/meet`: what is tested is who is there, what crosses and
 * how it recovers. The document is the smallest that the server has.
 */
export class Participant {
  readonly name: string;
  readonly page: Page;

  constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
  }

  /** @param url origin of the server */
  static async open(context: BrowserContext, url: string, name: string): Promise<Participant> {
    const page = await context.newPage();
    await page.goto(`${url}/robots.txt`);
    return new Participant(name, page);
  }

  /** Gives a page what {@link join} needs, for participants that a test makes itself. */
  static async prepare(page: Page): Promise<void> {
    await page.evaluate(await script);
  }

  /** Takes a seat. @param options `waits: false` when the server is not there yet */
  async join(options: { sound?: boolean; waits?: boolean; keeps?: boolean } = {}): Promise<this> {
    await this.page.evaluate(await script);
    await this.page.evaluate(
      ([name, { sound = true, waits = true, keeps = false }]) => {
        globalThis.seat = new globalThis.Seat(name, { sound, ...(keeps && { storage: sessionStorage }) });
        const joined = globalThis.seat.join();
        return waits ? joined : void joined.catch(() => {});
      },
      [this.name, options] as const,
    );
    return this;
  }

  see(): Promise<Seen[]> {
    return this.page.evaluate(() => globalThis.seat.see());
  }

  /** Who is there, the name of each and how the link to them stands; `away` when they are. */
  async roster(): Promise<string[]> {
    const seen = await this.see();
    return seen.map(({ name, away, link }) => `${name} ${away ? 'away' : link}`).toSorted();
  }

  untilRoster(...names: string[]): Promise<void> {
    return expect
      .poll(() => this.roster(), { ...LIMIT, message: `whom ${this.name} sees` })
      .toEqual(names.toSorted());
  }

  told(): Promise<string[]> {
    return this.page.evaluate(() => globalThis.seat.told);
  }

  untilTold(word: string): Promise<void> {
    return expect.poll(() => this.told(), { ...LIMIT, message: `what ${this.name} is told` }).toContain(word);
  }

  /** Waits until it has joined so often: once, and once for each return to its seat. */
  untilJoined(times: number): Promise<void> {
    const joins = async () => (await this.told()).filter((word) => word === 'joined').length;
    return expect.poll(joins, { ...LIMIT, message: `how often ${this.name} has joined` }).toBe(times);
  }

  /** Waits until the picture of each of the others goes on, by the number in its pixels. */
  async untilPictures(others: number, source: 'camera' | 'screen' = 'camera'): Promise<void> {
    const before = await this.frames(source);
    const goOn = async () => {
      const now = await this.frames(source);
      return [...now].filter(([peer, frame]) => frame > (before.get(peer) ?? -1)).length;
    };
    const message = `whose ${source} ${this.name} sees going on`;
    await expect.poll(goOn, { ...LIMIT, intervals: [100], message }).toBe(others);
  }

  /** The frame shown of each who is seen. */
  async frames(source: 'camera' | 'screen' = 'camera'): Promise<Map<string, number>> {
    const pairs = await this.page.evaluate(
      (of) =>
        globalThis.seat.see().flatMap(({ peer }) => {
          const frame = globalThis.seat.frame(peer, of);
          return frame === undefined ? [] : [[peer, frame] as [string, number]];
        }),
      source,
    );
    return new Map(pairs);
  }
}
