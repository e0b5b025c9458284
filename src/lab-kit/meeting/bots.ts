import { effect, signal } from '@preact/signals';
import { BrowserBots, type BrowserBot } from '../../rtc/meeting/bots.ts';
import type { Meeting } from '../../rtc/meeting/meeting.ts';
import { RoomError } from '../../rtc/signaling/room-client.ts';
import { roomOf, type MeetingSession } from './session.ts';

const all = new WeakMap<MeetingSession, Bots>();

/** The bots of a session; one for each, whoever asks. */
export function botsOf(session: MeetingSession): Bots {
  const known = all.get(session) ?? new Bots(session);
  all.set(session, known);
  return known;
}

/** Synthetic participants, so that somebody who is alone can see a full meeting. They leave with whoever invited them. */
export class Bots {
  /** Those that this page plays. */
  readonly here = signal<readonly BrowserBot[]>([]);
  /** One is on its way. */
  readonly isAdding = signal(false);
  readonly #session: MeetingSession;
  #browser: BrowserBots | undefined;

  constructor(session: MeetingSession) {
    this.#session = session;
    let stay = new AbortController();
    const stop = effect(() => {
      stay.abort();
      stay = new AbortController();
      this.here.value = [];
      this.#browser = session.meeting.value ? this.#open(stay.signal) : undefined;
    });
    session.signal.addEventListener(
      'abort',
      () => {
        stop();
        stay.abort();
      },
      { once: true },
    );
  }

  /** One whose connections and encoders run in this browser. */
  addHere(): Promise<void> {
    return this.#add(() => this.#browser?.add());
  }

  /** One in the server's process: it costs this browser one connection. */
  addThere(): Promise<void> {
    return this.#add(() => this.#session.meeting.value?.room.invite());
  }

  /** Sends away those of this page, and those of the server that may be sent away. */
  async dismissAll(): Promise<void> {
    this.#browser?.close();
    const room = this.#session.meeting.value?.room;
    const there = this.#session.people.value.filter(({ member }) => member.bot);
    for (const { peer } of there) await this.#attempt(async () => room?.dismiss(peer));
  }

  #open(signal: AbortSignal): BrowserBots {
    const { mid, people } = this.#session;
    const bots = new BrowserBots({
      url: location.origin,
      room: roomOf(mid),
      names: () => people.value.map(({ member }) => member.name),
      signal,
    });
    bots.on('bots', (list) => (this.here.value = list));
    return bots;
  }

  async #add(add: () => Promise<unknown> | undefined): Promise<void> {
    if (this.isAdding.value) return;
    this.isAdding.value = true;
    await this.#attempt(async () => add());
    this.isAdding.value = false;
  }

  async #attempt(act: () => Promise<unknown>): Promise<void> {
    const meeting: Meeting | null = this.#session.meeting.value;
    try {
      await act();
    } catch (error) {
      if (this.#session.meeting.value !== meeting) return; // we have left since
      this.#session.notices.tell(error instanceof RoomError ? error.help : String(error), {
        urgency: 'assertive',
      });
    }
  }
}
