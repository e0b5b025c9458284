import { Emitter } from './emitter.ts';
import type { ByteChannel, DirectLine, DirectLineEvents } from './engine.ts';

/**
 * A line to one participant that outlives the engine which carries it: files that move go on over the next one.
 *
 * While there are two, words are heard on both, and everything is sent on the newer one as soon as that is open. Bytes
 * are heard only there: what still comes on the other would be out of order.
 */
export class SteadyLine implements DirectLine {
  readonly #events = new Emitter<DirectLineEvents>();
  readonly on = this.#events.on;
  /** The older one first. */
  readonly #lines: { readonly line: DirectLine; readonly stops: readonly (() => void)[] }[] = [];
  #current: DirectLine | undefined;

  get isOpen(): boolean {
    return this.#current?.isOpen ?? false;
  }

  get bytes(): ByteChannel | undefined {
    return this.#current?.bytes;
  }

  send(message: unknown): boolean {
    return this.#current?.send(message) ?? false;
  }

  /** These carry it from now on, the older one first. */
  carry(lines: readonly DirectLine[]): void {
    const known = this.#lines.map(({ line }) => line);
    for (const { line, stops } of this.#lines) if (!lines.includes(line)) for (const stop of stops) stop();
    const kept = this.#lines.filter(({ line }) => lines.includes(line));
    const fresh = lines.filter((line) => !known.includes(line));
    this.#lines.splice(0, Infinity, ...kept, ...fresh.map((line) => ({ line, stops: this.#follow(line) })));
    this.#choose();
  }

  #follow(line: DirectLine): readonly (() => void)[] {
    return [
      line.on('message', (message) => this.#events.emit('message', message)),
      line.on('bytes', (bytes) => {
        if (line === this.#current) this.#events.emit('bytes', bytes);
      }),
      line.on('open', (isOpen) => {
        if (line !== this.#current) this.#choose();
        else if (isOpen) this.#events.emit('open', true);
        else {
          this.#events.emit('open', false);
          this.#choose();
        }
      }),
    ];
  }

  #choose(): void {
    const open = this.#lines.findLast(({ line }) => line.isOpen) ?? this.#lines.at(-1);
    const next = open?.line;
    if (next === this.#current) return;
    const wasOpen = this.isOpen;
    this.#current = next;
    if (wasOpen) this.#events.emit('open', false);
    if (this.isOpen) this.#events.emit('open', true);
  }
}
