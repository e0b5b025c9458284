import type { Logger } from 'pino';
import { type MiddleboxKind, type PublishedSection } from '../../src/protocol/middlebox.ts';
import {
  type EventName,
  type EventPayload,
  type PageId,
  type PeerId,
  type RoomId,
  PageId as Page,
  type Signal,
} from '../../src/protocol/signaling.ts';
import { Refusal } from '../signaling/refusal.ts';
import { newPeerId } from '../signaling/sessions.ts';
import type { FromBot, ToThread } from './messages.ts';
import { RoomThread } from './room-thread.ts';

export interface BotRules {
  /** Bots at a time on this server; 0 = none. */
  readonly limit: number;
  /** A bot that is in no call for so long leaves, in milliseconds. */
  readonly idleMs: number;
  /** So long a bot stays at most, in milliseconds: a forgotten tab does not keep it from others. */
  readonly stayMs: number;
  /** After a connection to a server in the middle has ended, the next one is made so much later; 1 500 when left out. */
  readonly republishMs?: number;
}

/** What a bot does in its room. */
export interface BotHandlers {
  readonly send: (bot: Bot, to: PeerId, page: PageId, signal: Signal) => void;
  readonly say: (bot: Bot, text: string) => void;
  /** Offers what it sends to a server in the middle. @throws {Refusal} what that one says */
  readonly publish: (
    bot: Bot,
    kind: MiddleboxKind,
    sdp: string,
    sections: readonly PublishedSection[],
  ) => Promise<string>;
  /** It sends there no more. */
  readonly unpublish: (bot: Bot, kind: MiddleboxKind) => void;
  /** The bot has gone: the room has to know. Not called when the room itself has sent it away. */
  readonly gone: (bot: Bot, why: string) => void;
}

/** The bots of a server: none until somebody invites one. Those of a room share a thread. */
export class Bots {
  readonly #rules: BotRules;
  readonly #log: Logger;
  readonly #active = new Set<Bot>();
  readonly #threads = new Map<RoomId, RoomThread>();
  #state: 'off' | 'up' | 'failed';

  constructor(rules: BotRules, log: Logger) {
    this.#rules = rules;
    this.#log = log;
    this.#state = rules.limit > 0 ? 'up' : 'off';
  }

  /** For `/healthz`. `failed`: the last one could not be started. */
  get health(): { state: 'off' | 'up' | 'failed'; active: number; limit: number } {
    return { state: this.#state, active: this.#active.size, limit: this.#rules.limit };
  }

  /** Starts a bot for a room. It does nothing until it sits there. @throws {Refusal} `bot-unavailable`, `bots-busy` */
  async start(room: RoomId, handlers: BotHandlers): Promise<Bot> {
    if (this.#state === 'off') throw new Refusal('bot-unavailable', 'this server has its bots turned off');
    if (this.#active.size >= this.#rules.limit)
      throw new Refusal('bots-busy', `all ${this.#rules.limit} bots of this server are in a call`);
    const thread = this.#threadOf(room);
    const bot: Bot = new Bot(this.#rules, thread, handlers, (why) => {
      this.#active.delete(bot);
      this.#log.info({ why, active: this.#active.size }, 'a bot ended');
    });
    this.#active.add(bot);
    try {
      await thread.ready;
      if (bot.hasEnded) throw new Error('its thread ended');
      this.#state = 'up';
      return bot;
    } catch (cause) {
      this.#state = 'failed';
      this.#log.warn({ err: cause }, 'a bot could not be started');
      bot.disconnect();
      throw new Refusal('bot-unavailable', 'the bot could not be started; the log of the server says why');
    }
  }

  close(): void {
    for (const bot of this.#active) bot.disconnect();
  }

  #threadOf(room: RoomId): RoomThread {
    const running = this.#threads.get(room);
    if (running) return running;
    const thread: RoomThread = new RoomThread(() => {
      if (this.#threads.get(room) === thread) this.#threads.delete(room);
    });
    this.#threads.set(room, thread);
    return thread;
  }
}

const REPUBLISH_MS = 1_500;
/** Attempts in a row without a connection that lasts so long, in milliseconds. */
const MAX_ATTEMPTS = 5;
const LASTS_MS = 10_000;

/** A participant without a socket: it hears what a connection would hear, and its thread answers. */
export class Bot {
  /** Its one page: a bot does not reload. */
  readonly page: PageId = Page.parse(newPeerId());
  readonly #rules: BotRules;
  readonly #thread: RoomThread;
  readonly #handlers: BotHandlers;
  readonly #onEnd: (why: string) => void;
  readonly #calls = new Set<string>();
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #stay: ReturnType<typeof setTimeout>;
  #ended = false;
  /** Where its media go. */
  #kind: MiddleboxKind | undefined;
  /** A lab's ghost sends there, whatever else the room does. */
  #isGhost = false;
  #attempt = 0;
  #failures = 0;
  /** Since when its connection to the server in the middle has been there. */
  #publishedMs: number | undefined;
  #republish: ReturnType<typeof setTimeout> | undefined;

  constructor(rules: BotRules, thread: RoomThread, handlers: BotHandlers, onEnd: (why: string) => void) {
    this.#rules = rules;
    this.#thread = thread;
    this.#handlers = handlers;
    this.#onEnd = onEnd;
    thread.enter(this.page, {
      hear: (message) => this.#hear(message),
      lost: (why) => this.#leave(why),
    });
    this.#stay = setTimeout(() => this.#leave('stayed long enough'), rules.stayMs).unref();
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /**
   * It has a seat now.
   *
   * @param clip what it plays, by number; undefined: it sends back what it receives
   * @param kind where what it plays goes; undefined: to whoever makes it an offer
   * @param isGhost it goes there for good; else where the meeting's topology says
   */
  sit(clip?: number, kind?: MiddleboxKind, isGhost = false): void {
    this.#post({ do: 'sit', bot: this.page, ...(clip !== undefined && { clip }) });
    this.#waitForCall();
    this.#isGhost = isGhost;
    this.#route(kind);
  }

  /** What the server tells the participants of a room. */
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void;
  emit(event: EventName, payload: unknown): void {
    if (event === 'signal:received') {
      const { from, fromPage, signal } = payload as EventPayload<'signal:received'>;
      const call = `${from} ${fromPage}`;
      this.#calls.add(call);
      this.#post({ do: 'receive', bot: this.page, call, signal });
    } else if (event === 'peer:left') {
      this.#part((payload as EventPayload<'peer:left'>).peer);
    } else if (event === 'peer:back') {
      const { member } = payload as EventPayload<'peer:back'>;
      this.#part(member.peer, member.page);
    } else if (event === 'topology:changed') {
      const { topology } = payload as EventPayload<'topology:changed'>;
      if (!this.#isGhost) this.#route(topology === 'mesh' ? undefined : topology);
    } else if (event === 'middlebox:ended') {
      const { kind, why } = payload as EventPayload<'middlebox:ended'>;
      if (kind === this.#kind) this.#again(why);
    }
  }

  #route(kind: MiddleboxKind | undefined): void {
    if (kind === this.#kind) return;
    clearTimeout(this.#republish);
    if (this.#kind) {
      this.#post({ do: 'unpublish', bot: this.page });
      this.#handlers.unpublish(this, this.#kind);
    }
    this.#kind = kind;
    this.#failures = 0;
    this.#publish();
  }

  #publish(): void {
    if (!this.#kind || this.#ended) return;
    this.#attempt += 1;
    this.#post({ do: 'publish', bot: this.page, attempt: this.#attempt });
  }

  /** The connection to the server in the middle has ended, or could not be made. */
  #again(why: string): void {
    if (!this.#kind || this.#ended) return;
    const lasted = this.#publishedMs !== undefined && performance.now() - this.#publishedMs > LASTS_MS;
    this.#publishedMs = undefined;
    this.#failures = lasted ? 1 : this.#failures + 1;
    if (this.#failures > MAX_ATTEMPTS) {
      this.#handlers.say(this, `I cannot send to the server in the middle: ${why}.`.slice(0, 400));
      return this.#leave('could not publish');
    }
    clearTimeout(this.#republish);
    this.#republish = setTimeout(() => this.#publish(), this.#rules.republishMs ?? REPUBLISH_MS).unref();
  }

  async #offer({ attempt, sdp, sections }: Extract<FromBot, { is: 'offer' }>): Promise<void> {
    const kind = this.#kind;
    if (!kind || attempt !== this.#attempt) return;
    try {
      const answer = await this.#handlers.publish(this, kind, sdp, sections);
      if (attempt !== this.#attempt || kind !== this.#kind) return;
      this.#publishedMs = performance.now();
      this.#post({ do: 'accept', bot: this.page, attempt, sdp: answer });
    } catch (error) {
      if (attempt === this.#attempt) this.#again(error instanceof Error ? error.message : String(error));
    }
  }

  /** Sends it away. */
  disconnect(): void {
    this.#end('dismissed');
  }

  /** Ends the calls of a participant, except that of the page it has now. */
  #part(peer: PeerId, page?: PageId): void {
    for (const call of this.#calls) {
      if (!call.startsWith(`${peer} `) || call === `${peer} ${page}`) continue;
      this.#calls.delete(call);
      this.#post({ do: 'part', bot: this.page, call });
    }
  }

  #hear(message: FromBot): void {
    switch (message.is) {
      case 'answer': {
        const [peer, page] = message.call.split(' ') as [PeerId, PageId];
        if (this.#calls.has(message.call))
          this.#handlers.send(this, peer, page, { description: { type: 'answer', sdp: message.sdp } });
        return;
      }
      case 'unable':
        return this.#handlers.say(this, `I cannot answer this offer: ${message.why}.`);
      case 'offer':
        return void this.#offer(message);
      case 'unpublished':
        if (message.attempt === this.#attempt) this.#again(message.why);
        return;
      case 'counted':
        clearTimeout(this.#idle);
        if (message.calls === 0) this.#waitForCall();
        return;
      default:
        message satisfies never;
    }
  }

  #waitForCall(): void {
    clearTimeout(this.#idle);
    if (!this.#ended) this.#idle = setTimeout(() => this.#leave('idle'), this.#rules.idleMs).unref();
  }

  #leave(why: string): void {
    if (this.#ended) return;
    this.#end(why);
    this.#handlers.gone(this, why);
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#idle);
    clearTimeout(this.#stay);
    clearTimeout(this.#republish);
    this.#thread.leave(this.page);
    this.#onEnd(why);
  }

  #post(message: ToThread): void {
    if (!this.#ended) this.#thread.post(message);
  }
}
