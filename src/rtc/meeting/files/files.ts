import { directLimits, type FileNumber } from '../../../protocol/direct.ts';
import type { PeerId } from '../../../protocol/signaling.ts';
import { Emitter } from '../emitter.ts';
import type { DirectLine, Engine } from '../engine.ts';
import { Exchange } from './exchange.ts';
import { openStore as openBestStore, type OpenStore } from './store.ts';
import type { Transfer } from './transfer.ts';

export interface FilesOptions {
  readonly engine: Pick<Engine, 'lines' | 'on'>;
  /** Ends everything, and forgets what was received. */
  readonly signal: AbortSignal;
  readonly openStore?: OpenStore;
}

export interface FilesEvents {
  /** All that is known, the oldest first. Progress is told ten times a second at most. */
  transfers: readonly Transfer[];
  /** Somebody offers a file. */
  offered: Transfer;
}

const PROGRESS_EVERY_MS = 100;

/** A file is larger than may be sent. */
class FileTooLarge extends RangeError {
  override name = 'FileTooLarge';
}

/**
 * The files of a meeting, straight between its pages: the server sees neither them nor their names.
 *
 * A connection that is rebuilt goes on with them; a page that is loaded anew has lost them.
 */
export class Files {
  readonly #options: Required<FilesOptions>;
  readonly #events = new Emitter<FilesEvents>();
  readonly on = this.#events.on;
  readonly #exchanges = new Map<DirectLine, { readonly peer: PeerId; readonly exchange: Exchange }>();
  /** In the order in which they were first seen. */
  readonly #order = new Map<string, number>();
  #numbers = 0;
  #opened = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ engine, signal, openStore = openBestStore }: FilesOptions) {
    this.#options = { engine, signal, openStore };
    const stop = engine.on('lines', () => this.#follow());
    this.#follow();
    signal.addEventListener(
      'abort',
      () => {
        stop();
        clearTimeout(this.#timer);
        for (const { exchange } of this.#exchanges.values()) exchange.discard();
      },
      { once: true },
    );
  }

  get transfers(): readonly Transfer[] {
    return [...this.#exchanges.values()]
      .flatMap(({ exchange }) => exchange.transfers)
      .toSorted((a, b) => this.#placeOf(a) - this.#placeOf(b));
  }

  /**
   * Offers a file to these participants; each decides for itself.
   *
   * @throws {FileTooLarge} when it has more than 2 GiB
   */
  offer(source: Blob & { readonly name: string }, peers: Iterable<PeerId>): void {
    if (source.size > directLimits.fileBytes) throw new FileTooLarge('a file of 2 GiB at most can be sent');
    for (const peer of peers)
      this.#exchangeWith(peer)?.offer(
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- counted up from 1
        ++this.#numbers as FileNumber,
        source,
      );
  }

  /** Says yes to an offer. */
  async accept(transfer: Transfer): Promise<void> {
    await this.#exchangeOf(transfer)?.accept(transfer.file);
  }

  decline(transfer: Transfer): void {
    this.#exchangeOf(transfer)?.end(transfer.direction, transfer.file, 'declined');
  }

  cancel(transfer: Transfer): void {
    this.#exchangeOf(transfer)?.end(transfer.direction, transfer.file, 'cancelled');
  }

  /** Takes one that is over off the list. */
  forget(transfer: Transfer): void {
    this.#exchangeOf(transfer)?.forget(transfer.direction, transfer.file);
  }

  #exchangeWith(peer: PeerId): Exchange | undefined {
    const line = this.#options.engine.lines.get(peer);
    return line && this.#exchanges.get(line)?.exchange;
  }

  /** Also of somebody who has left: what they sent is still here. */
  #exchangeOf({ key }: Transfer): Exchange | undefined {
    for (const { exchange } of this.#exchanges.values())
      if (exchange.transfers.some((one) => one.key === key)) return exchange;
    return undefined;
  }

  #follow(): void {
    const { engine, openStore } = this.#options;
    const lines = engine.lines;
    for (const [line, { peer, exchange }] of this.#exchanges) {
      if (lines.get(peer) === line) continue;
      exchange.close();
      if (exchange.transfers.length === 0) this.#exchanges.delete(line);
    }
    for (const [peer, line] of lines) {
      if (this.#exchanges.has(line)) continue;
      const exchange = new Exchange({
        id: ++this.#opened,
        peer,
        line,
        openStore,
        onChange: (isProgress) => this.#changed(isProgress),
      });
      this.#exchanges.set(line, { peer, exchange });
    }
  }

  #changed(isProgress: boolean): void {
    if (!isProgress) return this.#tell();
    this.#timer ??= setTimeout(() => this.#tell(), PROGRESS_EVERY_MS);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { transfers } = this;
    const fresh = transfers.filter(({ key }) => !this.#order.has(key));
    for (const { key } of fresh) this.#order.set(key, this.#order.size);
    this.#events.emit('transfers', this.transfers);
    for (const transfer of fresh) if (transfer.direction === 'in') this.#events.emit('offered', transfer);
  }

  #placeOf({ key }: Transfer): number {
    return this.#order.get(key) ?? Infinity;
  }
}
