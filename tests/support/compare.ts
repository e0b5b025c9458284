import { buildSync } from 'esbuild';
import type { Page } from 'playwright/test';
import type { CompareSession } from '../../src/lab-kit/compare/session.ts';
import type { Entry, EntryKind, EntryOf } from '../../src/rtc/timeline.ts';
import { expect } from './lab.ts';

type ComparePage = HTMLElement & { load(): Promise<CompareSession> };
export type ColumnName = 'raw' | 'peerjs';
export const columnNames = ['raw', 'peerjs'] as const satisfies readonly ColumnName[];

/** What a column came to, as the page has it. */
export interface Came {
  readonly entries: readonly Entry[];
  readonly measures: Readonly<Record<string, number | undefined>>;
  readonly hidden: readonly string[];
  /** What the page shows: of each measure that it shows, the value and how it stands to the left column. */
  readonly shown: Readonly<Record<string, { readonly value: string | null; readonly words: string | null }>>;
}

/** What somebody sees, read from the pixels. */
export interface Sight {
  /** Whose picture it is, by the picture itself: `alice`, `desk`; null where it cannot be read. */
  readonly tag: string | null;
  /** The mean of all pixels, 0 … 255 each. */
  readonly colour: readonly [red: number, green: number, blue: number];
}

const [reader] = buildSync({
  entryPoints: ['src/rtc/media/frame-code.ts'],
  bundle: true,
  write: false,
  format: 'iife',
  globalName: 'frameCode',
}).outputFiles;
declare const frameCode: typeof import('../../src/rtc/media/frame-code.ts');

interface Held {
  /** Moments that are to be pressed and wait for the test. */
  heldMoments?: Set<string>;
}

/** Drives one task of the comparison in both columns. */
export class CompareDriver {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens the page of a task and starts it. Its moments are pressed by themselves, less those that the test `holds`. */
  async start(task: string, holds: readonly string[] = []): Promise<void> {
    await this.#page.goto(`/compare/?task=${task}`);
    await this.#page.evaluate(async (held) => {
      const session = await document.querySelector<ComparePage>('compare-page')!.load();
      const press = session.press.bind(session);
      (window as Held).heldMoments = new Set(held);
      session.press = (id) => {
        if (!(window as Held).heldMoments?.has(id)) press(id);
      };
      void session.start();
    }, holds);
  }

  /** Presses a moment that the test holds, once it has come. */
  async press(id: string): Promise<void> {
    await expect
      .poll(() =>
        this.#page.evaluate(async (moment) => {
          const session = await document.querySelector<ComparePage>('compare-page')!.load();
          return session.moments.value.find((one) => one.id === moment)?.state;
        }, id),
      )
      .toBe('ready');
    await this.#page.evaluate(async (moment) => {
      (window as Held).heldMoments?.delete(moment);
      (await document.querySelector<ComparePage>('compare-page')!.load()).press(moment);
    }, id);
  }

  /** Waits until both columns have done the task. Fails with what they tell when one has not. */
  async done(timeoutMs = 40_000): Promise<void> {
    const how = () =>
      this.#page.evaluate(async () => {
        const session = await document.querySelector<ComparePage>('compare-page')!.load();
        return session.columns.value.map(({ id, how, problem }) => {
          const why = problem.value ? `: ${problem.value.message}` : '';
          return `${id} ${how.value}${why}`;
        });
      });
    const areDone = expect.poll(how, { timeout: timeoutMs }).toEqual(['raw done', 'peerjs done']);
    await areDone.catch(async (error: Error) => {
      for (const column of columnNames)
        error.message += `\n${column}:\n${story(await this.entries(column, ...storyKinds))}`;
      throw error;
    });
  }

  /** The record of a column as it is now: of these kinds, since all of it takes a browser a while to hand over. */
  async entries(column: ColumnName, ...kinds: readonly EntryKind[]): Promise<readonly Entry[]> {
    return this.#page.evaluate(
      async ([id, wanted]) => {
        const session = await document.querySelector<ComparePage>('compare-page')!.load();
        const bench = session.columns.value.find((one) => one.id === id)?.bench.value;
        return (bench?.timeline.entries ?? []).filter(({ kind }) => wanted.includes(kind));
      },
      [column, kinds] as const,
    );
  }

  /** What somebody sees of the others now, in the order in which it was first shown. */
  async sights(column: ColumnName, person: string): Promise<readonly Sight[]> {
    const read = async (id: string, name: string): Promise<Sight[]> => {
      const session = await document.querySelector<ComparePage>('compare-page')!.load();
      const shown = session.columns.value.find((one) => one.id === id)?.bench.value?.shown ?? [];
      const streams = new Set(
        shown.flatMap(({ peer, side, stream }) => (peer === name && side === 'remote' ? [stream] : [])),
      );
      return Promise.all(
        [...streams].map(async (stream): Promise<Sight> => {
          const video: HTMLVideoElement = Object.assign(document.createElement('video'), {
            muted: true,
            srcObject: stream,
          });
          await video.play();
          const deadlineMs = performance.now() + 5_000;
          let tag: string | null = null;
          while (tag === null && performance.now() < deadlineMs) {
            await new Promise((resolve) => setTimeout(resolve, 50));
            tag = frameCode.readFrameCode(video)?.peer ?? null;
          }
          const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 18 });
          const context = canvas.getContext('2d');
          context?.drawImage(video, 0, 0, 32, 18);
          const { data = [] } = context?.getImageData(0, 0, 32, 18) ?? {};
          const mean = (channel: number) => {
            let sum = 0;
            for (let at = channel; at < data.length; at += 4) sum += data[at] ?? 0;
            return (sum * 4) / data.length;
          };
          const colour = [mean(0), mean(1), mean(2)] as const;
          video.srcObject = null;
          return { tag, colour };
        }),
      );
    };
    return this.#page.evaluate<Sight[]>(
      `(() => { ${reader?.text ?? ''}; return (${read.toString()})(${JSON.stringify(column)}, ${JSON.stringify(person)}); })()`,
    );
  }

  /** Ends the run, and gives what the page has recorded, measured and drawn of it. */
  async stop(): Promise<Readonly<Record<ColumnName, Came>>> {
    const came = await this.#page.evaluate(async () => {
      const session = await document.querySelector<ComparePage>('compare-page')!.load();
      session.stop();
      // The record is drawn once a frame: this one, and the one in which all is said.
      for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      return session.columns.value.map(({ id, entries, measures }) => {
        const { hidden = [], ...numbers } = measures.value ?? {};
        const rows = [...document.querySelectorAll('tr[data-measure]')].map((row) => {
          const value = row.querySelector(`td[data-column=${id}]`)?.getAttribute('data-value') ?? null;
          const words = row.querySelector(`td[data-against=${id}]`)?.textContent ?? null;
          return [row.getAttribute('data-measure') ?? '', { value, words }] as const;
        });
        return {
          id,
          entries: [...entries.value.list],
          measures: numbers,
          hidden,
          shown: Object.fromEntries(rows),
        };
      });
    });
    const of = (column: ColumnName): Came => {
      const found = came.find(({ id }) => id === column);
      if (!found) throw new Error(`there is no column ${column}`);
      return found;
    };
    return { raw: of('raw'), peerjs: of('peerjs') };
  }
}

/** The entries of a kind, of one participant or of all. */
export const ofKind = <K extends EntryKind>(
  entries: readonly Entry[],
  kind: K,
  person?: string,
): readonly EntryOf<K>[] =>
  entries.filter(
    (entry): entry is EntryOf<K> =>
      entry.kind === kind && (person === undefined || entry.peer.split('/')[0] === person),
  );

const storyKinds = [
  'note',
  'error',
  'connection-state',
  'call-settled',
  'first-frame',
  'peer-opened',
  'peer-closed',
  'signal-sent',
  'track',
] as const satisfies readonly EntryKind[];

/** What a column has come through, for whoever has to find out what it lacks. */
function story(entries: readonly Entry[]): string {
  return entries
    .flatMap((entry) => {
      const at = `  ${Math.round(entry.atMs)} ${entry.peer} ${entry.kind}`;
      if (entry.kind === 'note') return [`${at} ${entry.text}`];
      if (entry.kind === 'error') return [`${at} ${entry.code} ${entry.detail}`];
      if (entry.kind === 'connection-state') return [`${at} ${entry.state}`];
      if (entry.kind === 'call-settled' && !entry.outcome.ok)
        return [`${at} ${entry.method} ${entry.outcome.message}`];
      return ['first-frame', 'peer-opened', 'peer-closed', 'signal-sent', 'track'].includes(entry.kind)
        ? [at]
        : [];
    })
    .join('\n');
}

/** The notes of a participant: what its code has told. */
export const told = (entries: readonly Entry[], person: string): readonly string[] =>
  ofKind(entries, 'note', person).map(({ text }) => text);

/** Frames that each connection has decoded by its latest statistics, by its label. */
export function decoded(entries: readonly Entry[]): Readonly<Record<string, number>> {
  const frames: Record<string, number> = {};
  for (const { peer, sample } of ofKind(entries, 'stats'))
    frames[peer] = sample.inbound.reduce((sum, { framesDecoded = 0 }) => sum + framesDecoded, 0);
  return frames;
}
