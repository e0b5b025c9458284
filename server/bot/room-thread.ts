import { Worker } from 'node:worker_threads';
import { lanAddresses } from '../http/hosts.ts';
import type { FromBot, FromThread, ToThread } from './messages.ts';

/** Loading its protocol stack takes a fraction of a second. */
const START_MS = 10_000;
/** A thread that takes more is ended, and its bots are gone. */
const MAX_HEAP_MB = 256;
/** More are virtual networks of containers, each a socket for nothing. */
const MAX_ADDRESSES = 6;

interface Listener {
  hear(message: FromBot): void;
  /** The thread has ended, and the bot with it. */
  lost(why: string): void;
}

/**
 * The thread that the bots of one room share: most of what a thread costs is the protocol stack that it loads. It ends with
 * the last of them.
 */
export class RoomThread {
  /** Rejects when it does not start. */
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #bots = new Map<string, Listener>();
  readonly #onEnd: () => void;
  #ended = false;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    const outer = lanAddresses();
    this.#worker = new Worker(new URL('thread.ts', import.meta.url), {
      // Also where the site is on loopback only: Firefox makes no connection to a loopback address.
      workerData: { addresses: outer.length > 0 ? outer.slice(0, MAX_ADDRESSES) : ['127.0.0.1'] },
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      execArgv: [],
    });
    this.ready = new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`not ready in ${START_MS} ms`)), START_MS);
      this.#worker.once('message', () => (clearTimeout(late), resolve()));
      this.#worker.once(
        'exit',
        (code) => (clearTimeout(late), reject(new Error(`its thread ended: ${code}`))),
      );
      this.#worker.once('error', (error) => (clearTimeout(late), reject(error)));
    });
    this.ready.catch(() => {}); // told to whoever started it
    this.#worker.on('message', (message: FromThread) => {
      if ('bot' in message) this.#bots.get(message.bot)?.hear(message);
    });
    this.#worker.on('error', (error) => this.#end(`its thread failed: ${String(error)}`));
    this.#worker.on('exit', () => this.#end('its thread ended'));
  }

  enter(bot: string, listener: Listener): void {
    this.#bots.set(bot, listener);
  }

  post(message: ToThread): void {
    if (!this.#ended) this.#worker.postMessage(message);
  }

  leave(bot: string): void {
    if (!this.#bots.delete(bot)) return;
    this.post({ do: 'leave', bot });
    if (this.#bots.size === 0) this.#end('nobody is left');
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    void this.#worker.terminate();
    this.#onEnd();
    for (const listener of this.#bots.values()) listener.lost(why);
  }
}
