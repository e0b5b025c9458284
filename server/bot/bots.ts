import type { Logger } from 'pino';
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
}

/** What a bot does in its room. */
export interface BotHandlers {
  readonly send: (bot: Bot, to: PeerId, page: PageId, signal: Signal) => void;
  readonly say: (bot: Bot, text: string) => void;
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

  /** It has a seat now. @param clip what it plays, by number: in a meeting; elsewhere it sends back what it receives */
  sit(clip?: number): void {
    this.#post({ do: 'sit', bot: this.page, ...(clip !== undefined && { clip }) });
    this.#waitForCall();
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
    this.#thread.leave(this.page);
    this.#onEnd(why);
  }

  #post(message: ToThread): void {
    if (!this.#ended) this.#thread.post(message);
  }
}
