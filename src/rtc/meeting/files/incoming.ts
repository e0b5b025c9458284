import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { directLimits, type FileEnd } from '../../../protocol/direct.ts';
import { FRAME_BYTES } from './frame.ts';
import type { OpenStore, Store } from './store.ts';
import { isOver, Moving } from './transfer.ts';

/** What an incoming file wants done. */
export interface IncomingHost {
  readonly openStore: OpenStore;
  /** So much is put away. */
  readonly stored: () => void;
  /** It does not go on, and the sender has to hear why. */
  readonly failed: (why: FileEnd) => void;
  /** Whole and right. */
  readonly kept: () => void;
}

/** A file of somebody else, as its bytes arrive. */
export class Incoming extends Moving {
  readonly #host: IncomingHost;
  #store: Promise<Store> | undefined;
  #writes = Promise.resolve();
  #received = 0;
  #stored = 0;
  readonly #hash = sha256.create();
  #sum: string | undefined;
  #isClosing = false;

  constructor(offer: { file: Moving['file']; name: string; sizeBytes: number }, host: IncomingHost) {
    super(offer.file, offer.name, offer.sizeBytes);
    this.#host = host;
  }

  get bytes(): number {
    return this.#stored;
  }

  /** From where the rest is wanted. */
  get received(): number {
    return this.#received;
  }

  /** A person has said yes. Resolves when there is a place for it; false when there is none. */
  async open(): Promise<boolean> {
    this.begin(0);
    this.#store = this.#host.openStore(this.sizeBytes);
    try {
      await this.#store;
      return true;
    } catch {
      this.#host.failed('no-space');
      return false;
    }
  }

  /** The rest is asked for once more. */
  resume(): void {
    this.begin(this.#received);
  }

  receive(fromByte: number, piece: Uint8Array<ArrayBuffer>): void {
    if (this.state.is !== 'moving') return;
    const known = this.#received - fromByte;
    // What was on its way when we asked for it again.
    if (known >= piece.length) return;
    const isTooFar = this.#received - this.#stored > directLimits.window + FRAME_BYTES;
    if (known < 0 || fromByte + piece.length > this.sizeBytes || isTooFar)
      return this.#host.failed('protocol');
    const fresh = known === 0 ? piece : piece.slice(known);
    this.#received += fresh.length;
    this.#hash.update(fresh);
    this.#write(async (store) => {
      await store.write(fresh);
      this.#stored += fresh.length;
      this.#host.stored();
      await this.#close(store);
    });
  }

  /** What the sum has to be. */
  expect(sum: string): void {
    if (this.state.is !== 'moving') return;
    this.#sum = sum;
    this.#write((store) => this.#close(store));
  }

  override end(...why: Parameters<Moving['end']>): void {
    if (isOver(this.state)) return;
    super.end(...why);
    void this.discard();
  }

  /** Nothing of it is kept. */
  async discard(): Promise<void> {
    try {
      await (await this.#store)?.discard();
    } catch {
      // There was no place for it, so there is nothing to clear.
    }
  }

  #write(act: (store: Store) => Promise<void>): void {
    this.#writes = this.#writes.then(async () => {
      if (isOver(this.state) || !this.#store) return;
      try {
        await act(await this.#store);
      } catch {
        this.#host.failed('no-space');
      }
    });
  }

  async #close(store: Store): Promise<void> {
    if (this.#stored < this.sizeBytes || this.#sum === undefined || this.#isClosing) return;
    this.#isClosing = true;
    const found = bytesToHex(this.#hash.digest());
    if (found !== this.#sum) return this.#host.failed('broken');
    const file = await store.finish();
    if (isOver(this.state)) return;
    this.state = { is: 'kept', sha256: found, file };
    this.#host.kept();
  }
}
