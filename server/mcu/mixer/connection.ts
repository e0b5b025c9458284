import type { Settings } from '../messages.ts';
import { openConnection, type Wrtc } from './wrtc.ts';

/** A page that has not come through by then has no way here. */
const CONNECT_MS = 20_000;
/** Without a sign of life: libwebrtc says `disconnected` some seconds before. */
const SILENCE_MS = 10_000;

export type ConnectionState = 'connecting' | 'connected' | 'closed';

/** A connection of libwebrtc with the end that it has here: once, with a sentence, and never after `close()`. */
export class Connection {
  readonly pc: RTCPeerConnection;
  #state: ConnectionState = 'connecting';
  #late: NodeJS.Timeout;
  readonly #onEnd: (why: string) => void;

  constructor(wrtc: Wrtc, settings: Settings, onEnd: (why: string) => void) {
    this.#onEnd = onEnd;
    this.pc = openConnection(wrtc, settings);
    this.#late = this.#after(CONNECT_MS, 'No packet of the page reached the mixer within 20 seconds.');
    this.pc.addEventListener('connectionstatechange', () => this.#follow());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearTimeout(this.#late);
    this.pc.close();
  }

  #follow(): void {
    if (this.#state === 'closed') return;
    const is = this.pc.connectionState;
    if (is === 'connected') {
      this.#state = 'connected';
      clearTimeout(this.#late);
    } else if (is === 'disconnected') {
      clearTimeout(this.#late);
      this.#late = this.#after(SILENCE_MS, 'Nothing came from the page for more than ten seconds.');
    } else if (is === 'failed') this.#end('No way between the page and the mixer was found, or it was lost.');
    else if (is === 'closed') this.#end('The page has closed the connection.');
  }

  #after(ms: number, why: string): NodeJS.Timeout {
    return setTimeout(() => this.#end(why), ms);
  }

  #end(why: string): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#onEnd(why);
  }
}
