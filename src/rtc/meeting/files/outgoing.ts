import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { directLimits, type FileNumber } from '../../../protocol/direct.ts';
import { PIECE_BYTES } from './frame.ts';
import { Moving } from './transfer.ts';

/** Read from the disk at once: a piece each would be a promise each. */
const BLOCK_BYTES = 16 * PIECE_BYTES;

/** A file of ours, for one receiver. */
export class Outgoing extends Moving {
  readonly type: string;
  readonly #file: Blob;
  #next = 0;
  #have = 0;
  readonly #hash = sha256.create();
  #hashed = 0;
  #sum: string | undefined;
  #block: { readonly at: number; readonly bytes: Uint8Array } | undefined;
  /** Whether the receiver was told the sum on the present connection. */
  sumIsTold = false;

  constructor(file: FileNumber, source: Blob & { readonly name: string }) {
    super(file, source.name.slice(0, directLimits.fileNameLength) || 'file', source.size);
    this.type = source.type.slice(0, 127);
    this.#file = source;
  }

  get bytes(): number {
    return this.#have;
  }

  /** Whether there is something that may be sent now. */
  get isReady(): boolean {
    return (
      this.state.is === 'moving' &&
      this.#next < this.sizeBytes &&
      this.#next - this.#have < directLimits.window
    );
  }

  /** The sum of the whole, once all of it has been read. */
  get sum(): string | undefined {
    if (this.#hashed === this.sizeBytes) this.#sum ??= bytesToHex(this.#hash.digest());
    return this.#sum;
  }

  get isAllSent(): boolean {
    return this.#next === this.sizeBytes;
  }

  /** The receiver wants the rest. False when it claims to have what was never sent. */
  take(fromByte: number): boolean {
    if (fromByte > this.#hashed) return false;
    this.#next = fromByte;
    this.#have = fromByte;
    this.sumIsTold = false;
    this.begin(fromByte);
    return true;
  }

  /** False when it claims to have what was never sent. */
  acknowledge(bytes: number): boolean {
    if (bytes > this.#next) return false;
    this.#have = Math.max(this.#have, bytes);
    return true;
  }

  /**
   * What comes next; {@link sent} goes on from there.
   *
   * @throws {DOMException} `NotReadableError` when the file has changed or is gone
   */
  async read(): Promise<{ readonly fromByte: number; readonly piece: Uint8Array }> {
    const fromByte = this.#next;
    let block = this.#block;
    if (!block || fromByte < block.at || fromByte >= block.at + block.bytes.length) {
      const slice = this.#file.slice(fromByte, fromByte + BLOCK_BYTES);
      block = { at: fromByte, bytes: new Uint8Array(await slice.arrayBuffer()) };
      this.#block = block;
    }
    const begin = fromByte - block.at;
    return { fromByte, piece: block.bytes.subarray(begin, begin + PIECE_BYTES) };
  }

  /** Whether the piece from there is still what comes next. */
  isAt(fromByte: number): boolean {
    return this.isReady && this.#next === fromByte;
  }

  sent(fromByte: number, piece: Uint8Array): void {
    const end = fromByte + piece.length;
    // What goes a second time has been counted already.
    if (end > this.#hashed) this.#hash.update(piece.subarray(this.#hashed - fromByte));
    this.#hashed = Math.max(this.#hashed, end);
    this.#next = end;
  }

  keep(): void {
    this.#block = undefined;
    this.state = { is: 'kept', sha256: this.sum ?? '' };
  }
}
