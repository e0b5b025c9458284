import type { FileEnd, FileNumber } from '../../../protocol/direct.ts';
import type { PeerId } from '../../../protocol/signaling.ts';

/** Why a file does not go on. `gone`: the other one has left, or has loaded the page anew. */
export type EndReason = FileEnd | 'gone';

export type TransferState =
  /** Nothing has been sent; the receiver decides. */
  | { readonly is: 'offered' }
  | { readonly is: 'moving' }
  /** There is no way to the other one now; it goes on by itself where it was cut. */
  | { readonly is: 'paused' }
  /** Whole, and the same at both ends. `file`: what the receiver has. */
  | { readonly is: 'kept'; readonly sha256: string; readonly file?: Blob }
  | { readonly is: 'ended'; readonly why: EndReason; readonly by: 'us' | 'them' };

/** A file on its way to one participant or from one. */
export interface Transfer {
  /** Unique on this page. */
  readonly key: string;
  readonly file: FileNumber;
  readonly peer: PeerId;
  readonly direction: 'out' | 'in';
  /** As its owner wrote it: show it as text, and save it under `safeFileName()`. */
  readonly name: string;
  readonly sizeBytes: number;
  /** When it was offered. Milliseconds since 1970. */
  readonly atMs: number;
  /** Put away by the receiver, whichever end this is. */
  readonly bytes: number;
  /** Mean since it last began or went on; undefined unless it moves. */
  readonly bytesPerSec: number | undefined;
  /** From which bytes it went on after a cut. */
  readonly resumedAt: readonly number[];
  readonly state: TransferState;
}

export const isOver = ({ is }: TransferState): boolean => is === 'kept' || is === 'ended';

/** What both directions have in common: a state, and how fast it moves. */
export abstract class Moving {
  readonly file: FileNumber;
  readonly name: string;
  readonly sizeBytes: number;
  readonly atMs = Date.now();
  state: TransferState = { is: 'offered' };
  readonly resumedAt: number[] = [];
  #since: { readonly atMs: number; readonly bytes: number } | undefined;

  constructor(file: FileNumber, name: string, sizeBytes: number) {
    this.file = file;
    this.name = name;
    this.sizeBytes = sizeBytes;
  }

  /** Put away by the receiver. */
  abstract readonly bytes: number;

  protected begin(fromByte: number): void {
    this.#since = { atMs: performance.now(), bytes: fromByte };
    if (fromByte > 0) this.resumedAt.push(fromByte);
    this.state = { is: 'moving' };
  }

  /** The line is cut. */
  pause(): void {
    if (this.state.is === 'moving') this.state = { is: 'paused' };
  }

  end(why: EndReason, by: 'us' | 'them'): void {
    if (!isOver(this.state)) this.state = { is: 'ended', why, by };
  }

  toTransfer(prefix: string, peer: PeerId, direction: 'out' | 'in'): Transfer {
    const { file, name, sizeBytes, bytes, state, atMs } = this;
    const elapsedMs = this.#since ? performance.now() - this.#since.atMs : 0;
    const rate = this.#since && elapsedMs > 0 ? ((bytes - this.#since.bytes) / elapsedMs) * 1000 : undefined;
    return {
      key: `${prefix}-${file}`,
      file,
      peer,
      direction,
      name,
      sizeBytes,
      atMs,
      bytes,
      bytesPerSec: state.is === 'moving' ? rate : undefined,
      resumedAt: [...this.resumedAt],
      state,
    };
  }
}
