import { buildSync } from 'esbuild';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright/test';
import type { MeetingSession } from '../../src/lab-kit/meeting/session.ts';
import { peerTag } from '../../src/rtc/media/frame-code.ts';
import { toneOf } from '../../src/rtc/media/tone.ts';
import { expect } from './lab.ts';

type MeetPage = HTMLElement & { load(): Promise<MeetingSession> };

/** The project's own readers of pictures and sounds, as one script. */
const [script] = buildSync({
  stdin: {
    contents:
      "export { readFrameCode } from './src/rtc/media/frame-code.ts'; export { tonesIn } from './src/rtc/media/levels.ts';",
    resolveDir: process.cwd(),
    loader: 'ts',
  },
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'readers',
}).outputFiles;

declare const readers: {
  readFrameCode: typeof import('../../src/rtc/media/frame-code.ts').readFrameCode;
  tonesIn: typeof import('../../src/rtc/media/levels.ts').tonesIn;
};

/** What a tile shows, read from its pixels. */
export interface Seen {
  /** Of the tile: a peer's id or `self`, and `camera` or `screen`. */
  readonly key: string;
  /** As it stands on the tile. */
  readonly title: string;
  /** Whose picture it is, by the picture itself: the first letters of a name. Null: no readable picture. */
  readonly tag: string | null;
  readonly frame: number;
  /** Of the drawn background, 0 … 359 degrees. */
  readonly hue: number;
}

/** A tile as the page describes it. */
export interface TileState {
  readonly title: string;
  readonly muted: boolean;
  readonly camera: boolean;
  readonly speaking: boolean;
}

export interface JoinOptions {
  /** More of the address: `{ media: 'synthetic' }` is always there. */
  readonly query?: Record<string, string>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** More of the browser's context. */
  readonly context?: BrowserContextOptions;
}

/** Several pages are drawn by one processor: small ones leave it time for their pictures. Wide enough for all buttons. */
const SMALL = { width: 900, height: 560 };

/** One participant of a meeting: a browser context with the page of the meeting. */
export class Participant implements AsyncDisposable {
  readonly page: Page;
  readonly name: string;
  readonly #context: BrowserContext;
  /** What the page threw; must stay empty. */
  readonly thrown: string[] = [];

  constructor(context: BrowserContext, page: Page, name: string) {
    this.#context = context;
    this.page = page;
    this.name = name;
    page.on('pageerror', (error) => this.thrown.push(error.message));
  }

  /** Opens the page of a meeting, with synthetic media and a name, and stops before it joins. */
  static async open(
    browser: Browser,
    url: string,
    mid: string,
    name: string,
    { query = {}, viewport = SMALL, context: more }: JoinOptions = {},
  ): Promise<Participant> {
    const context = await browser.newContext({ ...more, baseURL: url, viewport });
    const participant = new Participant(context, await context.newPage(), name);
    const search = new URLSearchParams({ mid, name, media: 'synthetic', ...query });
    await participant.page.goto(`/meet/?${search}`);
    await expect(participant.joinButton).toBeVisible();
    return participant;
  }

  get joinButton() {
    return this.page.getByRole('button', { name: 'Join', exact: true });
  }

  /** Presses Join, and waits until it is in. */
  async join(): Promise<this> {
    await this.joinButton.click();
    await this.untilIn();
    return this;
  }

  async untilIn(): Promise<void> {
    await expect(this.page.getByRole('toolbar', { name: 'Meeting' })).toBeVisible();
  }

  /** Presses Leave. */
  async leave(): Promise<void> {
    await this.page.getByRole('button', { name: 'Leave the meeting' }).click();
    await expect(this.page.getByRole('heading', { name: 'You have left the meeting.' })).toBeVisible();
  }

  /** The tile of somebody, by name; of oneself by «name (you)». */
  tile(name: string, of: 'camera' | 'screen' = 'camera') {
    return this.page.locator(`.meet-tile[data-of=${of}]`).filter({
      has: this.page.locator('.meet-name', {
        hasText: exactly(of === 'screen' ? `Screen of ${name}` : name),
      }),
    });
  }

  /** What all tiles in sight show at this moment. */
  seen(): Promise<Seen[]> {
    return this.#read(() => {
      const canvas = new OffscreenCanvas(1, 1);
      const context = canvas.getContext('2d', { willReadFrequently: true })!;
      return [...document.querySelectorAll<HTMLElement>('.meet-tile')].map((tile) => {
        const video = tile.querySelector('video');
        const code = video ? readers.readFrameCode(video) : undefined;
        let hue = NaN;
        if (video && code) {
          context.drawImage(video, 2, 2, 2, 2, 0, 0, 1, 1);
          const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
          const x = Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue);
          hue = Math.round(((x * 180) / Math.PI + 360) % 360);
        }
        return {
          key: tile.dataset['key'] ?? '',
          title: tile.querySelector('.meet-name')?.textContent ?? '',
          tag: code?.peer ?? null,
          frame: code?.frame ?? 0,
          hue,
        };
      });
    });
  }

  /**
   * Waits until the cameras of exactly these others are seen: each in a tile under its name, with its own picture, read
   * from the pixels, that goes on.
   */
  async untilSees(...names: readonly string[]): Promise<void> {
    const first = new Map<string, number>();
    const wanted = names.map((name) => `${name}: ${peerTag(name)}, goes on`).toSorted();
    await expect
      .poll(
        async () =>
          (await this.seen())
            .filter(({ key }) => key.endsWith(':camera') && !key.startsWith('self:'))
            .map(({ key, title, tag, frame }) => {
              if (tag === null) return `${title}: no picture`;
              const from = first.get(key) ?? frame;
              first.set(key, from);
              return `${title}: ${tag}${frame > from ? ', goes on' : ''}`;
            })
            .toSorted(),
        { timeout: 30_000, message: `what ${this.name} sees` },
      )
      .toEqual(wanted);
  }

  /** Waits until a tile's picture goes on from now. */
  async untilGoesOn(name: string, of: 'camera' | 'screen' = 'camera'): Promise<void> {
    const title = of === 'screen' ? `Screen of ${name}` : name;
    const look = async () =>
      (await this.seen()).find((one) => one.title === title && one.key.endsWith(`:${of}`));
    let from: number | undefined;
    await expect
      .poll(
        async () => {
          const one = await look();
          if (one?.tag === undefined || one.tag === null) return 'no picture';
          from ??= one.frame;
          return one.frame > from;
        },
        { timeout: 30_000, message: `${title}, as ${this.name} sees it` },
      )
      .toBe(true);
  }

  /** The tones in all that this page plays, in Hz, the loudest first. Takes half a second. */
  async tones(): Promise<readonly number[]> {
    return this.#read(async () => {
      const audio = new AudioContext();
      await audio.resume();
      const analyser = new AnalyserNode(audio, { fftSize: 8192, smoothingTimeConstant: 0 });
      for (const element of document.querySelectorAll<HTMLAudioElement>('meet-page audio')) {
        const { srcObject, paused, muted, volume } = element;
        if (!(srcObject instanceof MediaStream) || paused || muted) continue;
        audio
          .createMediaStreamSource(srcObject)
          .connect(new GainNode(audio, { gain: volume }))
          .connect(analyser);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      const levels = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(levels);
      const tones = readers.tonesIn(levels, audio.sampleRate, 8);
      await audio.close();
      return tones.map(({ frequencyHz }) => Math.round(frequencyHz));
    });
  }

  /** Waits until the tones of exactly these people are played. */
  async untilHears(...names: readonly string[]): Promise<void> {
    const wanted = names.map((name) => toneOf(name)).toSorted((a, b) => a - b);
    await expect
      .poll(
        async () =>
          (await this.tones())
            .map((hz) => wanted.find((one) => Math.abs(one - hz) < 12) ?? hz)
            .toSorted((a, b) => a - b),
        { timeout: 30_000, message: `what ${this.name} hears` },
      )
      .toEqual(wanted);
  }

  /** The tiles in sight, as the page describes them. */
  async tiles(): Promise<TileState[]> {
    return this.page.locator('.meet-tile[data-of=camera]').evaluateAll((tiles) =>
      tiles.map((tile) => ({
        title: tile.querySelector('.meet-name')?.textContent ?? '',
        muted: tile.hasAttribute('data-muted'),
        camera: tile.getAttribute('data-camera') === 'true',
        speaking: tile.hasAttribute('data-speaking'),
      })),
    );
  }

  /** The names of the others as the server tells them. */
  async roster(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const session = await document.querySelector<MeetPage>('meet-page')?.load();
      return (session?.people.value ?? []).map(({ member }) => member.name).toSorted();
    });
  }

  /** Presses the button of the toolbar with this label. */
  async press(label: string): Promise<void> {
    await this.page.getByRole('toolbar', { name: 'Meeting' }).getByRole('button', { name: label }).click();
  }

  /** Runs a function with the session of the page. It must not use anything around it. */
  withSession<T, A>(work: (session: MeetingSession, argument: A) => T | Promise<T>, argument: A): Promise<T> {
    return this.page.evaluate(
      `(async () => (${work.toString()})(await document.querySelector('meet-page').load(), ${JSON.stringify(argument)}))()`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
  }

  #read<T>(work: () => T | Promise<T>): Promise<T> {
    return this.page.evaluate<T>(`(() => { ${script?.text ?? ''}; return (${work.toString()})(); })()`);
  }
}

/** Several participants of one meeting; at the end all leave, and none of their pages may have thrown anything. */
export class Gathering implements AsyncDisposable {
  readonly mid: string;
  readonly all: Participant[] = [];
  readonly #browser: Browser;
  readonly #url: string;

  constructor(browser: Browser, url: string, mid = `test-${crypto.randomUUID().slice(0, 8)}`) {
    this.#browser = browser;
    this.#url = url;
    this.mid = mid;
  }

  /** Opens the page for somebody and stops before they join. */
  async open(name: string, options: JoinOptions = {}): Promise<Participant> {
    const participant = await Participant.open(this.#browser, this.#url, this.mid, name, options);
    this.all.push(participant);
    return participant;
  }

  /** Opens the page for each of them, and lets them join one after the other. */
  async join<Names extends readonly string[]>(...names: Names): Promise<{ [N in keyof Names]: Participant }> {
    const joined: Participant[] = [];
    for (const name of names) joined.push(await (await this.open(name)).join());
    return joined as { [N in keyof Names]: Participant };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const thrown = this.all.flatMap(({ name, thrown: errors }) => errors.map((error) => `${name}: ${error}`));
    await Promise.all(this.all.map((participant) => participant[Symbol.asyncDispose]()));
    expect(thrown).toEqual([]);
  }
}

const exactly = (text: string) => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
