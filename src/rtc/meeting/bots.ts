import '../signaling/no-eval.ts';
import { PageId, type PeerId, type RoomId } from '../../protocol/signaling.ts';
import { openSyntheticMedia } from '../media/synthetic.ts';
import { randomId } from '../signaling/rendezvous.ts';
import { RoomError } from '../signaling/room-client.ts';
import { Emitter } from './emitter.ts';
import { noTracks } from './engine.ts';
import { Meeting } from './meeting.ts';

/** A participant that this page plays: everything of it is real but its picture and its tone. */
export interface BrowserBot {
  readonly name: string;
  /** Its own seat, its own connection to each of the others, its own encoders. */
  readonly meeting: Meeting;
}

interface BrowserBotsOptions {
  /** Origin of the server. */
  readonly url: string;
  readonly room: RoomId;
  /** Names that are taken in the room: pages may have bots that do not know of each other. */
  readonly names: () => Iterable<string>;
  /** Sends all of them away when aborted. */
  readonly signal: AbortSignal;
}

/** Bots of one page at a time; there are as many colours and tones. */
const MOST_BROWSER_BOTS = 8;
const picture = { width: 320, height: 180, frameRate: 15 };
const media = { muted: false, camera: true, screen: false, recording: false };

/**
 * Bots in this browser: participants with a seat, connections and encoders of their own, as if each had a page.
 *
 * Nothing of them is spared: n of them and a person make n(n + 1)/2 connections, and this computer carries both ends of
 * each. That is what a mesh costs, twice. Bots of the server cost one connection each.
 */
export class BrowserBots {
  readonly #options: BrowserBotsOptions;
  readonly #events = new Emitter<{ bots: readonly BrowserBot[] }>();
  readonly on = this.#events.on;
  readonly #bots = new Map<BrowserBot, AbortController>();

  constructor(options: BrowserBotsOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.close(), { once: true });
  }

  /** In the order in which they came, those included that are about to take their seat. */
  get list(): readonly BrowserBot[] {
    return [...this.#bots.keys()];
  }

  /**
   * Adds one; resolves when it has its seat, and calls are on their way.
   *
   * @throws {RoomError} `too-many-bots`, or what the server says to any newcomer: `room-full`, …
   */
  async add(): Promise<BrowserBot> {
    const { url, room, signal } = this.#options;
    const name = this.#freeName();
    const end = new AbortController();
    const ended = AbortSignal.any([signal, end.signal]);
    const { stream } = openSyntheticMedia({ peer: name, signal: ended, video: picture });
    const [microphone = null] = stream.getAudioTracks();
    const [camera = null] = stream.getVideoTracks();
    const meeting = new Meeting({
      url,
      room,
      page: PageId.parse(randomId()),
      name,
      signal: ended,
      tracks: { ...noTracks, microphone, camera },
      media,
    });
    const bot: BrowserBot = { name, meeting };
    this.#bots.set(bot, end);
    // Removed by the host, or refused: whatever ends its part in the room ends the bot.
    meeting.room.on('state', ({ state }) => {
      if (state === 'refused' || state === 'closed') this.#end(bot);
    });
    this.#told();
    // Nobody looks at what it receives, but it costs what it would cost a page: each picture, as large as its own.
    const { room: seat, engine } = meeting;
    seat.on('members', (members) =>
      engine.want(
        [...members.keys()].map((peer) => ({
          peer,
          source: 'camera',
          width: picture.width,
          height: picture.height,
          pinned: false,
        })),
      ),
    );
    await meeting.join();
    return bot;
  }

  /** Sends one away. @returns whether it is one of this page */
  remove(peer: PeerId): boolean {
    const bot = this.list.find(({ meeting }) => meeting.room.self?.peer === peer);
    if (bot) this.#end(bot);
    return bot !== undefined;
  }

  /** Sends all of them away. */
  close(): void {
    for (const bot of this.list) this.#end(bot);
  }

  #end(bot: BrowserBot): void {
    const end = this.#bots.get(bot);
    if (!this.#bots.delete(bot)) return;
    bot.meeting.close();
    end?.abort();
    this.#told();
  }

  #freeName(): string {
    const taken = new Set([...this.#options.names(), ...this.list.map(({ name }) => name)]);
    const names = Array.from({ length: MOST_BROWSER_BOTS }, (_, index) => `Browser bot ${index + 1}`);
    const name = names.find((one) => !taken.has(one));
    if (name === undefined)
      throw new RoomError('too-many-bots', `there are ${MOST_BROWSER_BOTS} bots of browsers in the meeting`);
    return name;
  }

  #told(): void {
    this.#events.emit('bots', this.list);
  }
}
