import type { DirectLine, DirectLineEvents } from '../engine.ts';
import { Emitter } from '../emitter.ts';

/** As much of an `RTCDataChannel` as is used, without a network: what is sent arrives one task later. */
class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'open';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  /** The most that has ever waited. */
  mostBuffered = 0;
  readonly #deliver: (bytes: ArrayBuffer) => void;

  constructor(deliver: (bytes: ArrayBuffer) => void) {
    super();
    this.#deliver = deliver;
  }

  send(bytes: ArrayBuffer): void {
    if (this.readyState !== 'open') throw new DOMException('closed', 'InvalidStateError');
    this.bufferedAmount += bytes.byteLength;
    this.mostBuffered = Math.max(this.mostBuffered, this.bufferedAmount);
    setTimeout(() => {
      if (this.readyState !== 'open') return; // lost with the connection
      const wasHigh = this.bufferedAmount > this.bufferedAmountLowThreshold;
      this.bufferedAmount -= bytes.byteLength;
      this.#deliver(bytes);
      if (wasHigh && this.bufferedAmount <= this.bufferedAmountLowThreshold)
        this.dispatchEvent(new Event('bufferedamountlow'));
    });
  }
}

/** One end of a line whose connection a test cuts and puts back. */
export class FakeLine implements DirectLine {
  readonly events = new Emitter<DirectLineEvents>();
  readonly on = this.events.on;
  other: FakeLine | undefined;
  channel: FakeChannel | undefined;
  /** Every word that was sent. */
  readonly words: { readonly kind: string }[] = [];
  /** What happens to bytes on their way: null loses them. */
  onTheWay: (bytes: ArrayBuffer) => ArrayBuffer | null = (bytes) => bytes;

  get isOpen(): boolean {
    return this.channel?.readyState === 'open';
  }

  get bytes(): FakeChannel | undefined {
    return this.channel;
  }

  send(message: unknown): boolean {
    const { channel, other } = this;
    if (channel?.readyState !== 'open') return false;
    this.words.push(message as { kind: string });
    const text = JSON.stringify(message);
    setTimeout(() => {
      if (channel.readyState === 'open') other?.events.emit('message', JSON.parse(text));
    });
    return true;
  }

  cut(): void {
    if (!this.channel) return;
    this.channel.readyState = 'closed';
    this.channel = undefined;
    this.events.emit('open', false);
  }

  open(): void {
    this.channel = new FakeChannel((sent) => {
      const bytes = this.onTheWay(sent);
      if (bytes) this.other?.events.emit('bytes', bytes);
    });
    this.events.emit('open', true);
  }
}

/** Both ends of a line that is open; `cut()` and `reopen()` are for both. */
export function fakeLines() {
  const alice = new FakeLine();
  const bob = new FakeLine();
  alice.other = bob;
  bob.other = alice;
  const reopen = () => {
    alice.open();
    bob.open();
  };
  const cut = () => {
    alice.cut();
    bob.cut();
  };
  reopen();
  return { alice, bob, cut, reopen };
}
