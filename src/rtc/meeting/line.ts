import type { DirectLine, DirectLineEvents } from './engine.ts';
import { Emitter } from './emitter.ts';

/** The two channels, known to both ends without a word about them (RFC 8832 is not needed: `negotiated`). */
export const WORDS = { label: 'words', id: 0 };
export const BYTES = { label: 'bytes', id: 1 };

/** A word that is longer is not sent, and one that comes is not read. UTF-16 code units. */
export const MAX_WORD = 16_384;

/** The data channels of a link, which outlives the connections that they belong to. */
export class Line implements DirectLine {
  readonly #events = new Emitter<DirectLineEvents>();
  readonly on = this.#events.on;
  #words: RTCDataChannel | undefined;
  #bytes: RTCDataChannel | undefined;

  get isOpen(): boolean {
    return this.#words?.readyState === 'open';
  }

  get bytes(): RTCDataChannel | undefined {
    return this.#bytes;
  }

  send(message: unknown): boolean {
    const text = JSON.stringify(message);
    if (!this.#words || !this.isOpen || text.length > MAX_WORD) return false;
    try {
      this.#words.send(text);
      return true;
    } catch {
      return false; // full, or closed in this very moment
    }
  }

  /** Opens both channels on a connection; those of the one before are of no use any more. */
  attach(pc: RTCPeerConnection): void {
    this.detach();
    const words = pc.createDataChannel(WORDS.label, { negotiated: true, id: WORDS.id });
    const bytes = pc.createDataChannel(BYTES.label, { negotiated: true, id: BYTES.id });
    bytes.binaryType = 'arraybuffer';
    const tell = () => {
      if (words === this.#words) this.#events.emit('open', this.isOpen);
    };
    words.addEventListener('open', tell);
    words.addEventListener('close', tell);
    words.addEventListener('message', ({ data }) => this.#read(data));
    bytes.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) this.#events.emit('bytes', data);
    });
    this.#words = words;
    this.#bytes = bytes;
  }

  detach(): void {
    const wasOpen = this.isOpen;
    this.#words = undefined;
    this.#bytes = undefined;
    if (wasOpen) this.#events.emit('open', false);
  }

  #read(data: unknown): void {
    if (typeof data !== 'string' || data.length > MAX_WORD) return;
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      return; // not of this protocol
    }
    this.#events.emit('message', message);
  }
}
