import { RtcError, toRtcError } from '../../errors.ts';
import { Emitter } from '../emitter.ts';
import { Compositor, type CompositorOptions, type Portrayed } from './compositor.ts';
import { openStore, type RecordingStore } from './recording-store.ts';

/** A file that has been recorded. */
export interface RecordedFile {
  readonly blob: Blob;
  /** `meeting-2026-05-31-14-05.webm`, local time. */
  readonly name: string;
  /** Without the pauses. */
  readonly seconds: number;
  /** False where the browser runs no audio graph: without a sound device in Firefox. */
  readonly sound: boolean;
}

/** How far a recording is. Immutable: each change is another object. */
export type RecordingStatus =
  | {
      readonly is: 'off';
      /** The last one, to be downloaded; null before the first. */
      readonly file: RecordedFile | null;
      /** Why there is no (whole) recording; null when all went well. */
      readonly problem: RtcError | null;
    }
  | {
      readonly is: 'recording' | 'paused' | 'finishing';
      /** What is written, as the browser says it. */
      readonly mimeType: string;
      /** Recorded so far, without the pauses; newer once a second. */
      readonly seconds: number;
      readonly bytes: number;
      /** Frames a second: fewer than at first on a computer that is busy. */
      readonly frameRate: number;
      /** Whether the voices are in it; see {@link RecordedFile}. */
      readonly sound: boolean;
      readonly kept: RecordingStore['kept'];
      /** It ends by itself before it grows beyond this, bytes; null where only the disk limits it. */
      readonly limitBytes: number | null;
    };

export interface MeetingRecorderOptions extends Omit<CompositorOptions, 'signal'> {
  /** Ends a recording that runs. Stop it first to have its file. */
  readonly signal: AbortSignal;
  /** Where it is written to; a file on disk where the browser has one for pages, when left out. */
  readonly store?: (name: string) => Promise<RecordingStore>;
}

/** A piece a second: so much is lost at most when the tab is. */
const PIECE_MS = 1000;
const VIDEO_BPS = 2_500_000;
const AUDIO_BPS = 96_000;

/**
 * In the order of our liking. VP8 costs the least, and this browser encodes for all the others at the same time;
 * Safari before 18.4 writes MP4 only. Firefox 153 writes nothing at all, and does not say so, when a codec is named for
 * a track that is not there.
 */
const wanted = {
  sound: ['video/webm;codecs=vp8,opus', 'video/webm', 'video/mp4;codecs=avc1.42E01E,mp4a.40.2', 'video/mp4'],
  silent: ['video/webm;codecs=vp8', 'video/webm', 'video/mp4;codecs=avc1.42E01E', 'video/mp4'],
} as const;

/** What this browser can write; undefined when it can write nothing. @param sound whether there is a track of it */
function recordableType(sound: boolean): string | undefined {
  if (typeof MediaRecorder === 'undefined') return undefined;
  return wanted[sound ? 'sound' : 'silent'].find((type) => MediaRecorder.isTypeSupported(type));
}

interface Take {
  readonly recorder: MediaRecorder;
  readonly compositor: Compositor;
  readonly store: RecordingStore;
  readonly name: string;
  readonly sound: boolean;
  readonly end: AbortController;
  readonly done: Promise<void>;
  bytes: number;
  /** Milliseconds before the latest pause. */
  beforeMs: number;
  /** Since when it runs, by `performance.now()`; undefined while it is paused. */
  sinceMs: number | undefined;
  problem: RtcError | null;
}

/**
 * Records a meeting in this browser: all pictures on one canvas, all sounds in one track, in a file.
 *
 * The others have to be told. That is the caller's: it knows them.
 */
export class MeetingRecorder {
  readonly #options: MeetingRecorderOptions;
  readonly #events = new Emitter<{ change: RecordingStatus }>();
  readonly on = this.#events.on;
  #take: Take | undefined;
  #isStarting = false;
  #people: readonly Portrayed[] = [];
  #status: RecordingStatus = { is: 'off', file: null, problem: null };

  constructor(options: MeetingRecorderOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => void this.stop(), { once: true });
  }

  get status(): RecordingStatus {
    return this.#status;
  }

  /** Whether something is recorded at the moment, pauses included: what the others are to be told. */
  get isRecording(): boolean {
    return this.#take !== undefined;
  }

  /** Who is there now. To be called again whenever that changes, or what they send does. */
  show(people: readonly Portrayed[]): void {
    this.#people = people;
    this.#take?.compositor.show(people);
  }

  /** Begins. What goes wrong stands in the status; it does nothing while a recording runs. */
  async start(): Promise<void> {
    if (this.#take || this.#isStarting || this.#options.signal.aborted) return;
    this.#isStarting = true;
    const end = new AbortController();
    try {
      const compositor = new Compositor({ ...this.#options, signal: end.signal });
      compositor.show(this.#people);
      const sound = await compositor.hasSound();
      const mimeType = recordableType(sound);
      if (!mimeType) throw new RtcError('media-unsupported', 'This browser records nothing.');
      const name = fileName(new Date(), mimeType);
      const store = await (this.#options.store ?? openStore)(name);
      if (this.#options.signal.aborted) throw new RtcError('stopped');
      const { stream } = compositor;
      const recorder = new MediaRecorder(sound ? stream : new MediaStream(stream.getVideoTracks()), {
        mimeType,
        videoBitsPerSecond: VIDEO_BPS,
        audioBitsPerSecond: AUDIO_BPS,
      });
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const take: Take = {
        recorder,
        compositor,
        store,
        name,
        sound,
        end,
        done,
        bytes: 0,
        beforeMs: 0,
        sinceMs: performance.now(),
        problem: null,
      };
      recorder.addEventListener('dataavailable', ({ data }) => void this.#keep(take, data));
      recorder.addEventListener('error', (event) => {
        // Its type says Event; by the standard it is an ErrorEvent with the reason.
        take.problem ??= toRtcError((event as Partial<ErrorEvent>).error ?? new Error('it does not say why'));
      });
      recorder.addEventListener('stop', () => void this.#finish(take).finally(resolve), { once: true });
      recorder.start(PIECE_MS);
      this.#take = take;
      this.#publish(take);
    } catch (error) {
      end.abort();
      this.#set({ is: 'off', file: null, problem: toRtcError(error) });
    } finally {
      this.#isStarting = false;
    }
  }

  pause(): void {
    const take = this.#take;
    if (take?.recorder.state !== 'recording') return;
    take.recorder.pause();
    take.beforeMs = recordedMs(take);
    take.sinceMs = undefined;
    this.#publish(take);
  }

  resume(): void {
    const take = this.#take;
    if (take?.recorder.state !== 'paused') return;
    take.recorder.resume();
    take.sinceMs = performance.now();
    this.#publish(take);
  }

  /** Ends it. @returns the file, also of the one that has ended before; undefined when there is none */
  async stop(): Promise<RecordedFile | undefined> {
    const take = this.#take;
    if (take) {
      if (take.recorder.state !== 'inactive') take.recorder.stop();
      this.#stopClock(take);
      this.#publish(take);
      await take.done;
    }
    return (this.#status.is === 'off' && this.#status.file) || undefined;
  }

  async #keep(take: Take, piece: Blob): Promise<void> {
    if (piece.size === 0 || take.problem) return;
    try {
      await take.store.append(piece);
      take.bytes += piece.size;
      if (take.recorder.state !== 'inactive') this.#publish(take);
    } catch (error) {
      take.problem ??= new RtcError(
        'unexpected',
        'There is no room for more: the recording ends here. What was recorded before is in the file.',
        { cause: error },
      );
      void this.stop();
    }
  }

  async #finish(take: Take): Promise<void> {
    this.#stopClock(take);
    this.#publish(take);
    let file: RecordedFile | null = null;
    try {
      const type = take.recorder.mimeType;
      const blob = await take.store.finish(type);
      if (blob.size > 0)
        file = { blob, name: take.name, seconds: recordedMs(take) / 1000, sound: take.sound };
    } catch (error) {
      take.problem ??= toRtcError(error);
    }
    take.end.abort();
    this.#take = undefined;
    this.#set({ is: 'off', file, problem: take.problem });
  }

  #stopClock(take: Take): void {
    take.beforeMs = recordedMs(take);
    take.sinceMs = undefined;
  }

  #publish(take: Take): void {
    const { recorder, compositor, store, bytes, sound } = take;
    this.#set({
      is: recorder.state === 'inactive' ? 'finishing' : recorder.state,
      mimeType: recorder.mimeType,
      seconds: recordedMs(take) / 1000,
      bytes,
      frameRate: compositor.frameRate,
      sound,
      kept: store.kept,
      limitBytes: store.limitBytes,
    });
  }

  #set(status: RecordingStatus): void {
    this.#status = status;
    this.#events.emit('change', status);
  }
}

const recordedMs = ({ beforeMs, sinceMs }: Take): number =>
  beforeMs + (sinceMs === undefined ? 0 : performance.now() - sinceMs);

/** @param at in local time */
function fileName(at: Date, mimeType: string): string {
  const parts = [
    at.getFullYear(),
    at.getMonth() + 1,
    at.getDate(),
    at.getHours(),
    at.getMinutes(),
    at.getSeconds(),
  ];
  const stamp = parts.map((part) => String(part).padStart(2, '0')).join('-');
  return `meeting-${stamp}.${mimeType.startsWith('video/mp4') ? 'mp4' : 'webm'}`;
}

/** Hands a recorded file to the person, as a download. */
export function download({ blob, name }: RecordedFile): void {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // The browser reads it after the click; a minute is plenty to begin.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
