import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Opened } from '../../rtc/recording/open.ts';
import { pickUp } from '../handoff.ts';
import { readFile } from './reader.ts';
import { ReplayView } from './view.ts';

/** The first run that was opened, and the one that it is compared with. */
export const places = ['a', 'b'] as const;
export type Place = (typeof places)[number];

const SAMPLE = '/recordings/first-call.peerscope.json';

/** The name of a recording that comes with this site; undefined for any other path, or one that leads elsewhere. */
export const ownRecording = (path: string): string | undefined =>
  /^\/(?:natlab|recordings)\/([a-z0-9][a-z0-9.-]{0,90}\.json(?:\.gz)?)$/.exec(path)?.[1];

/** What the replay page shows: nothing yet, one run, or two side by side. */
export class ReplaySession {
  readonly a = signal<ReplayView | null>(null);
  readonly b = signal<ReplayView | null>(null);
  /** The name of the file that is being read. */
  readonly reading = signal<string | null>(null);
  /** What was wrong with the latest file; what was open stays open. */
  readonly problem = signal<string | null>(null);
  /** The part of the page that shows runs, once one was opened: the panels weigh more than the welcome. */
  readonly runs = signal<ComponentType<{ session: ReplaySession }> | null>(null);

  /** Opens a file in a place. Never rejects: what is wrong ends up in {@link problem}. */
  async open(blob: Blob, name: string, place: Place = 'a'): Promise<void> {
    await this.#take(name, place, () => readFile(blob, name));
  }

  async openText(text: string, place: Place = 'a'): Promise<void> {
    await this.open(new Blob([text]), 'The pasted text', place);
  }

  async openSample(place: Place = 'a'): Promise<void> {
    await this.#take('the sample', place, async () => {
      const answer = await fetch(SAMPLE);
      if (!answer.ok)
        return { ok: false, problem: 'The sample could not be loaded. Is the server still running?' };
      return readFile(await answer.blob(), 'the sample');
    });
  }

  /**
   * Opens a recording that comes with this site.
   *
   * @param path from the address, `?file=/natlab/…`; anything but a recording of this site is refused
   */
  async openOwn(path: string): Promise<void> {
    const name = ownRecording(path);
    if (name === undefined) {
      this.problem.value =
        'The address of this page names a file that is not a recording of this site. Open files of your own with the button.';
      return;
    }
    await this.#take(name, 'a', async () => {
      const answer = await fetch(path);
      if (answer.ok) return readFile(await answer.blob(), name);
      return { ok: false, problem: `There is no recording “${name}” on this server.` };
    });
  }

  /** Opens what a lab laid down for this tab. @param key from the address, `#run=…` */
  async openLaidDown(key: string): Promise<void> {
    await this.#take('the run', 'a', async () => {
      const kept = await pickUp(key);
      const gone =
        'The run of that address is no longer kept: it stays in this browser for a day. Save runs that you want to keep.';
      return kept ? readFile(new Blob([kept.text]), kept.name) : { ok: false, problem: gone };
    });
  }

  /** Takes a run away; the other one stays. */
  close(place: Place): void {
    if (place === 'a') this.a.value = this.b.value;
    this.b.value = null;
    this.problem.value = null;
  }

  async #take(name: string, place: Place, read: () => Promise<Opened>): Promise<void> {
    this.reading.value = name;
    this.problem.value = null;
    try {
      const opened = await read();
      if (opened.ok) {
        const { Runs } = await import('./run-view.tsx');
        this.runs.value = Runs;
        this[place].value = new ReplayView(opened.recording, place);
      } else this.problem.value = opened.problem;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.problem.value = `${name} could not be opened: ${words}.`;
    }
    this.reading.value = null;
  }
}
