import { signal, type ReadonlySignal } from '@preact/signals';
import type { Bench } from '../../rtc/index.ts';

/** What a recorder has done so far. */
export interface Take {
  readonly state: RecordingState;
  /** As the recorder says it; some say it only when they have begun. */
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly pieces: number;
  /** Whole milliseconds that were recorded before the latest pause or stop. */
  readonly beforeMs: number;
  /** Since when it runs, by `performance.now()`; undefined while it does not. */
  readonly sinceMs?: number;
  /** Why there is no recording, in words. */
  readonly problem?: string;
}

/** What the panel of the lab works with: one recorder after the other, and the file of the last one. */
export interface Reel {
  readonly take: ReadonlySignal<Take>;
  readonly file: ReadonlySignal<Blob | undefined>;
  readonly record: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly stop: () => void;
  readonly show: (file: Blob) => void;
}

const reels = new WeakMap<Bench<never> | Bench, Reel>();

/** The reel of a run, once there is something to record. */
export const reelOf = (bench: Bench | null): Reel | undefined => (bench ? reels.get(bench) : undefined);

/** How long a take has been recording. @param nowMs by `performance.now()` */
export const takenMs = ({ beforeMs, sinceMs }: Take, nowMs: number): number =>
  beforeMs + (sinceMs === undefined ? 0 : nowMs - sinceMs);

const nothing: Take = { state: 'inactive', mimeType: '', sizeBytes: 0, pieces: 0, beforeMs: 0 };

/** Opens a reel for a run and makes the first take. @param begin makes a recorder and starts it */
export function openReel<C>(bench: Bench<C>, begin: (reel: Reel) => MediaRecorder): void {
  const take = signal<Take>(nothing);
  const file = signal<Blob | undefined>(undefined);
  let recorder: MediaRecorder | undefined;
  const follow = (next: MediaRecorder) => {
    recorder = next;
    const note = (news: Partial<Take> = {}) => {
      const { sinceMs: _, ...before } = take.value;
      const isRunning = next.state === 'recording';
      const beforeMs = takenMs(take.value, performance.now());
      take.value = {
        ...before,
        state: next.state,
        mimeType: next.mimeType || before.mimeType,
        beforeMs,
        ...(isRunning && { sinceMs: performance.now() }),
        ...news,
      };
    };
    for (const name of ['start', 'pause', 'resume', 'stop'] as const)
      next.addEventListener(name, () => note());
    next.addEventListener('dataavailable', ({ data }) =>
      note({
        sizeBytes: take.value.sizeBytes + data.size,
        pieces: take.value.pieces + 1,
        ...(data.type && { mimeType: data.type }),
      }),
    );
    next.addEventListener('error', (event) => {
      // Its type says Event; by the standard it is an ErrorEvent with the reason.
      const { error } = event as Partial<ErrorEvent>;
      note({
        problem: `The recorder gave up: ${error instanceof Error ? error.message : 'it does not say why'}`,
      });
    });
  };
  const reel: Reel = {
    take,
    file,
    record: () => {
      if (recorder && recorder.state !== 'inactive') return;
      take.value = nothing;
      file.value = undefined;
      try {
        follow(begin(reel));
      } catch (error) {
        const { name, message } = error as DOMException;
        take.value = { ...nothing, problem: `${name}: ${message}` };
      }
    },
    pause: () => recorder?.pause(),
    resume: () => recorder?.resume(),
    stop: () => {
      if (recorder?.state !== 'inactive') recorder?.stop();
    },
    show: (whole) => (file.value = whole),
  };
  reels.set(bench, reel);
  bench.signal.addEventListener('abort', () => reel.stop(), { once: true });
  reel.record();
}
