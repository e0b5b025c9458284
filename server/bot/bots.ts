import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import {
  type EventName,
  type EventPayload,
  type PageId,
  type PeerId,
  PageId as Page,
  type Signal,
} from '../../src/protocol/signaling.ts';
import { lanAddresses } from '../http/hosts.ts';
import { Refusal } from '../signaling/refusal.ts';
import { newPeerId } from '../signaling/sessions.ts';
import type { FromBot, ToBot } from './messages.ts';

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

/** Loading its protocol stack takes a fraction of a second. */
const START_MS = 10_000;
/** A thread that takes more is ended, and its bot is gone. */
const MAX_HEAP_MB = 256;

/** The bots of a server: none until somebody invites one, each in a thread of its own. */
export class Bots {
  readonly #rules: BotRules;
  readonly #log: Logger;
  readonly #active = new Set<Bot>();
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

  /** Starts a bot. @throws {Refusal} `bot-unavailable`, `bots-busy` */
  async start(handlers: BotHandlers): Promise<Bot> {
    if (this.#state === 'off') throw new Refusal('bot-unavailable', 'this server has its bots turned off');
    if (this.#active.size >= this.#rules.limit)
      throw new Refusal('bots-busy', `all ${this.#rules.limit} bots of this server are in a call`);
    const bot: Bot = new Bot(this.#rules, handlers, (why) => {
      this.#active.delete(bot);
      this.#log.info({ why, active: this.#active.size }, 'a bot ended');
    });
    this.#active.add(bot);
    try {
      await bot.ready;
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
}

/** A participant without a socket: it hears what a connection would hear, and its thread answers. */
export class Bot {
  /** Its one page: a bot does not reload. */
  readonly page: PageId = Page.parse(newPeerId());
  /** Rejects when its thread does not start. */
  readonly ready: Promise<void>;
  readonly #thread: Worker;
  readonly #handlers: BotHandlers;
  readonly #onEnd: (why: string) => void;
  readonly #calls = new Set<string>();
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly #stay: ReturnType<typeof setTimeout>;
  #ended = false;

  constructor(rules: BotRules, handlers: BotHandlers, onEnd: (why: string) => void) {
    this.#handlers = handlers;
    this.#onEnd = onEnd;
    const outer = lanAddresses();
    this.#thread = new Worker(new URL('thread.ts', import.meta.url), {
      // Also where the site is on loopback only: Firefox makes no connection to a loopback address.
      workerData: { addresses: outer.length > 0 ? outer.slice(0, MAX_ADDRESSES) : ['127.0.0.1'] },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      execArgv: [],
    });
    this.ready = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not ready in ${START_MS} ms`)), START_MS);
      this.#thread.once('message', () => (clearTimeout(late), resolve()));
      this.#thread.once(
        'exit',
        (code) => (clearTimeout(late), reject(new Error(`its thread ended: ${code}`))),
      );
      this.#thread.once('error', (error) => (clearTimeout(late), reject(error)));
    });
    this.ready.catch(() => {}); // told to whoever started it
    this.#thread.on('message', (message: FromBot) => this.#hear(message));
    this.#thread.on('error', (error) => this.#leave(`its thread failed: ${String(error)}`));
    this.#thread.on('exit', () => this.#leave('its thread ended'));
    const idle = () => (this.#idle = setTimeout(() => this.#leave('idle'), rules.idleMs).unref());
    this.#thread.on('message', (message: FromBot) => {
      if (message.is !== 'ready' && message.is !== 'counted') return;
      clearTimeout(this.#idle);
      if (message.is === 'ready' || message.calls === 0) idle();
    });
    this.#stay = setTimeout(() => this.#leave('stayed long enough'), rules.stayMs).unref();
  }

  /** What the server tells the participants of a room. */
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void;
  emit(event: EventName, payload: unknown): void {
    if (event === 'signal:received') {
      const { from, fromPage, signal } = payload as EventPayload<'signal:received'>;
      const call = `${from} ${fromPage}`;
      this.#calls.add(call);
      this.#post({ do: 'receive', call, signal });
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
      this.#post({ do: 'part', call });
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
      case 'ready':
      case 'counted':
        return;
      default:
        message satisfies never;
    }
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
    void this.#thread.terminate();
    this.#onEnd(why);
  }

  #post(message: ToBot): void {
    if (!this.#ended) this.#thread.postMessage(message);
  }
}

/** More are virtual networks of containers, each a socket for nothing. */
const MAX_ADDRESSES = 6;
