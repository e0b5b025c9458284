import { signal } from '@preact/signals';
import { toRtcError } from '../../rtc/errors.ts';
import type { Bench } from '../../rtc/bench.ts';
import { examineFile, WHOLE, type Cell, type Examined } from '../../rtc/media/examine-file.ts';
import { place } from '../../rtc/meeting/media/compositor.ts';

/** Pixels of the composed picture: what a computer encodes beside a meeting. */
export const SIZE = { width: 640, height: 360 } as const;

/** A recorder at work, and what will come of it. */
export interface Recording {
  readonly name: string;
  readonly recorder: MediaRecorder;
  readonly file: Promise<Blob>;
}

/** A file, and what was found in it; undefined while it is looked at, a sentence when it cannot be. */
export interface KeptFile {
  readonly name: string;
  readonly blob: Blob;
  readonly found: Examined | string | undefined;
}

/** The buttons between the panel and the run. */
export class Desk {
  /** Who is in the meeting; empty until it can be recorded. */
  readonly people = signal<readonly string[]>([]);
  readonly state = signal<'off' | 'recording' | 'finishing'>('off');
  /** By `performance.now()`. */
  readonly sinceMs = signal(0);
  readonly files = signal<readonly KeptFile[]>([]);
  readonly problem = signal('');
  readonly #signal: AbortSignal;
  #begin: (() => Recording[]) | undefined;
  #running: readonly Recording[] = [];

  constructor(ends: AbortSignal) {
    this.#signal = ends;
    ends.addEventListener('abort', () => void this.stop(), { once: true });
  }

  open(people: readonly string[], begin: () => Recording[]): void {
    this.people.value = people;
    this.#begin = begin;
  }

  record(): void {
    if (!this.#begin || this.state.value !== 'off' || this.#signal.aborted) return;
    this.files.value = [];
    this.problem.value = '';
    try {
      this.#running = this.#begin();
      this.sinceMs.value = performance.now();
      this.state.value = 'recording';
    } catch (error) {
      this.problem.value = toRtcError(error).message;
    }
  }

  async stop(): Promise<void> {
    if (this.state.value !== 'recording') return;
    this.state.value = 'finishing';
    // All at the same moment, each file when it is whole.
    for (const { recorder } of this.#running) if (recorder.state !== 'inactive') recorder.stop();
    const files = await Promise.all(
      this.#running.map(async ({ name, file }) => ({ name, blob: await file })),
    );
    this.files.value = files.map((file) => ({ ...file, found: undefined }));
    // One after the other: to play three at once is more than some computers can.
    for (const { name, blob } of files) {
      const found = await this.#look(name, blob);
      this.files.value = this.files.value.map((file) => (file.name === name ? { ...file, found } : file));
    }
    this.state.value = 'off';
  }

  async #look(name: string, blob: Blob): Promise<Examined | string> {
    try {
      return await examineFile(blob, cellsOf(name, this.people.value), AbortSignal.any([]));
    } catch (error) {
      return toRtcError(error).message;
    }
  }
}

/** Where in a file somebody's picture is: everybody's cell in the composed one, else the whole. */
export function cellsOf(name: string, people: readonly string[]): readonly Cell[] {
  if (name !== 'meeting') return [WHOLE];
  const portraits = people.map((id) => ({ id, name: id, camera: null, screen: null, sounds: [] }));
  return place(portraits, SIZE).map(({ rect: { x, y, width, height } }) => ({
    x: x / SIZE.width,
    y: y / SIZE.height,
    width: width / SIZE.width,
    height: height / SIZE.height,
  }));
}

const desks = new WeakMap<Bench<never> | Bench, Desk>();

/** The buttons of a run; the same ones for the run and for its panel. */
export function deskOf(bench: Bench<never> | Bench): Desk {
  const desk = desks.get(bench) ?? new Desk(bench.signal);
  desks.set(bench, desk);
  return desk;
}
