import * as z from 'zod';
import { LineWord } from '../../protocol/middlebox.ts';
import { PeerId } from '../../protocol/signaling.ts';
import { Emitter } from './emitter.ts';
import type { ByteChannel, DirectLine, DirectLineEvents } from './engine.ts';
import { BYTES, MAX_WORD, WORDS } from './line.ts';

/** A participant's id in front of the bytes that are for it, or from it: 22 characters of ASCII. */
const ADDRESS_BYTES = 22;

/** Says that we are there, to somebody who may not be there yet. An answer is not answered. */
const Hello = z.strictObject({ kind: z.literal('line:hello'), isAnswer: z.boolean() });

/**
 * The lines to all others over the two data channels to one server, which hands each message on to whom it names.
 *
 * A message to somebody without such a channel is lost, so a line is open only when the other one has said hello: both
 * say it when their channel opens, and whoever hears it answers.
 */
export class ServerLines {
  readonly #lines = new Map<PeerId, SharedLine>();
  #words: RTCDataChannel | undefined;
  #bytes: RTCDataChannel | undefined;

  get all(): ReadonlyMap<PeerId, DirectLine> {
    return this.#lines;
  }

  /** Somebody is there. */
  add(peer: PeerId): void {
    if (this.#lines.has(peer)) return;
    const line = new SharedLine((message) => this.#say(peer, message));
    this.#lines.set(peer, line);
    this.#greet(peer, false);
  }

  remove(peer: PeerId): void {
    const line = this.#lines.get(peer);
    this.#lines.delete(peer);
    line?.detach();
  }

  /** Opens both channels on a connection; those of the one before are of no use any more. */
  attach(pc: RTCPeerConnection): void {
    this.detach();
    const words = pc.createDataChannel(WORDS.label, { negotiated: true, id: WORDS.id });
    const bytes = pc.createDataChannel(BYTES.label, { negotiated: true, id: BYTES.id });
    bytes.binaryType = 'arraybuffer';
    this.#words = words;
    this.#bytes = bytes;
    const greetAll = () => {
      if (words !== this.#words || words.readyState !== 'open' || bytes.readyState !== 'open') return;
      for (const peer of this.#lines.keys()) this.#greet(peer, false);
    };
    const closed = () => {
      if (words === this.#words) this.detach();
    };
    for (const channel of [words, bytes]) {
      channel.addEventListener('open', greetAll);
      channel.addEventListener('close', closed);
    }
    words.addEventListener('message', ({ data }) => this.#hear(data));
    bytes.addEventListener('message', ({ data }) => this.#take(data));
  }

  detach(): void {
    this.#words = undefined;
    this.#bytes = undefined;
    for (const line of this.#lines.values()) line.detach();
  }

  #greet(peer: PeerId, isAnswer: boolean): void {
    this.#say(peer, { kind: 'line:hello', isAnswer } satisfies z.infer<typeof Hello>);
  }

  #say(peer: PeerId, message: unknown): boolean {
    const text = JSON.stringify({ peer, message });
    if (this.#words?.readyState !== 'open' || text.length > MAX_WORD) return false;
    try {
      this.#words.send(text);
      return true;
    } catch {
      return false; // full, or closed in this very moment
    }
  }

  #hear(data: unknown): void {
    if (typeof data !== 'string' || data.length > MAX_WORD) return;
    let parsed;
    try {
      parsed = LineWord.safeParse(JSON.parse(data));
    } catch {
      return; // not of this protocol
    }
    if (!parsed.success) return;
    const { peer, message } = parsed.data;
    const line = this.#lines.get(peer);
    const hello = Hello.safeParse(message);
    if (!hello.success) return line?.events.emit('message', message);
    if (!line || !this.#bytes) return;
    // Theirs is another connection than it was, or the first.
    if (!hello.data.isAnswer) {
      line.detach();
      this.#greet(peer, true);
    }
    if (!line.isOpen) line.attach(new AddressedChannel(this.#bytes, peer));
  }

  #take(data: unknown): void {
    if (!(data instanceof ArrayBuffer) || data.byteLength <= ADDRESS_BYTES) return;
    const from = PeerId.safeParse(String.fromCharCode(...new Uint8Array(data, 0, ADDRESS_BYTES)));
    if (from.success) this.#lines.get(from.data)?.events.emit('bytes', data.slice(ADDRESS_BYTES));
  }
}

/** What of the shared channels is for one participant. */
class SharedLine implements DirectLine {
  readonly events = new Emitter<DirectLineEvents>();
  readonly on = this.events.on;
  readonly #say: (message: unknown) => boolean;
  #bytes: AddressedChannel | undefined;

  constructor(say: (message: unknown) => boolean) {
    this.#say = say;
  }

  get isOpen(): boolean {
    return this.#bytes !== undefined;
  }

  get bytes(): ByteChannel | undefined {
    return this.#bytes;
  }

  send(message: unknown): boolean {
    return this.isOpen && this.#say(message);
  }

  attach(bytes: AddressedChannel): void {
    this.#bytes = bytes;
    this.events.emit('open', true);
  }

  detach(): void {
    if (!this.#bytes) return;
    this.#bytes.end();
    this.#bytes = undefined;
    this.events.emit('open', false);
  }
}

/** The channel for bytes, with the name of one receiver put in front of each message. */
class AddressedChannel extends EventTarget implements ByteChannel {
  readonly #channel: RTCDataChannel;
  readonly #address: Uint8Array;
  readonly #end = new AbortController();

  constructor(channel: RTCDataChannel, peer: PeerId) {
    super();
    this.#channel = channel;
    this.#address = new TextEncoder().encode(peer);
    for (const type of ['open', 'close', 'bufferedamountlow'])
      channel.addEventListener(type, () => this.dispatchEvent(new Event(type)), { signal: this.#end.signal });
  }

  get readyState(): RTCDataChannelState {
    return this.#end.signal.aborted ? 'closed' : this.#channel.readyState;
  }

  get bufferedAmount(): number {
    return this.#channel.bufferedAmount;
  }

  get bufferedAmountLowThreshold(): number {
    return this.#channel.bufferedAmountLowThreshold;
  }

  set bufferedAmountLowThreshold(bytes: number) {
    this.#channel.bufferedAmountLowThreshold = bytes;
  }

  send(bytes: ArrayBuffer): void {
    const message = new Uint8Array(ADDRESS_BYTES + bytes.byteLength);
    message.set(this.#address);
    message.set(new Uint8Array(bytes), ADDRESS_BYTES);
    this.#channel.send(message);
  }

  /** Its line is over, or has another one. */
  end(): void {
    this.#end.abort();
    this.dispatchEvent(new Event('close'));
  }
}
