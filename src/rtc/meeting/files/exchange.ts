import {
  DirectWord,
  directLimits,
  type FileEnd,
  type FileNumber,
  type FileWord,
} from '../../../protocol/direct.ts';
import type { PeerId } from '../../../protocol/signaling.ts';
import type { ByteChannel, DirectLine } from '../engine.ts';
import { FRAME_BYTES, readFrame, toFrame } from './frame.ts';
import { Incoming } from './incoming.ts';
import { Outgoing } from './outgoing.ts';
import type { OpenStore } from './store.ts';
import { isOver, type Transfer } from './transfer.ts';

/** Never more than this waits in the channel: a cut loses little, and a word does not queue behind a file. */
export const MAX_BUFFERED = 2 ** 20;
/** The channel asks for more below this. */
const LOW_BUFFERED = MAX_BUFFERED / 4;
/** The sender hears of so much that was put away, and of the end. */
const TOLD_EVERY = 2 ** 18;
/** Of each direction; those that are over and the oldest are forgotten beyond this. */
const KEPT = 50;

export interface ExchangeOptions {
  /** Of this exchange, among all of the page. */
  readonly id: number;
  readonly peer: PeerId;
  readonly line: DirectLine;
  readonly openStore: OpenStore;
  /** Something has changed; `isProgress`: nothing but how many bytes. */
  readonly onChange: (isProgress: boolean) => void;
}

/** The files between this page and one other participant, over the one line between them. See `protocol/direct.ts`. */
export class Exchange {
  readonly #options: ExchangeOptions;
  readonly #outgoing = new Map<FileNumber, Outgoing>();
  readonly #incoming = new Map<FileNumber, Incoming>();
  readonly #stops: (() => void)[];
  readonly #channels = new WeakSet<ByteChannel>();
  /** Whose turn it is: the files take turns piece by piece. */
  #turn = 0;
  #isPumping = false;
  #wake = Promise.withResolvers<void>();
  #isClosed = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    const { line } = options;
    this.#stops = [
      line.on('message', (message) => this.#hear(message)),
      line.on('bytes', (bytes) => this.#take(bytes)),
      line.on('open', (isOpen) => this.#lineIs(isOpen)),
    ];
    if (line.isOpen) this.#lineIs(true);
  }

  get transfers(): readonly Transfer[] {
    const { id, peer } = this.#options;
    return [
      ...[...this.#outgoing.values()].map((one) => one.toTransfer(`${id}-out`, peer, 'out')),
      ...[...this.#incoming.values()].map((one) => one.toTransfer(`${id}-in`, peer, 'in')),
    ];
  }

  /** Offers a file; if there is no way to the other one now it is told when there is. */
  offer(file: FileNumber, source: Blob & { readonly name: string }): void {
    if (this.#isClosed) return;
    const outgoing = new Outgoing(file, source);
    forgetOldest(this.#outgoing);
    this.#outgoing.set(file, outgoing);
    this.#tellOffer(outgoing);
    this.#options.onChange(false);
  }

  /** Says yes to a file that was offered. */
  async accept(file: FileNumber): Promise<void> {
    const incoming = this.#incoming.get(file);
    if (incoming?.state.is !== 'offered') return;
    const opening = incoming.open();
    this.#options.onChange(false);
    if ((await opening) && !isOver(incoming.state)) this.#askFor(incoming);
  }

  /** Ends a file, whichever way it goes: a no to an offer, too. */
  end(direction: 'out' | 'in', file: FileNumber, why: FileEnd): void {
    const one = direction === 'out' ? this.#outgoing.get(file) : this.#incoming.get(file);
    if (!one || isOver(one.state)) return;
    one.end(why, 'us');
    this.#say({ kind: 'file:end', file, of: direction === 'out' ? 'mine' : 'yours', why });
    this.#changed();
  }

  /** Forgets a file that is over, and what was kept of it. */
  forget(direction: 'out' | 'in', file: FileNumber): void {
    const files = direction === 'out' ? this.#outgoing : this.#incoming;
    const one = files.get(file);
    if (!one || !isOver(one.state)) return;
    if (one instanceof Incoming) void one.discard();
    files.delete(file);
    this.#options.onChange(false);
  }

  /** The other one is gone for good. What was received stays until it is forgotten. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    for (const one of [...this.#outgoing.values(), ...this.#incoming.values()]) one.end('gone', 'them');
    this.#changed();
  }

  /** Everything is given back: the page's part in the meeting is over. */
  discard(): void {
    this.close();
    for (const one of this.#incoming.values()) void one.discard();
  }

  /** Another connection, or none: whatever it is about is told again, and what is known already is not heard twice. */
  #lineIs(isOpen: boolean): void {
    for (const one of [...this.#outgoing.values(), ...this.#incoming.values()]) one.pause();
    if (isOpen) {
      for (const one of this.#outgoing.values()) {
        if (one.state.is === 'offered') this.#tellOffer(one);
        else this.#tellEnd(one.file, 'mine', one.state);
      }
      for (const one of this.#incoming.values()) {
        if (one.state.is === 'kept') this.#say({ kind: 'file:kept', file: one.file });
        else if (one.state.is === 'paused') {
          one.resume();
          this.#askFor(one);
        } else this.#tellEnd(one.file, 'yours', one.state);
      }
    }
    this.#changed();
  }

  #hear(message: unknown): void {
    const parsed = DirectWord.safeParse(message);
    if (!parsed.success || parsed.data.kind === 'chat:say') return;
    const word = parsed.data;
    const outgoing = this.#outgoing.get(word.file);
    const incoming = this.#incoming.get(word.file);
    switch (word.kind) {
      case 'file:offer':
        return this.#offered(word);
      case 'file:take':
        if (!outgoing) return;
        if (isOver(outgoing.state)) return this.#tellEnd(word.file, 'mine', outgoing.state);
        if (!outgoing.take(word.fromByte)) return this.end('out', word.file, 'protocol');
        return this.#changed();
      case 'file:have':
        if (!outgoing || isOver(outgoing.state)) return;
        if (!outgoing.acknowledge(word.bytes)) return this.end('out', word.file, 'protocol');
        this.#options.onChange(true);
        return this.#poke();
      case 'file:sum':
        return incoming?.expect(word.sha256);
      case 'file:kept':
        if (!outgoing || isOver(outgoing.state) || !outgoing.isAllSent) return;
        outgoing.acknowledge(outgoing.sizeBytes);
        outgoing.keep();
        return this.#changed();
      case 'file:end':
        (word.of === 'mine' ? incoming : outgoing)?.end(word.why, 'them');
        return this.#changed();
      default:
        word satisfies never;
    }
  }

  #offered({ file, name, sizeBytes }: Extract<FileWord, { kind: 'file:offer' }>): void {
    // Known: it was told again after a cut.
    if (this.#incoming.has(file)) return;
    const open = [...this.#incoming.values()].filter(({ state }) => state.is === 'offered').length;
    if (open >= directLimits.openOffers)
      return this.#say({ kind: 'file:end', file, of: 'yours', why: 'too-many' });
    let told = 0;
    const incoming: Incoming = new Incoming(
      { file, name, sizeBytes },
      {
        openStore: this.#options.openStore,
        stored: () => {
          const { bytes } = incoming;
          if (bytes - told >= TOLD_EVERY || bytes === sizeBytes) {
            told = bytes;
            this.#say({ kind: 'file:have', file, bytes });
          }
          this.#options.onChange(true);
        },
        failed: (why) => this.end('in', file, why),
        kept: () => {
          this.#say({ kind: 'file:kept', file });
          this.#options.onChange(false);
        },
      },
    );
    forgetOldest(this.#incoming);
    this.#incoming.set(file, incoming);
    this.#options.onChange(false);
  }

  #askFor({ file, received }: Incoming): void {
    this.#say({ kind: 'file:take', file, fromByte: received });
  }

  #take(bytes: ArrayBuffer): void {
    const frame = readFrame(bytes);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number that names nothing finds nothing
    if (frame) this.#incoming.get(frame.file as FileNumber)?.receive(frame.fromByte, frame.piece);
  }

  #tellOffer({ file, name, sizeBytes, type }: Outgoing): void {
    this.#say({ kind: 'file:offer', file, name, sizeBytes, type });
  }

  #tellEnd(file: FileNumber, of: 'mine' | 'yours', state: Transfer['state']): void {
    if (state.is === 'ended' && state.by === 'us' && state.why !== 'gone')
      this.#say({ kind: 'file:end', file, of, why: state.why });
  }

  #say(word: FileWord): void {
    this.#options.line.send(word);
  }

  #changed(): void {
    this.#options.onChange(false);
    this.#poke();
  }

  /** There may be something to send, and room for it. */
  #poke(): void {
    this.#wake.resolve();
    void this.#pump();
  }

  /** Sends as long as there is something to send. Several files take turns. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (!this.#isClosed) {
        const channel = this.#channel();
        const next = this.#next();
        if (!channel || !next) return;
        if (channel.bufferedAmount + FRAME_BYTES > MAX_BUFFERED) {
          this.#wake = Promise.withResolvers<void>();
          await this.#wake.promise;
        } else await this.#sendPiece(next, channel);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  async #sendPiece(outgoing: Outgoing, channel: ByteChannel): Promise<void> {
    let read;
    try {
      read = await outgoing.read();
    } catch {
      return this.end('out', outgoing.file, 'unreadable');
    }
    // Reading takes time: it may have ended meanwhile, or another connection wants another piece.
    if (channel !== this.#channel() || !outgoing.isAt(read.fromByte)) return;
    try {
      channel.send(toFrame(outgoing.file, read.fromByte, read.piece));
    } catch {
      return; // closed in this very moment: the receiver asks again
    }
    outgoing.sent(read.fromByte, read.piece);
    this.#tellSum(outgoing);
  }

  #tellSum(outgoing: Outgoing): void {
    const { sum } = outgoing;
    if (!outgoing.isAllSent || outgoing.sumIsTold || sum === undefined) return;
    outgoing.sumIsTold = true;
    this.#say({ kind: 'file:sum', file: outgoing.file, sha256: sum });
  }

  /** The file whose turn it is. */
  #next(): Outgoing | undefined {
    const files = [...this.#outgoing.values()];
    for (const one of files) if (one.state.is === 'moving') this.#tellSum(one);
    const ready = files.filter(({ isReady }) => isReady);
    return ready[this.#turn++ % Math.max(1, ready.length)];
  }

  #channel(): ByteChannel | undefined {
    const channel = this.#options.line.bytes;
    if (!channel) return undefined;
    if (!this.#channels.has(channel)) {
      this.#channels.add(channel);
      channel.bufferedAmountLowThreshold = LOW_BUFFERED;
      for (const event of ['open', 'close', 'bufferedamountlow'])
        channel.addEventListener(event, () => this.#poke());
    }
    return channel.readyState === 'open' ? channel : undefined;
  }
}

/** Those that are over make room for others. */
function forgetOldest(files: Map<FileNumber, Outgoing | Incoming>): void {
  if (files.size < KEPT) return;
  for (const [file, one] of files) {
    if (!isOver(one.state)) continue;
    if (one instanceof Incoming) void one.discard();
    files.delete(file);
    return;
  }
}
