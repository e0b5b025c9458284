import { signal, type Signal } from '@preact/signals';
import type { PeerId } from '../../protocol/signaling.ts';
import type { Bench } from '../../rtc/bench.ts';
import { toRtcError } from '../../rtc/errors.ts';

/** What one participant shows of another one. */
export interface Tile {
  readonly name: string;
  readonly stream?: MediaStream | undefined;
}

/** The tiles of one participant. */
export class Tiles {
  readonly all: Signal<ReadonlyMap<PeerId, Tile>> = signal(new Map());

  set(peer: PeerId, tile: Tile): void {
    this.all.value = new Map(this.all.value).set(peer, tile);
  }

  delete(peer: PeerId): void {
    const rest = new Map(this.all.value);
    rest.delete(peer);
    this.all.value = rest;
  }
}

/** Somebody who is in the room, or on the way into it. */
export interface Guest {
  readonly name: string;
  readonly tiles: Tiles;
  /** Aborted when they leave, or when the run ends. */
  readonly signal: AbortSignal;
}

type Entry = Guest & { readonly end: AbortController };

/** Who may come, in the order of the buttons. */
export const names = ['alice', 'bob', 'carol'] as const;

/** The door of the room: the buttons between the panel and the run. */
export class Door {
  readonly isOpen = signal(false);
  readonly inside: Signal<ReadonlyMap<string, Guest>> = signal(new Map());
  readonly problem = signal('');
  readonly #bench: Bench<never> | Bench;
  readonly #entries = new Map<string, Entry>();
  #participate: ((guest: Guest) => Promise<void>) | undefined;

  constructor(bench: Bench<never> | Bench) {
    this.#bench = bench;
    bench.signal.addEventListener('abort', () => (this.isOpen.value = false));
  }

  open(participate: (guest: Guest) => Promise<void>): void {
    this.#participate = participate;
    this.isOpen.value = true;
  }

  async join(name: string): Promise<void> {
    if (!this.isOpen.value || this.#entries.has(name)) return;
    const end = new AbortController();
    const entry = {
      name,
      tiles: new Tiles(),
      end,
      signal: AbortSignal.any([end.signal, this.#bench.signal]),
    };
    this.#entries.set(name, entry);
    this.#tell();
    this.problem.value = '';
    try {
      await this.#participate?.(entry);
    } catch (error) {
      if (entry.signal.aborted) return;
      this.problem.value = toRtcError(error).message;
      this.leave(name);
    }
  }

  leave(name: string): void {
    this.#entries.get(name)?.end.abort();
    this.#entries.delete(name);
    this.#tell();
  }

  #tell(): void {
    this.inside.value = new Map(this.#entries);
  }
}

const doors = new WeakMap<Bench<never> | Bench, Door>();

/** The door of a run; the same one for the run and for its panel. */
export function doorOf(bench: Bench<never> | Bench): Door {
  const door = doors.get(bench) ?? new Door(bench);
  doors.set(bench, door);
  return door;
}
