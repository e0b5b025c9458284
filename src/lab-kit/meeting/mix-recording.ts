import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { mixKept, type MixRecording } from '../../protocol/middlebox.ts';
import { never } from '../../rtc/never.ts';
import type { RoomClient } from '../../rtc/signaling/room-client.ts';
import {
  doneWords,
  failedWords,
  recordsWords,
  refusalWords,
  silentWords,
  whatIsKept,
  type Measure,
} from './mix-recording-words.ts';
import type { MeetingSession } from './session.ts';

/** The server tells of a recording once a second. After so long without a word it is taken for ended. Milliseconds. */
const SILENCE_MS = 15_000;
const LESSON = '/lessons/topologies/meeting-file/#in-a-page-or-on-a-server';

/** One that goes on. Times are of this page's clock, in milliseconds since 1970. */
export interface RunningMix extends Measure {
  readonly begunMs: number;
}

/** One that can be fetched. */
export interface KeptMix extends RunningMix {
  readonly path: string;
  /** The server deletes it then. */
  readonly untilMs: number;
  /** It lies over the stage; otherwise in the menu only. */
  readonly isShown: boolean;
}

/** What is needed of a session. */
export type MixSession = Pick<MeetingSession, 'self' | 'people' | 'topology' | 'notices' | 'signal'> & {
  readonly meeting: ReadonlySignal<{ readonly room: Pick<RoomClient, 'on' | 'recordMix'> } | null>;
};

const all = new WeakMap<MixSession, MixRecordings>();

/** What the server records of a session; one for each, whoever asks. It listens as long as the session lasts. */
export function mixRecordingsOf(session: MixSession): MixRecordings {
  const known = all.get(session) ?? new MixRecordings(session);
  all.set(session, known);
  return known;
}

/** The recordings of the mix on the server: what everybody is told of them, and what the host may ask for. */
export class MixRecordings {
  readonly running = signal<RunningMix | null>(null);
  /** The latest first. They outlive our seat in the meeting. */
  readonly kept = signal<readonly KeptMix[]>([]);
  /** The server has been asked to begin or to end. */
  readonly asked = signal<'begin' | 'end' | null>(null);
  /** One went on when we left. */
  readonly hasGoneOn = signal(false);
  readonly #session: MixSession;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(session: MixSession) {
    this.#session = session;
    let off = () => {};
    const stop = effect(() => {
      const { value: meeting } = session.meeting;
      off();
      clearTimeout(this.#silence);
      this.hasGoneOn.value = !meeting && this.running.peek() !== null;
      this.running.value = null;
      this.asked.value = null;
      off = meeting?.room.on('mix-recording', (recording) => this.#hear(recording)) ?? (() => {});
    });
    session.signal.addEventListener(
      'abort',
      () => {
        stop();
        off();
        clearTimeout(this.#silence);
      },
      { once: true },
    );
  }

  /** The host: by name, `you`, or null while there is none. */
  get host(): string | null {
    const { self, people } = this.#session;
    if (self.value?.role === 'host') return 'you';
    return people.value.find(({ member }) => member.role === 'host')?.member.name ?? null;
  }

  /** Whether this participant may begin and end one now. */
  get canAsk(): boolean {
    const { self, topology } = this.#session;
    return self.value?.role === 'host' && topology.value === 'mcu';
  }

  /** Asks the server to begin or to end; a refusal is told. */
  async ask(to: 'begin' | 'end'): Promise<void> {
    const room = this.#session.meeting.value?.room;
    if (!room || this.asked.value) return;
    this.asked.value = to;
    try {
      await room.recordMix(to === 'begin');
      // What is ended is complete a moment later: until then there is nothing more to ask.
      if (to === 'begin') this.asked.value = null;
    } catch (error) {
      this.asked.value = null;
      this.#session.notices.tell(refusalWords(error), { urgency: 'assertive', lesson: LESSON });
    }
  }

  /** Takes one away from over the stage. */
  putAway(path: string): void {
    this.kept.value = this.kept.value.map((one) => (one.path === path ? { ...one, isShown: false } : one));
  }

  #hear({ state, seconds, sizeBytes, path, why }: MixRecording): void {
    const nowMs = Date.now();
    const begunMs = this.running.value?.begunMs ?? nowMs - seconds * 1_000;
    clearTimeout(this.#silence);
    switch (state) {
      case 'on':
        if (!this.running.value) this.#begin();
        this.running.value = { begunMs, seconds, sizeBytes };
        this.#silence = setTimeout(() => this.#end(silentWords), SILENCE_MS);
        return;
      case 'done':
        if (path === null) return this.#end(failedWords(why));
        return this.#keep(
          { begunMs, seconds, sizeBytes, path, untilMs: nowMs + mixKept.ms, isShown: true },
          why,
        );
      case 'failed':
        return this.#end(failedWords(why));
      default:
        never(state);
    }
  }

  #begin(): void {
    // The oldest has given way on the server.
    this.kept.value = this.kept.value.slice(0, mixKept.ofRoom - 1);
    this.#session.notices.tell(`${recordsWords(this.host)} ${whatIsKept}`, {
      urgency: 'assertive',
      lesson: LESSON,
    });
  }

  /** Ends without a file. */
  #end(words: string): void {
    this.running.value = null;
    this.asked.value = null;
    this.#session.notices.tell(words, { urgency: 'assertive' });
  }

  #keep(mix: KeptMix, why: string | null): void {
    this.running.value = null;
    this.asked.value = null;
    this.kept.value = [mix, ...this.kept.value.filter(({ path }) => path !== mix.path)];
    this.#session.notices.tell(doneWords(mix, mix.untilMs, why));
    const gone = setTimeout(() => {
      this.kept.value = this.kept.value.filter(({ path }) => path !== mix.path);
    }, mixKept.ms);
    this.#session.signal.addEventListener('abort', () => clearTimeout(gone), { once: true });
  }
}
